import type { FlowLocation, FlowVersion, RegisteredFlow, RegistryBucket } from '../../extension/flow-registry.ts';
import type { FlowRegistryClientNode } from '../../engine/flow-registry-client-node.ts';
import type { PermissionsDto } from './common.ts';

export interface BucketEntity {
  id: string;
  bucket: { id: string; name: string; description?: string };
  permissions: PermissionsDto;
}

/** What a registry lets its client do with a bucket, it says when asked to; who may use the client is a policy of ours. */
export function bucketEntity({ id, name, description }: RegistryBucket): BucketEntity {
  return { id, bucket: { id, name, description }, permissions: { canRead: true, canWrite: true } };
}

export interface VersionedFlowEntity {
  versionedFlow: { registryId: string; branch: string; bucketId: string; flowId: string; flowName: string; description?: string };
}

export function versionedFlowEntity(node: FlowRegistryClientNode, branch: string, bucket: string, { id, name, description }: RegisteredFlow): VersionedFlowEntity {
  return { versionedFlow: { registryId: node.id, branch, bucketId: bucket, flowId: id, flowName: name, description } };
}

export interface SnapshotMetadataEntity {
  registryId: string;
  versionedFlowSnapshotMetadata: {
    branch: string;
    bucketIdentifier: string;
    flowIdentifier: string;
    version: string;
    /** Milliseconds since 1970. */
    timestamp: number;
    author: string;
    comments: string;
    registryIdentifier: string;
    registryName: string;
  };
}

export function snapshotMetadataEntity(
  node: FlowRegistryClientNode,
  { branch, bucket, flow }: FlowLocation,
  { version, timestamp, author, comments }: FlowVersion,
): SnapshotMetadataEntity {
  const where = { branch, bucketIdentifier: bucket, flowIdentifier: flow, registryIdentifier: node.id, registryName: node.name };
  return { registryId: node.id, versionedFlowSnapshotMetadata: { ...where, version, timestamp, author, comments } };
}
