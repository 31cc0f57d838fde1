import type { Json } from '../../../api-client.ts';
import { resourceOf, type Stage, revision } from '../stage.ts';
import { GHOST } from '../walk.ts';
import { walkConfigurable } from './configurable.ts';

/** Makes a component at the controller, of the first type there is. */
async function make(stage: Stage, resource: string, types: string, list: string, component: Json = {}): Promise<Json> {
  const [first] = (await stage.walk.json(types))[list] ?? [];
  const body = { revision: revision(), component: { type: first?.type ?? 'none', bundle: first?.bundle, name: 'walked', ...component } };
  const made = await stage.walk.json(`POST /controller/${resource}`, {}, { body });
  return made.id ? made : { id: GHOST, uri: `http://x/nifi-api/${WHERE[resource]}/${GHOST}`, component: {} };
}

/** Where a component that was made at the controller is found. */
const WHERE: Readonly<Record<string, string>> = {
  'reporting-tasks': 'reporting-tasks',
  'parameter-providers': 'parameter-providers',
  'flow-analysis-rules': 'controller/flow-analysis-rules',
  'registry-clients': 'controller/registry-clients',
};

const firstProperty = ({ component }: Json): string => Object.keys(component?.descriptors ?? {})[0] ?? 'none';

export async function walkReportingTasks(stage: Stage): Promise<void> {
  const { walk } = stage;
  const task = await make(stage, 'reporting-tasks', 'GET /flow/reporting-task-types', 'reportingTaskTypes');
  await stage.edit(task, { name: 'walked task', comments: 'reports', schedulingPeriod: '1 hour', schedulingStrategy: 'TIMER_DRIVEN' });
  await walkConfigurable(stage, task, { resource: 'reporting-tasks', property: firstProperty(task), properties: task.component.properties });
  await walk.call('GET /flow/reporting-tasks');
  const snapshot = await walk.json('GET /flow/reporting-tasks/snapshot', {}, { query: { reportingTaskId: task.id } });
  await walk.call('GET /flow/reporting-tasks/download', {}, { query: { reportingTaskId: task.id } });
  const imported = await walk.json('POST /controller/reporting-tasks/import', {}, { body: { reportingTaskSnapshot: snapshot } });
  for (const state of ['RUNNING', 'STOPPED']) await stage.runStatus(task, state);
  await walk.until('GET /reporting-tasks/{id}', { id: task.id }, ({ component }) => component.state === 'STOPPED' && component.activeThreadCount === 0, 'a stopped task');
  for (const each of [task, ...(imported.reportingTasks ?? [])]) await stage.remove(each);
}

export async function walkParameterProviders(stage: Stage): Promise<void> {
  const { walk } = stage;
  const provider = await make(stage, 'parameter-providers', 'GET /flow/parameter-provider-types', 'parameterProviderTypes', {
    type: 'org.apache.nifi.parameter.EnvironmentVariableParameterProvider',
  });
  const { id } = provider;
  await stage.edit(provider, {
    name: 'walked provider',
    comments: 'provides',
    properties: { 'environment-variable-inclusion-strategy': 'comma-separated', 'include-environment-variables': 'PATH' },
  });
  const bulletins = ['parameter-providers', 'controller/parameter-providers'];
  await walkConfigurable(stage, provider, {
    resource: 'parameter-providers',
    property: firstProperty(provider),
    properties: (await stage.fresh(provider)).component?.properties,
    bulletins,
  });
  await walk.call('GET /flow/parameter-providers');
  const { revision: now } = await stage.fresh(provider);
  const fetched = await walk.json('POST /parameter-providers/{id}/parameters/fetch-requests', { id }, { body: { id, revision: now } });
  const groups: Json[] = fetched.component?.parameterGroupConfigurations ?? [];
  const parameterGroupConfigurations = groups.map((group) => ({
    ...group,
    parameterContextName: `provided ${id}`,
    synchronized: true,
    parameterSensitivities: { PATH: 'NON_SENSITIVE' },
  }));
  const body = { id, revision: fetched.revision ?? revision(), parameterGroupConfigurations };
  const path = '/parameter-providers/{providerId}/apply-parameters-requests/{requestId}';
  const applied = await stage.asynchronous(path, 'requestId', { providerId: id }, body, ({ request }) => request);
  const references = await walk.json('GET /parameter-providers/{id}/references', { id });
  const contexts: Json[] = references.parameterProviderReferencingComponents ?? [];
  walk.expect(contexts.length === 1, `GET ${path}`, `${contexts.length} contexts have the provider after its parameters were applied: ${JSON.stringify(applied.request)}`);
  for (const context of contexts) await stage.remove({ id: context.id, uri: `http://x/nifi-api/parameter-contexts/${context.id}` });
  await stage.remove(provider);
}

export async function walkFlowAnalysis(stage: Stage, groupId: string): Promise<void> {
  const { walk } = stage;
  const resource = 'controller/flow-analysis-rules';
  const rule = await make(stage, 'flow-analysis-rules', 'GET /flow/flow-analysis-rule-types', 'flowAnalysisRuleTypes', {
    type: 'org.apache.nifi.flowanalysis.rules.DisallowComponentType',
  });
  await stage.edit(rule, { name: 'walked rule', enforcementPolicy: 'WARN', properties: { 'component-type': 'LogAttribute' } });
  await walkConfigurable(stage, rule, { resource, property: firstProperty(rule), properties: rule.component.properties });
  await walk.call(`GET /${resource}`);
  for (const state of ['ENABLED', 'DISABLED']) {
    await stage.runStatus(rule, state);
    await walk.call('GET /flow/flow-analysis/results');
    await walk.call('GET /flow/flow-analysis/results/{processGroupId}', { processGroupId: groupId });
  }
  await stage.remove(rule);
}

/** A registry client on a repository of its own; `directory` is made by the caller. */
export async function makeRegistryClient(stage: Stage, properties: Json): Promise<Json> {
  const { walk } = stage;
  const client = await make(stage, 'registry-clients', 'GET /controller/registry-types', 'flowRegistryClientTypes', { properties });
  const resource = 'controller/registry-clients';
  await stage.edit(client, { name: 'walked client', description: 'a registry' });
  await walkConfigurable(stage, client, { resource, property: firstProperty(client), properties: client.component.properties, without: 'state' });
  await walk.call(`GET /${resource}`);
  await walk.call('GET /flow/registries');
  walk.expect(resourceOf(client) === resource, `POST /${resource}`, `the client is found at ${resourceOf(client)}`);
  return client;
}
