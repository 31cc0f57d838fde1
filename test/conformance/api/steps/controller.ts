import type { Json } from '../../../api-client.ts';
import { type Stage, revision } from '../stage.ts';
import type { Scene } from './group.ts';

/** controller, counters, resources, system-diagnostics. */
export async function walkController(stage: Stage): Promise<void> {
  const { walk } = stage;
  const config = await walk.json('GET /controller/config');
  await walk.call('PUT /controller/config', {}, { body: { revision: { ...config.revision, clientId: revision().clientId }, component: { maxTimerDrivenThreadCount: 12 } } });
  const bulletin = { message: 'from the walk', level: 'WARNING', category: 'walk' };
  await walk.call('POST /controller/bulletin', {}, { body: { revision: revision(), bulletin } });
  await walk.call('GET /flow/controller/bulletins');
  await walk.call('GET /controller/status/history');
  await walk.call('GET /controller/cluster');
  for (const method of ['GET', 'PUT', 'DELETE']) await walk.call(`${method} /controller/cluster/nodes/{id}`, {}, method === 'PUT' ? { body: { node: {} } } : {});
  await walkManagementService(stage);
  await walk.call('GET /resources');
  await walk.call('GET /system-diagnostics', {}, { query: { nodewise: false, diagnosticLevel: 'VERBOSE' } });
  await walk.call('GET /system-diagnostics/jmx-metrics', {}, { query: { beanNameFilter: 'java.lang.*' } });
}

async function walkManagementService(stage: Stage): Promise<void> {
  const { walk } = stage;
  const type = 'org.apache.nifi.csv.CSVReader';
  const body = { revision: revision(), component: { type, bundle: stage.bundle(type), name: 'of the controller' } };
  const service = await walk.json('POST /controller/controller-services', {}, { body });
  await walk.call('GET /flow/controller/controller-services');
  await stage.remove(service);
}

export async function walkCounters(stage: Stage, { group }: Scene): Promise<void> {
  const { walk } = stage;
  const counting = await stage.processor(group.id, 'org.apache.nifi.processors.standard.UpdateCounter', {
    properties: { 'Counter Name': 'walked', Delta: '2' },
    autoTerminatedRelationships: ['success'],
  });
  const source = await stage.processor(group.id, 'org.apache.nifi.processors.standard.GenerateFlowFile', { schedulingPeriod: '1 day', properties: { 'File Size': '1 B' } });
  const connection = await stage.connect(source, counting);
  await stage.once(source);
  await stage.once(counting);
  const walked = (json: Json) => json.counters?.aggregateSnapshot.counters.find(({ name }: Json) => name === 'walked');
  const counters = await walk.json('GET /counters', {}, { query: { nodewise: false } });
  walk.expect(walked(counters)?.valueCount === 2, 'GET /counters', 'the counter is not 2');
  const { counter } = await walk.json('PUT /counters/{id}', { id: walked(counters)?.id });
  walk.expect(counter?.valueCount === 0, 'PUT /counters/{id}', 'the counter is not 0');
  await walk.call('PUT /counters');
  for (const each of [connection, source, counting]) await stage.remove(each);
}

/** What was done, as it is remembered. */
export async function walkHistory(stage: Stage, { source }: Scene): Promise<void> {
  const { walk } = stage;
  const { history } = await walk.json('GET /flow/history', {}, { query: { offset: 0, count: 100, sortColumn: 'timestamp', sortOrder: 'desc' } });
  walk.expect(history?.actions?.length > 10, 'GET /flow/history', 'the changes of the walk are missing');
  await walk.call('GET /flow/history', {}, { query: { offset: 0, count: 10, sourceId: source.id, startDate: '01/01/2020 00:00:00 UTC', endDate: '01/01/2100 00:00:00 UTC' } });
  await walk.call('GET /flow/history/{id}', { id: history?.actions?.[0]?.id ?? 0 });
  await walk.call('GET /flow/history/components/{componentId}', { componentId: source.id });
  await walk.call('DELETE /controller/history', {}, { query: { endDate: '01/01/2020 00:00:00 UTC' } });
}
