import { useQuery, useQueryClient } from '@tanstack/react-query';
import { clientId, request } from './client.ts';
import { configurationChanged } from './editing.ts';
import type { RevisionDto } from './shapes.ts';

/** Which version of which flow in a registry a group follows. */
export interface VersionControl {
  readonly groupId: string;
  readonly registryId: string;
  readonly registryName: string;
  readonly branch?: string;
  readonly bucketId: string;
  readonly bucketName: string;
  readonly flowId: string;
  readonly flowName: string;
  readonly version: string;
  readonly state: 'UP_TO_DATE' | 'LOCALLY_MODIFIED' | 'STALE' | 'LOCALLY_MODIFIED_AND_STALE' | 'SYNC_FAILURE';
  readonly stateExplanation: string;
}

export interface VersionControlEntity {
  readonly processGroupRevision: RevisionDto;
  readonly versionControlInformation?: VersionControl;
}

const KEY = 'versions';
const groupPath = (groupId: string): string => `/nifi-api/versions/process-groups/${encodeURIComponent(groupId)}`;

export function useVersionControl(groupId: string) {
  return useQuery({
    queryKey: [KEY, groupId],
    queryFn: ({ signal }) => request<VersionControlEntity>(groupPath(groupId), { signal }),
    refetchInterval: 3000,
  });
}

/** Something in a registry, by its id and its name. */
export interface Named {
  readonly id: string;
  readonly name: string;
}

const list = <T>(key: readonly string[], path: string | undefined, pick: (answer: Record<string, unknown>) => T) => ({
  queryKey: [KEY, ...key],
  queryFn: async ({ signal }: { signal: AbortSignal }) => pick(await request<Record<string, unknown>>(path!, { signal })),
  enabled: path !== undefined,
});

export function useRegistries() {
  return useQuery(
    list(['registries'], '/nifi-api/flow/registries', ({ registries }) =>
      (registries as { id: string; component: { name: string } }[]).map(({ id, component }): Named => ({ id, name: component.name })),
    ),
  );
}

const registryPath = (registryId: string): string => `/nifi-api/flow/registries/${encodeURIComponent(registryId)}`;

export function useBuckets(registryId: string | undefined) {
  const path = registryId && `${registryPath(registryId)}/buckets`;
  return useQuery(
    list(['buckets', registryId ?? ''], path, ({ buckets }) => (buckets as { id: string; bucket: { name: string } }[]).map(({ id, bucket }): Named => ({ id, name: bucket.name }))),
  );
}

/** One stored version of a flow. */
export interface FlowVersion {
  readonly version: string;
  readonly author?: string;
  readonly comments?: string;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
}

/** Versions that a registry has of the flow of a group, newest first. */
export function useFlowVersions({ registryId, bucketId, flowId, branch }: VersionControl) {
  const query = branch ? `?${new URLSearchParams({ branch })}` : '';
  const path = `${registryPath(registryId)}/buckets/${encodeURIComponent(bucketId)}/flows/${encodeURIComponent(flowId)}/versions${query}`;
  return useQuery(
    list(['versions', registryId, flowId], path, ({ versionedFlowSnapshotMetadataSet }) =>
      (versionedFlowSnapshotMetadataSet as { versionedFlowSnapshotMetadata: FlowVersion }[])
        .map((each) => each.versionedFlowSnapshotMetadata)
        .sort((a, b) => b.timestamp - a.timestamp),
    ),
  );
}

export interface ComponentDifference {
  readonly componentId: string;
  readonly componentName?: string;
  readonly componentType: string;
  readonly processGroupId?: string;
  readonly differences: readonly { readonly differenceType: string; readonly difference: string }[];
}

/** What differs between a group and the version that it follows. */
export function useLocalChanges(groupId: string, enabled: boolean) {
  const path = enabled ? `/nifi-api/process-groups/${encodeURIComponent(groupId)}/local-modifications` : undefined;
  return useQuery({ ...list(['changes', groupId], path, ({ componentDifferences }) => componentDifferences as readonly ComponentDifference[]), staleTime: 0 });
}

export interface Saving {
  readonly registryId: string;
  readonly bucketId: string;
  readonly branch?: string;
  readonly flowId?: string;
  readonly flowName?: string;
  readonly description?: string;
  readonly comments?: string;
}

interface ChangeEntity {
  readonly request: { readonly requestId: string; readonly complete: boolean; readonly failureReason?: string };
}

const POLL_MILLIS = 200;

/** What can be done with the version of a group; each on its present revision. */
export function useVersionCommands(groupId: string) {
  const client = useQueryClient();
  const current = async (): Promise<{ processGroupRevision: object; known: VersionControl | undefined }> => {
    const { processGroupRevision, versionControlInformation } = await request<VersionControlEntity>(groupPath(groupId));
    return { processGroupRevision: { version: processGroupRevision.version, clientId }, known: versionControlInformation };
  };
  const settled = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } finally {
      await Promise.all([client.invalidateQueries({ queryKey: [KEY] }), configurationChanged(client)]);
    }
  };
  const change = async (kind: 'update' | 'revert', version?: string): Promise<void> => {
    const { processGroupRevision, known } = await current();
    const body = { processGroupRevision, versionControlInformation: { ...known, version: version ?? known?.version } };
    let { request: made } = await request<ChangeEntity>(`/nifi-api/versions/${kind}-requests/process-groups/${encodeURIComponent(groupId)}`, { method: 'POST', body });
    const own = `/nifi-api/versions/${kind}-requests/${made.requestId}`;
    while (!made.complete) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
      ({ request: made } = await request<ChangeEntity>(own));
    }
    void request(own, { method: 'DELETE' }).catch(() => undefined);
    if (made.failureReason !== undefined) throw new Error(made.failureReason);
  };
  return {
    save: (saving: Saving, force = false) =>
      settled(
        current().then(({ processGroupRevision }) =>
          request(groupPath(groupId), { method: 'POST', body: { processGroupRevision, versionedFlow: { action: force ? 'FORCE_COMMIT' : 'COMMIT', ...saving } } }),
        ),
      ),
    changeVersion: (version: string) => settled(change('update', version)),
    revert: () => settled(change('revert')),
    stop: () =>
      settled(
        request<VersionControlEntity>(groupPath(groupId)).then(({ processGroupRevision }) =>
          request(`${groupPath(groupId)}?version=${processGroupRevision.version}&clientId=${clientId}`, { method: 'DELETE' }),
        ),
      ),
  };
}
