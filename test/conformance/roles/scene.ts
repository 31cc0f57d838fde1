import assert from 'node:assert/strict';
import type { AccessRig } from '../../rest/authorization/access-rig.ts';
import { GENERATE, type Json, revision, until, UPDATE } from '../../rest/rest-rig.ts';

/** What operations are about: ids by what the path says before them, and a few more. */
export type Scene = Readonly<Record<string, string>>;

type Make = (kind: string, component: object) => Promise<Json>;

/** One thing of every kind that a path or a body can name, made by the administrator in a group without policies of its own. `directory`: for a registry. */
export async function buildScene(a: AccessRig, directory: string): Promise<Scene> {
  const context = await a.ok('admin', 'POST', '/parameter-contexts', {
    revision: revision(0),
    component: { name: 'of the table', parameters: [{ parameter: { name: 'where', value: 'here' } }] },
  });
  const { json: group } = await a.create('admin', 'root', 'process-groups', { name: 'table', parameterContext: { id: context.id } });
  const make: Make = async (kind, component) => {
    const answer = await a.create('admin', group.id, kind, component);
    assert.equal(answer.status, 201, answer.text);
    return answer.json;
  };
  const service = (await make('controller-services', { type: 'test.Word' })).id;
  await make('processors', { type: 'test.Speak', config: { properties: { 'Word Service': service } } });
  const made = async (kind: string, component: object): Promise<Scene> => ({ [kind]: (await make(kind, component)).id });
  return {
    'process-groups': group.id,
    'parameter-contexts': context.id,
    'controller-services': service,
    ...(await made('input-ports', { name: 'in' })),
    ...(await made('output-ports', { name: 'out' })),
    ...(await made('funnels', {})),
    ...(await made('labels', { label: 'a label' })),
    assets: await asset(a, context.id),
    ...(await tenants(a)),
    ...(await outside(a, directory)),
    ...(await data(a, make)),
  };
}

async function asset(a: AccessRig, context: string): Promise<string> {
  const { json, text } = await a.send('admin', 'POST', `/parameter-contexts/${context}/assets`, 'one', { Filename: 'list.txt', 'Content-Type': 'application/octet-stream' });
  assert.ok(json?.asset, text);
  return json.asset.id;
}

/** The policy is about something in another group, lest it rule over a whole group here. */
async function tenants(a: AccessRig): Promise<Scene> {
  const user = await a.ok('admin', 'POST', '/tenants/users', { revision: revision(0), component: { identity: 'somebody' } });
  const group = await a.ok('admin', 'POST', '/tenants/user-groups', { revision: revision(0), component: { identity: 'some' } });
  const policy = await a.allow('read', `/processors/${a.secret.id}`, 'admin');
  return { users: user.id, 'user-groups': group.id, policies: policy.id };
}

/** One of each kind that stands outside of all groups. */
async function outside(a: AccessRig, directory: string): Promise<Scene> {
  const make = async (kind: string, type: string, properties: object = {}): Promise<string> =>
    (await a.ok('admin', 'POST', `/controller/${kind}`, { revision: revision(0), component: { type, name: 'ours', properties } })).id;
  const client = await make('registry-clients', 'dev.millrace.git.GitFlowRegistryClient', { Repository: directory, 'Create Repository': 'true' });
  return {
    'reporting-tasks': await make('reporting-tasks', 'test.Task'),
    'parameter-providers': await make('parameter-providers', 'org.apache.nifi.parameter.EnvironmentVariableParameterProvider'),
    'flow-analysis-rules': await make('flow-analysis-rules', 'org.apache.nifi.flowanalysis.rules.DisallowComponentType'),
    'registry-clients': client,
    registries: client,
  };
}

/** A queue between two processors with a FlowFile in it, and what is remembered of that. */
async function data(a: AccessRig, make: Make): Promise<Scene> {
  const source = await make('processors', { type: GENERATE, config: { properties: { 'Custom Text': '#{where}' }, schedulingPeriod: '1 day' } });
  const sink = await make('processors', { type: UPDATE });
  const end = ({ id, component }: Json) => ({ id, groupId: component.parentGroupId, type: 'PROCESSOR' });
  const queue = await make('connections', { source: end(source), destination: end(sink), selectedRelationships: ['success'] });
  assert.equal((await a.runStatus('admin', `/processors/${source.id}`, 'RUN_ONCE')).status, 200);
  const event = async (): Promise<Json> => {
    const body = { provenance: { request: { maxResults: 1, searchTerms: { ProcessorID: { value: source.id, inverse: false } } } } };
    const { provenance } = await a.ok('admin', 'POST', '/provenance', body);
    return (await a.get('admin', `/provenance/${provenance.id}`)).provenance.results?.provenanceEvents[0];
  };
  await until(async () => (await event()) !== undefined);
  const { eventId, flowFileUuid } = await event();
  return { processors: source.id, connections: queue.id, 'provenance-events': String(eventId), flowfiles: flowFileUuid };
}
