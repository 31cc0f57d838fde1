import type { Json } from '../../../api-client.ts';
import type { Stage } from '../stage.ts';
import type { Scene } from './group.ts';

/** flow: the instance, the canvas, status, history, search. */
export async function walkFlow(stage: Stage, scene: Scene): Promise<void> {
  const { walk } = stage;
  for (const name of ['about', 'banners', 'client-id', 'config', 'content-viewers', 'current-user', 'listen-ports', 'status', 'cluster/summary', 'controller/bulletins']) {
    await walk.call(`GET /flow/${name}`);
  }
  await walk.call('GET /flow/cluster/search-results', {}, { query: { q: 'node' } });
  await walkCanvas(stage, scene);
  await walkStatus(stage, scene);
  await walkMetrics(stage);
  const { searchResultsDTO } = await walk.json('GET /flow/search-results', {}, { query: { q: scene.update.id } });
  walk.expect(searchResultsDTO?.processorResults?.length === 1, 'GET /flow/search-results', 'the processor was not found by its id');
  for (const q of ['Inner', 'reader', 'greeting', 'queue', 'Walk', 'in']) await walk.call('GET /flow/search-results', {}, { query: { q } });
  await walk.call('GET /flow/parameter-contexts');
  await walk.call('GET /flow/controller/controller-services', {}, { query: { includeReferencingComponents: true } });
  const board = await walk.json('GET /flow/bulletin-board', {}, { query: { sourceId: scene.log.id, limit: 5, message: '.*', after: 0 } });
  walk.expect(board.bulletinBoard?.bulletins?.length > 0, 'GET /flow/bulletin-board', 'the bulletin of a processor that warned is missing');
}

async function walkCanvas(stage: Stage, { group, log }: Scene): Promise<void> {
  const { walk } = stage;
  for (const uiOnly of [true, false]) {
    for (const id of ['root', group.id]) await walk.call('GET /flow/process-groups/{id}', { id }, { query: { uiOnly } });
  }
  await walk.call('GET /flow/process-groups/{id}/breadcrumbs', { id: group.id });
  for (const state of ['RUNNING', 'STOPPED']) {
    const { revision } = await stage.fresh(log);
    await walk.call('PUT /flow/process-groups/{id}', { id: group.id }, { body: { id: group.id, state, components: { [log.id]: revision } } });
  }
  await walk.until('GET /processors/{id}', { id: log.id }, ({ component }) => component.physicalState === 'STOPPED', 'a stopped processor');
  await walk.call(
    'POST /flow/process-groups/{id}/bulletins/clear-requests',
    { id: group.id },
    { body: { id: group.id, fromTimestamp: '2000-01-01T00:00:00.000Z', components: [log.id] } },
  );
}

async function walkStatus(stage: Stage, { group, inner, source, queue, input, output }: Scene): Promise<void> {
  const { walk } = stage;
  const kinds = { processors: source, connections: queue, 'process-groups': group } as Record<string, Json>;
  for (const [kind, { id }] of Object.entries({ ...kinds, 'input-ports': input, 'output-ports': output })) await walk.call(`GET /flow/${kind}/{id}/status`, { id });
  for (const [kind, { id }] of Object.entries(kinds)) await walk.call(`GET /flow/${kind}/{id}/status/history`, { id });
  await walk.call('GET /flow/process-groups/{id}/status', { id: inner.id }, { query: { recursive: true } });
  await walk.call('GET /flow/connections/{id}/statistics', { id: queue.id });
}

async function walkMetrics(stage: Stage): Promise<void> {
  const { walk } = stage;
  const key = 'GET /flow/metrics/{producer}';
  const prometheus = await walk.call(key, { producer: 'prometheus' });
  walk.expect(/^# HELP nifi_/m.test(prometheus.text), key, 'no metrics in the format of Prometheus');
  const { samples } = await walk.json(key, { producer: 'json' }, { query: { rootFieldName: 'samples', sampleName: '.*flow.*' } });
  walk.expect(samples?.length > 0, key, 'no metrics as JSON');
}

/** The catalogue of types and what is said of each. */
export async function walkTypes(stage: Stage): Promise<void> {
  const { walk } = stage;
  const at = (list: Json[] | undefined, type?: string) => {
    const found = list?.find((each) => !type || each.type === type) ?? { type: 'none', bundle: {} };
    return { ...found.bundle, type: found.type };
  };
  await walk.call('GET /flow/prioritizers');
  await walk.call('GET /flow/runtime-manifest');
  const { processorTypes } = await walk.json('GET /flow/processor-types', {}, { query: { bundleGroupFilter: 'org.apache.nifi' } });
  for (const type of processorTypes ?? []) await walk.call('GET /flow/processor-definition/{group}/{artifact}/{version}/{type}', { ...type.bundle, type: type.type });
  const detailed = (await walk.json('GET /flow/processor-types')).processorTypes?.find(({ type }: Json) => type === 'dev.millrace.records.MapRecord');
  await walk.call('GET /flow/additional-details/{group}/{artifact}/{version}/{type}', { ...detailed?.bundle, type: detailed?.type });
  const { controllerServiceTypes } = await walk.json('GET /flow/controller-service-types');
  for (const type of controllerServiceTypes ?? [])
    await walk.call('GET /flow/controller-service-definition/{group}/{artifact}/{version}/{type}', { ...type.bundle, type: type.type });
  const others = [
    ['GET /flow/reporting-task-types', 'reportingTaskTypes', 'reporting-task'],
    ['GET /flow/parameter-provider-types', 'parameterProviderTypes', 'parameter-provider'],
    ['GET /flow/flow-analysis-rule-types', 'flowAnalysisRuleTypes', 'flow-analysis-rule'],
    ['GET /controller/registry-types', 'flowRegistryClientTypes', 'flow-registry-client'],
  ] as const;
  for (const [key, list, kind] of others) {
    await walk.call(`GET /flow/${kind}-definition/{group}/{artifact}/{version}/{type}`, at((await walk.json(key))[list]));
  }
}
