import type { StateScope } from '../../extension/component.ts';
import type { ConfiguredComponent } from '../../engine/configured-component.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import type { StateVersion } from '../../engine/repositories.ts';

export interface StateEntryDto {
  key: string;
  value: string;
}

export interface StateMapDto {
  scope: 'LOCAL' | 'CLUSTER';
  totalEntryCount: number;
  state: StateEntryDto[];
}

export interface ComponentStateDto {
  componentId: string;
  stateDescription?: string;
  localState: StateMapDto;
  clusterState: StateMapDto;
  dropStateKeySupported: boolean;
}

/** Ours: one version of a component's state. */
export interface StateVersionDto {
  version: number;
  timestamp: string;
  entries: StateEntryDto[];
}

export const SCOPES = { local: 'LOCAL', cluster: 'CLUSTER' } as const;

const entriesOf = ({ entries }: StateVersion): StateEntryDto[] => [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, value]) => ({ key, value }));

function stateMap(scope: StateScope, version: StateVersion): StateMapDto {
  return { scope: SCOPES[scope], totalEntryCount: version.entries.size, state: entriesOf(version) };
}

/** What a component remembers. */
export function componentStateDto({ id, definition, runtime }: ProcessorNode | ConfiguredComponent): ComponentStateDto {
  const state = (scope: StateScope) => stateMap(scope, runtime.journal.state(id, scope));
  return { componentId: id, stateDescription: definition?.stateful?.description, localState: state('local'), clusterState: state('cluster'), dropStateKeySupported: false };
}

export function stateVersionDto(version: StateVersion): StateVersionDto {
  return { version: version.version, timestamp: new Date(version.at).toISOString(), entries: entriesOf(version) };
}
