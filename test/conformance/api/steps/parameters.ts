import type { Json } from '../../../api-client.ts';
import { type Stage, revision } from '../stage.ts';
import type { Scene } from './group.ts';

const CONTEXT = '/parameter-contexts/{contextId}';

/** parameter-contexts: inheritance, updates, validation, assets. */
export async function walkContexts(stage: Stage, { context, source }: Scene): Promise<void> {
  const { walk } = stage;
  const { id } = context;
  const heir = await walk.json('POST /parameter-contexts', {}, { body: { revision: revision(), component: { name: `heir ${id}`, inheritedParameterContexts: [{ id }] } } });
  const inherited = await walk.json('GET /parameter-contexts/{id}', { id: heir.id }, { query: { includeInheritedParameters: true } });
  walk.expect(inherited.component?.parameters?.length === 2, 'GET /parameter-contexts/{id}', 'inherited parameters are missing');
  const asset = await walkAssets(stage, id);
  await update(stage, id, { name: 'file', sensitive: false, referencedAssets: [{ id: asset?.id, name: asset?.name }] });
  const { component } = await walk.json('GET /parameter-contexts/{id}', { id });
  const users = component?.parameters?.find(({ parameter }: Json) => parameter.name === 'greeting')?.parameter.referencingComponents;
  walk.expect(
    users?.some((user: Json) => user.id === source.id),
    'GET /parameter-contexts/{id}',
    'the processor that refers to a parameter is missing',
  );
  await update(stage, id, { name: 'file', sensitive: false, value: 'none', referencedAssets: [] });
  await walk.call(`DELETE ${CONTEXT}/assets/{assetId}`, { contextId: id, assetId: asset?.id });
  const request = { parameterContext: { id, parameters: [{ parameter: { name: 'greeting', value: 'hi', sensitive: false } }] } };
  const parameters = { contextId: id };
  const path = `${CONTEXT}/validation-requests/{id}`;
  const { request: made } = await walk.json(`POST ${CONTEXT}/validation-requests`, parameters, { body: { request } });
  const at = { contextId: id, id: made?.requestId };
  await walk.until(`GET ${path}`, at, (json) => json.request.complete, 'the end of a validation');
  await walk.call(`DELETE ${path}`, at);
  const now = await walk.json('GET /parameter-contexts/{id}', { id: heir.id });
  await walk.call('PUT /parameter-contexts/{id}', { id: heir.id }, { body: { revision: now.revision, component: { id: heir.id, name: `changed ${id}`, description: 'an heir' } } });
  await stage.remove(heir);
}

async function walkAssets(stage: Stage, contextId: string): Promise<Json> {
  const { walk } = stage;
  const headers = { Filename: 'list.txt', 'Content-Type': 'application/octet-stream' };
  const { asset } = await walk.json(`POST ${CONTEXT}/assets`, { contextId }, { body: new TextEncoder().encode('one'), headers });
  const { assets } = await walk.json(`GET ${CONTEXT}/assets`, { contextId });
  walk.expect(assets?.length === 1 && assets[0].asset.name === 'list.txt', `GET ${CONTEXT}/assets`, 'the uploaded asset is missing');
  const content = await walk.call(`GET ${CONTEXT}/assets/{assetId}`, { contextId, assetId: asset?.id });
  walk.expect(content.text === 'one', `GET ${CONTEXT}/assets/{assetId}`, 'the content differs');
  return asset;
}

async function update(stage: Stage, id: string, parameter: Json): Promise<void> {
  const { revision: now } = await stage.walk.json('GET /parameter-contexts/{id}', { id });
  const body = { id, revision: now, component: { id, parameters: [{ parameter }] } };
  await stage.asynchronous(`${CONTEXT}/update-requests/{requestId}`, 'requestId', { contextId: id }, body, ({ request }) => request);
}
