import type { Json } from '../../../api-client.ts';
import { type Stage, revision } from '../stage.ts';
import { CLIENT } from '../walk.ts';
import type { Scene } from './group.ts';

const LISTS = ['processors', 'input-ports', 'output-ports', 'funnels', 'labels', 'connections', 'process-groups', 'remote-process-groups'] as const;

/** process-groups and snippets: lists, clipboard, definitions, replacement. */
export async function walkGroups(stage: Stage, scene: Scene): Promise<void> {
  const { walk } = stage;
  const { group, inner } = scene;
  await walk.call('GET /process-groups/{id}', { id: 'root' });
  for (const kind of LISTS) for (const { id } of [group, inner]) await walk.call(`GET /process-groups/{id}/${kind}`, { id });
  await walk.call('GET /process-groups/{id}/processors', { id: group.id }, { query: { includeDescendantGroups: true } });
  await stage.edit(group, { name: 'Walked', comments: 'all of it', defaultFlowFileExpiration: '1 hour', flowfileConcurrency: 'UNBOUNDED', executionEngine: 'INHERITED' });
  const target = await stage.create('root', 'process-groups', { name: 'Target' });
  await clipboard(stage, scene, target);
  await snippets(stage, scene, target);
  await definitions(stage, scene, target);
  await walk.call('PUT /flow/process-groups/{id}', { id: target.id }, { body: { id: target.id, state: 'DISABLED' } });
  await stage.remove(target);
}

async function clipboard(stage: Stage, { group, source, update, label, funnel }: Scene, target: Json): Promise<void> {
  const { walk } = stage;
  const copied = await walk.json('POST /process-groups/{id}/copy', { id: group.id }, { body: { processors: [source.id, update.id], labels: [label.id], funnels: [funnel.id] } });
  const { revision: now } = await stage.fresh(target);
  const pasted = await walk.json('PUT /process-groups/{id}/paste', { id: target.id }, { body: { copyResponse: copied, revision: now } });
  walk.expect(pasted.flow?.processors?.length === 2, 'PUT /process-groups/{id}/paste', 'two processors were copied');
}

async function snippet(stage: Stage, parentGroupId: string, members: Record<string, Record<string, Json>>): Promise<Json> {
  return (await stage.walk.json('POST /snippets', {}, { body: { snippet: { parentGroupId, ...members } } })).snippet;
}

async function snippets(stage: Stage, { group, label }: Scene, target: Json): Promise<void> {
  const { walk } = stage;
  const labels = { [label.id]: (await stage.fresh(label)).revision };
  const copied = await snippet(stage, group.id, { labels });
  await walk.call('POST /process-groups/{id}/snippet-instance', { id: target.id }, { body: { snippetId: copied?.id, originX: 10, originY: 20 } });
  const made = await stage.create(target.id, 'labels', { label: 'moves' });
  const moved = await snippet(stage, target.id, { labels: { [made.id]: made.revision } });
  await walk.call('PUT /snippets/{id}', { id: moved?.id }, { body: { snippet: { id: moved?.id, parentGroupId: group.id } } });
  const { component } = await stage.fresh(made);
  walk.expect(component?.parentGroupId === group.id, 'PUT /snippets/{id}', 'the label was not moved');
  const doomed = await snippet(stage, group.id, { labels: { [made.id]: (await stage.fresh(made)).revision } });
  await walk.call('DELETE /snippets/{id}', { id: doomed?.id });
  await walk.call('GET /labels/{id}', { id: made.id }, { status: 404 });
}

async function definitions(stage: Stage, { group }: Scene, target: Json): Promise<void> {
  const { walk } = stage;
  const definition = await walk.json('GET /process-groups/{id}/download', { id: group.id }, { query: { includeReferencedServices: true } });
  const form = new FormData();
  form.set('groupName', 'uploaded');
  form.set('positionX', '1');
  form.set('positionY', '2');
  form.set('clientId', CLIENT);
  form.set('disconnectedNodeAcknowledged', 'false');
  form.set('file', new Blob([JSON.stringify(definition)], { type: 'application/json' }), 'flow.json');
  const uploaded = await walk.json('POST /process-groups/{id}/process-groups/upload', { id: target.id }, { body: form });
  await stage.remove(uploaded);
  const body = { groupName: 'imported', positionDTO: { x: 0, y: 0 }, revisionDTO: revision(), flowSnapshot: definition };
  const imported = await walk.json('POST /process-groups/{id}/process-groups/import', { id: target.id }, { body });
  const contents = async () => ({ processGroupRevision: (await stage.fresh(imported)).revision, versionedFlowSnapshot: definition });
  const [start, poll] = ['POST /process-groups/{id}/replace-requests', '/process-groups/replace-requests/{id}'];
  const { request } = await walk.json(start, { id: imported.id }, { body: await contents() });
  const done = await walk.until(`GET ${poll}`, { id: request?.requestId }, (json) => json.request.complete, 'the end of a replacement');
  walk.expect(!done.request?.failureReason, start, `the replacement failed: ${done.request?.failureReason}`);
  await walk.call(`DELETE ${poll}`, { id: request?.requestId });
  await walk.call('PUT /process-groups/{id}/flow-contents', { id: imported.id }, { body: await contents() });
  await stage.remove(imported);
}
