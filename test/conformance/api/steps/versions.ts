import type { Json } from '../../../api-client.ts';
import type { Stage } from '../stage.ts';
import { CLIENT, GHOST } from '../walk.ts';
import { makeRegistryClient } from './extensions.ts';

const FLOW = '/flow/registries/{registry-id}/buckets/{bucket-id}/flows';
const DIFF =
  '/flow/registries/{registry-id}/branches/{branch-id-a}/buckets/{bucket-id-a}/flows/{flow-id-a}/{version-a}/diff/branches/{branch-id-b}/buckets/{bucket-id-b}/flows/{flow-id-b}/{version-b}';

/** versions and flow/registries: two versions of a group in a registry, a local change, back and forth. */
export async function walkVersions(stage: Stage, properties: Json): Promise<void> {
  const { walk } = stage;
  const client = await makeRegistryClient(stage, properties);
  const group = await stage.create('root', 'process-groups', { name: 'Versioned' });
  const label = await stage.create(group.id, 'labels', { label: 'first' });
  const { branches } = await walk.json('GET /flow/registries/{id}/branches', { id: client.id });
  const branch = branches?.[0]?.branch?.name ?? 'main';
  const { buckets } = await walk.json('GET /flow/registries/{id}/buckets', { id: client.id }, { query: { branch } });
  const bucketId = buckets?.[0]?.id ?? buckets?.[0]?.bucket?.id ?? 'default';
  const first = await save(stage, group.id, { registryId: client.id, branch, bucketId, flowName: 'walked', comments: 'one', action: 'COMMIT' });
  await stage.edit(label, { label: 'second' });
  const changed = await walk.json('GET /process-groups/{id}/local-modifications', { id: group.id });
  walk.expect(changed.componentDifferences?.length === 1, 'GET /process-groups/{id}/local-modifications', 'one label was changed');
  const second = await save(stage, group.id, { registryId: client.id, branch, bucketId, flowId: first?.flowId, flowName: 'walked', comments: 'two', action: 'COMMIT' });
  await walkRegistry(stage, { client, branch, bucketId, flowId: first?.flowId ?? GHOST, versions: [first?.version, second?.version] });
  await walk.call('GET /versions/process-groups/{id}/download', { id: group.id });
  await changeVersion(stage, group.id, 'update', { ...second, version: first?.version });
  await stage.edit(label, { label: 'third' });
  await changeVersion(stage, group.id, 'revert', (await walk.json('GET /versions/process-groups/{id}', { id: group.id })).versionControlInformation);
  const { component } = await stage.fresh(label);
  walk.expect(component?.label === 'first', 'POST /versions/revert-requests/process-groups/{id}', `the label is ${component?.label} instead of first`);
  await walkActiveRequest(stage, group.id);
  const { processGroupRevision } = await walk.json('GET /versions/process-groups/{id}', { id: group.id });
  await walk.call('DELETE /versions/process-groups/{id}', { id: group.id }, { query: { version: processGroupRevision?.version ?? 0, clientId: CLIENT } });
  await stage.remove(group);
  await stage.remove(client);
}

async function save(stage: Stage, id: string, versionedFlow: Json): Promise<Json> {
  const processGroupRevision = (await stage.walk.json('GET /process-groups/{id}', { id })).revision;
  const saved = await stage.walk.json('POST /versions/process-groups/{id}', { id }, { body: { processGroupRevision, versionedFlow } });
  return saved.versionControlInformation;
}

interface Saved {
  readonly client: Json;
  readonly branch: string;
  readonly bucketId: string;
  readonly flowId: string;
  readonly versions: readonly (string | undefined)[];
}

async function walkRegistry(stage: Stage, { client, branch, bucketId, flowId, versions }: Saved): Promise<void> {
  const { walk } = stage;
  const at = { 'registry-id': client.id, 'bucket-id': bucketId, 'flow-id': flowId };
  await walk.call(`GET ${FLOW}`, at, { query: { branch } });
  await walk.call(`GET ${FLOW}/{flow-id}/details`, at, { query: { branch } });
  const listed = await walk.json(`GET ${FLOW}/{flow-id}/versions`, at, { query: { branch } });
  walk.expect(listed.versionedFlowSnapshotMetadataSet?.length === 2, `GET ${FLOW}/{flow-id}/versions`, 'two versions were saved');
  const [a, b] = versions;
  const side = (name: string, version: string | undefined) => ({
    [`branch-id-${name}`]: branch,
    [`bucket-id-${name}`]: bucketId,
    [`flow-id-${name}`]: flowId,
    [`version-${name}`]: version ?? '1',
  });
  const diff = await walk.json(`GET ${DIFF}`, { 'registry-id': client.id, ...side('a', a), ...side('b', b) }, { query: { offset: 0, limit: 10 } });
  walk.expect(diff.componentDifferences?.length === 1, `GET ${DIFF}`, 'the versions differ in one label');
}

async function changeVersion(stage: Stage, id: string, kind: 'update' | 'revert', versionControlInformation: Json): Promise<void> {
  const { walk } = stage;
  const { processGroupRevision } = await walk.json('GET /versions/process-groups/{id}', { id });
  const body = { processGroupRevision, versionControlInformation: { ...versionControlInformation, groupId: id } };
  const [start, poll] = [`POST /versions/${kind}-requests/process-groups/{id}`, `/versions/${kind}-requests/{id}`];
  const { request } = await walk.json(start, { id }, { body });
  const at = { id: request?.requestId ?? GHOST };
  const done = await walk.until(`GET ${poll}`, at, (json) => json.request.complete, 'the end of the request');
  walk.expect(!done.request?.failureReason, start, `the request failed: ${done.request?.failureReason}`);
  await walk.call(`DELETE ${poll}`, at);
}

/** What NiFi's cluster nodes say to each other; a client may call it all the same. */
async function walkActiveRequest(stage: Stage, id: string): Promise<void> {
  const { walk } = stage;
  const made = await walk.call('POST /versions/active-requests', {}, { body: { processGroupId: id } });
  const { processGroupRevision, versionControlInformation } = await walk.json('GET /versions/process-groups/{id}', { id });
  const requestId = made.status === 200 ? made.text : GHOST;
  const body = { processGroupRevision, versionControlInformation, versionControlComponentMapping: {} };
  await walk.call('PUT /versions/active-requests/{id}', { id: requestId }, { body });
  await walk.call('DELETE /versions/active-requests/{id}', { id: requestId });
  const versionedFlowSnapshot = await walk.json('GET /versions/process-groups/{id}/download', { id });
  const now = (await walk.json('GET /process-groups/{id}', { id })).revision;
  const replacement = {
    ...versionedFlowSnapshot,
    snapshotMetadata: { ...versionControlInformation, bucketIdentifier: versionControlInformation?.bucketId, flowIdentifier: versionControlInformation?.flowId },
  };
  await walk.call(
    'PUT /versions/process-groups/{id}',
    { id },
    { body: { processGroupRevision: now, versionedFlowSnapshot: replacement, registryId: versionControlInformation?.registryId } },
  );
}
