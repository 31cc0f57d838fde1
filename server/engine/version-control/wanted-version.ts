import type { FlowLocation, FlowRegistry } from '../../extension/flow-registry.ts';
import { InvalidRequestError } from '../errors.ts';
import type { FlowRegistryClientNode } from '../flow-registry-client-node.ts';
import type { VersionCoordinates } from './version-control.ts';

/** What is to be saved where. */
export interface SaveAsVersion {
  readonly registryId: string;
  readonly branch?: string;
  readonly bucketId: string;
  /** Of a flow that is there; else one is made from the name. */
  readonly flowId?: string;
  readonly flowName?: string;
  readonly description?: string;
  readonly comments: string;
  /** Even though a later version is there. */
  readonly force: boolean;
}

/** A version in a registry. */
export interface WantedVersion {
  readonly registryId: string;
  readonly branch?: string;
  readonly bucketId: string;
  readonly flowId: string;
  readonly version: string;
}

/** Where a flow is kept, as seen from here. */
export function coordinatesOf(client: FlowRegistryClientNode, registry: FlowRegistry, { branch, bucket, flow }: FlowLocation): Omit<VersionCoordinates, 'version'> {
  return { registryId: client.id, storageLocation: registry.storageLocation, branch, bucketId: bucket, flowId: flow };
}

/** A flow's identifier made from its name as NiFi's git clients make it. */
export function flowIdFor(name: string): string {
  const id = name
    .trim()
    .replaceAll(/\s/g, '-')
    .replaceAll(/[^a-zA-Z0-9-]/g, '')
    .replaceAll(/-+/g, '-');
  if (id === '') throw new InvalidRequestError(`'${name}' cannot be the name of a flow: its identifier is made of its letters and digits. Choose another name.`);
  return id;
}
