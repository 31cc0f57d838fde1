import assert from 'node:assert/strict';
import type { AccessRig } from '../../rest/authorization/access-rig.ts';
import { type Json, revision } from '../../rest/rest-rig.ts';
import type { Scene } from './scene.ts';

type Bodies = Readonly<Record<string, (scene: Scene, a: AccessRig) => unknown>>;

const CONFIGURED: Readonly<Record<string, string>> = {
  processors: 'processors',
  'controller-services': 'controller-services',
  'reporting-tasks': 'reporting-tasks',
  'parameter-providers': 'parameter-providers',
  'controller/flow-analysis-rules': 'flow-analysis-rules',
  'controller/registry-clients': 'registry-clients',
};

/** To try other properties than the present ones is more than to look at them. */
const trial = (componentId: string) => ({ request: { componentId, properties: { other: 'x' }, attributes: {} } });

const TRIALS: Bodies = Object.fromEntries(Object.entries(CONFIGURED).map(([path, kind]) => [`/${path}/{}/config/verification-requests`, (scene) => trial(scene[kind]!)]));

const one = (id: string | undefined) => ({ components: { [id!]: { version: 999 } } });
const processor = ({ processors: id }: Scene) => ({ processors: { [id!]: { version: 0 } } });

/** Bodies where what the request is about is in the body; the others are empty, and refused as such to who may. By shape. */
export const BODIES: Bodies = {
  'PUT /flow/process-groups/{}': ({ processors }) => one(processors),
  'PUT /flow/process-groups/{}/controller-services': (scene) => one(scene['controller-services']),
  'PUT /controller-services/{}/references': () => ({ state: 'STOPPED' }),
  'POST /process-groups/{}/copy': ({ processors }) => ({ processors: [processors] }),
  'POST /processors/run-status-details/queries': ({ processors }) => ({ processorIds: [processors] }),
  'POST /snippets': (scene) => ({ snippet: { parentGroupId: scene['process-groups'], ...processor(scene) } }),
  'POST /process-groups/{}/snippet-instance': ({ snippets }) => ({ snippetId: snippets }),
  'POST /policies': (scene) => ({ component: { resource: `/processors/${scene.processors}`, action: 'none' } }),
  'POST /versions/active-requests': (scene) => ({ processGroupId: scene['process-groups'] }),
  'POST /provenance-events/replays': (scene) => ({ eventId: Number(scene['provenance-events']) }),
  'POST /provenance-events/latest/replays': ({ processors }) => ({ componentId: processors }),
  'POST /api/restorations': ({ removed }) => ({ components: [removed] }),
  ...Object.fromEntries(Object.entries(TRIALS).map(([path, body]) => [`POST ${path}`, body])),
};

/** How the administrator makes the requests that are theirs alone, by the path they are made at. */
const STARTED: Bodies = {
  ...TRIALS,
  '/parameter-contexts/{}/update-requests': async (scene, a) => {
    const { id, revision: now } = await a.get('admin', `/parameter-contexts/${scene['parameter-contexts']}`);
    return { id, revision: now, component: { id, parameters: [] } };
  },
  '/parameter-contexts/{}/validation-requests': (scene) => ({ request: { parameterContext: { id: scene['parameter-contexts'], parameters: [] } } }),
  '/parameter-providers/{}/apply-parameters-requests': async (scene, a) => {
    const id = scene['parameter-providers'];
    return { id, revision: (await a.get('admin', `/parameter-providers/${id}`)).revision, parameterGroupConfigurations: [] };
  },
  '/process-groups/replace-requests': replacement,
  '/versions/update-requests': versioned,
  '/versions/revert-requests': versioned,
  '/versions/active-requests': (scene) => ({ processGroupId: scene['process-groups'] }),
  '/process-groups/{}/empty-all-connections-requests': () => ({}),
  '/flowfile-queues/{}/drop-requests': () => ({}),
  '/flowfile-queues/{}/listing-requests': () => ({}),
  '/provenance': () => ({ provenance: { request: { maxResults: 1 } } }),
  '/provenance/lineage': (scene) => ({ lineage: { request: { lineageRequestType: 'FLOWFILE', uuid: scene.flowfiles } } }),
};

async function replacement(scene: Scene, a: AccessRig): Promise<Json> {
  const id = scene.versioned;
  const versionedFlowSnapshot = await a.get('admin', `/process-groups/${id}/download`);
  return { processGroupRevision: (await a.get('admin', `/process-groups/${id}`)).revision, versionedFlowSnapshot };
}

async function versioned(scene: Scene, a: AccessRig): Promise<Json> {
  const { processGroupRevision, versionControlInformation } = await a.get('admin', `/versions/process-groups/${scene.versioned}`);
  return { processGroupRevision, versionControlInformation };
}

/** Where a request is made whose result is asked for elsewhere. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  '/process-groups/replace-requests': '/process-groups/{}/replace-requests',
  '/versions/update-requests': '/versions/update-requests/process-groups/{}',
  '/versions/revert-requests': '/versions/revert-requests/process-groups/{}',
};

/** The id of a request that the administrator makes; `path`: what comes before that id; `fill` puts ids into a path. */
export async function submit(a: AccessRig, scene: Scene, path: string, fill: (path: string) => string): Promise<string> {
  const body = STARTED[path];
  assert.ok(body, `nothing says how a request is made at ${path}`);
  const elsewhere = ELSEWHERE[path]?.replace('{}', scene.versioned!);
  const { status, json, text } = await a.send('admin', 'POST', elsewhere ?? fill(path), await body(scene, a));
  assert.ok(status < 300, `${path}: ${status} ${text}`);
  const made = json?.request ?? json?.dropRequest ?? json?.listingRequest ?? json?.provenance ?? json?.lineage;
  return made?.requestId ?? made?.id ?? text;
}

/** A label of its own in a snippet, for whoever moves or removes it. */
export async function snippet(a: AccessRig, scene: Scene): Promise<string> {
  const parentGroupId = scene['process-groups']!;
  const { json: label } = await a.create('admin', parentGroupId, 'labels', { label: 'in a snippet' });
  const body = { snippet: { parentGroupId, labels: { [label.id]: label.revision } } };
  return (await a.ok('admin', 'POST', '/snippets', body)).snippet.id;
}

/** A label that can be brought back. */
export async function removedLabel(a: AccessRig, scene: Scene): Promise<string> {
  const { json: label } = await a.create('admin', scene['process-groups']!, 'labels', { label: 'removed' });
  const { status, text } = await a.remove('admin', `/labels/${label.id}`);
  assert.equal(status, 200, text);
  return label.id;
}

/** A group that is under version control, whose requests to change its version are asked for. */
export async function versionedGroup(a: AccessRig, scene: Scene): Promise<string> {
  const { json: group } = await a.create('admin', 'root', 'process-groups', { name: 'versioned' });
  const registryId = scene.registries;
  const { buckets } = await a.get('admin', `/flow/registries/${registryId}/buckets?branch=main`);
  const versionedFlow = { registryId, branch: 'main', bucketId: buckets?.[0]?.id ?? 'default', flowName: 'ours', comments: 'one', action: 'COMMIT' };
  await a.ok('admin', 'POST', `/versions/process-groups/${group.id}`, { processGroupRevision: group.revision ?? revision(0), versionedFlow });
  return group.id;
}
