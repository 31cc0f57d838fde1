import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { test } from 'node:test';
import { freePort } from '../bench/server.ts';
import { type Json, RestRig, revision, until } from './rest-rig.ts';

const DISK = 'org.apache.nifi.controller.MonitorDiskUsage';
const MEMORY = 'org.apache.nifi.controller.MonitorMemory';
const STATUS = 'org.apache.nifi.controller.ControllerStatusReportingTask';
const PROMETHEUS = 'dev.millrace.monitoring.PrometheusReportingTask';

const create = (rig: RestRig, type: string, component: object = {}): Promise<Json> =>
  rig.ok('POST', '/controller/reporting-tasks', { revision: revision(0), component: { type, schedulingPeriod: '1 hour', ...component } });

/** What a browser is answered that a page has led to the port under a name. */
async function statusFor(port: number, host: string): Promise<number | undefined> {
  const [response] = (await once(get({ port, host: '127.0.0.1', path: '/metrics', headers: { host } }), 'response')) as [IncomingMessage];
  response.resume();
  return response.statusCode;
}

const bulletins = async (rig: RestRig, task: Json): Promise<string[]> => (await rig.fresh(task)).bulletins.map(({ bulletin }: Json) => bulletin.message);

test('a disk monitor is made, started, warns, is stopped, edited and removed', () =>
  RestRig.with(async (rig) => {
    const task = await create(rig, DISK, { name: 'disk', properties: { 'Directory Location': '/', Threshold: '0%', 'Directory Display Name': 'the root' } });
    const { state, schedulingStrategy, schedulingPeriod, validationStatus } = task.component;
    assert.deepEqual(
      { state, schedulingStrategy, schedulingPeriod, validationStatus },
      { state: 'STOPPED', schedulingStrategy: 'TIMER_DRIVEN', schedulingPeriod: '1 hour', validationStatus: 'VALID' },
    );
    const started = await rig.runStatus(task, 'RUNNING');
    assert.deepEqual([started.status, started.json.status.runStatus], [200, 'RUNNING']);
    await until(async () => (await bulletins(rig, task)).length > 0);
    assert.match((await bulletins(rig, task))[0]!, /^the root \(\/\) is over its threshold of 0%: .* are used, .* are free/);
    assert.equal((await rig.get('/flow/controller/bulletins')).reportingTaskBulletins.length, 1);
    const refused = await rig.edit(task, { name: 'other' });
    assert.deepEqual([refused.status, refused.text], [409, `Cannot modify reporting task disk (${task.id}) because it is running. Stop it first.`]);
    assert.equal((await rig.remove(task)).status, 409);
    assert.equal((await rig.send('POST', `/reporting-tasks/${task.id}/state/clear-requests`)).status, 409);
    await rig.runStatus(task, 'STOPPED');
    const edited = await rig.edit(task, { schedulingStrategy: 'CRON_DRIVEN', state: 'RUNNING' });
    assert.deepEqual([edited.json.component.schedulingPeriod, edited.json.component.state], ['* * * * * ?', 'RUNNING']);
    await rig.runStatus(task, 'STOPPED');
    await until(async () => (await rig.fresh(task)).component.activeThreadCount === 0);
    assert.equal((await rig.send('POST', `/reporting-tasks/${task.id}/state/clear-requests`)).status, 200);
    assert.equal((await rig.get('/flow/reporting-tasks')).reportingTasks.length, 1);
    assert.equal((await rig.remove(task)).status, 200);
    assert.equal((await rig.get('/flow/reporting-tasks')).reportingTasks.length, 0);
    const { actions } = (await rig.get('/flow/history?offset=0&count=100&sortOrder=asc')).history;
    assert.deepEqual(new Set(actions.map(({ action }: Json) => action.operation)), new Set(['Add', 'Start', 'Stop', 'Configure', 'Remove']));
  }));

test('what is not valid does not start, and says why', () =>
  RestRig.with(async (rig) => {
    const task = await create(rig, DISK);
    assert.deepEqual(task.component.validationErrors, ["'Directory Location' is invalid because Directory Location is required"]);
    const answer = await rig.runStatus(task, 'RUNNING');
    assert.deepEqual([answer.status, /not valid: 'Directory Location'/.test(answer.text)], [409, true]);
    assert.equal((await rig.edit(task, { properties: { 'Directory Location': '/', Threshold: '180%' } })).json.component.validationStatus, 'INVALID');
    assert.equal((await rig.edit(task, { schedulingPeriod: 'now and then' })).status, 400);
    assert.equal((await rig.send('PUT', `/reporting-tasks/${task.id}/run-status`, { revision: revision(3), state: 'RUN_ONCE' })).status, 400);
    await rig.edit(task, { properties: { 'Directory Location': '/nowhere/at/all', Threshold: '80%' } });
    await rig.runStatus(task, 'RUNNING');
    await until(async () => (await bulletins(rig, task)).some((message) => /^Failed to report: .*\/nowhere\/at\/all/.test(message)));
    assert.equal((await rig.fresh(task)).component.state, 'RUNNING');
  }));

test('memory over its threshold is told once an interval, and when it is over', () =>
  RestRig.with(async (rig) => {
    const task = await create(rig, MEMORY, { schedulingPeriod: '5 ms', properties: { 'Usage Threshold': '1 B', 'Reporting Interval': '1 hour' } });
    assert.equal(task.component.validationStatus, 'VALID');
    await rig.runStatus(task, 'RUNNING');
    await until(async () => (await bulletins(rig, task)).length > 0);
    assert.match((await bulletins(rig, task)).join('\n'), /^Memory pool 'PS Old Gen' is over its threshold of 1 B: [^\n]*$/);
  }));

test('the figures of processors and connections are written to the log', () =>
  RestRig.with(async (rig) => {
    const [source, sink] = [await rig.source('x'), await rig.processor('org.apache.nifi.processors.standard.LogMessage')];
    await rig.connect(source, sink);
    await rig.once(source);
    const task = await create(rig, STATUS, {});
    const lines: string[] = [];
    const [node] = rig.flow.allControllerLevel('REPORTING_TASK');
    rig.flow.change(node!, { version: 1, clientId: 'test' }, (each) => each.configure({ bulletinLevel: 'INFO' }));
    await rig.runStatus(task, 'RUNNING');
    await until(async () => {
      lines.push(...(await bulletins(rig, task)));
      return lines.length > 1;
    });
    assert.match(lines[0]!, /^Processor Statuses:\nComponent .*\n[^\n]*GenerateFlowFile \(.*\) GenerateFlowFile Stopped +\| 0 \(\+0\)/);
    assert.match(lines.find((line) => line.startsWith('Connection'))!, /GenerateFlowFile -> success -> LogMessage .* \| 1 \(\+1\) +\| 1 bytes/);
  }));

test('Prometheus reads metrics on a port of their own while the task runs', () =>
  RestRig.with(async (rig) => {
    const [source, sink] = [await rig.source('x'), await rig.processor('org.apache.nifi.processors.standard.LogMessage')];
    const connection = await rig.connect(source, sink);
    const port = await freePort();
    const task = await create(rig, PROMETHEUS, { properties: { 'Prometheus Metrics Endpoint Port': String(port), 'Instance ID': 'here' } });
    await rig.runStatus(task, 'RUNNING');
    const scrape = () => fetch(`http://127.0.0.1:${port}/metrics`).catch(() => undefined);
    await until(async () => (await scrape())?.status === 200);
    await rig.once(source);
    const answer = (await scrape())!;
    assert.equal(await statusFor(port, 'millrace.evil.example'), 403, 'a name of somebody else that leads here');
    assert.equal(await statusFor(port, `localhost:${port}`), 200);
    assert.equal(answer.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
    const text = await answer.text();
    const queued = `nifi_amount_items_queued{instance="here",component_type="Connection",component_name="success",component_id="${connection.id}",`;
    assert.ok(
      text.split('\n').some((line) => line.startsWith(queued) && line.endsWith('} 1')),
      text,
    );
    assert.match(text, /# HELP nifi_running \S.*\n# TYPE nifi_running gauge\n/);
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 404);
    await rig.runStatus(task, 'STOPPED');
    await until(async () => (await scrape()) === undefined);
    const taken = await create(rig, PROMETHEUS, { properties: { 'Prometheus Metrics Endpoint Port': String(rig.port) } });
    await rig.runStatus(taken, 'RUNNING');
    await until(async () => (await bulletins(rig, taken)).some((message) => /cannot be served on 127\.0\.0\.1:\d+ .*choose another port/.test(message)));
  }));

test('a snapshot of tasks and their services is imported as it was', () =>
  RestRig.with(async (rig) => {
    const service = await rig.ok('POST', '/controller/controller-services', { revision: revision(0), component: { type: 'test.Word', name: 'word', properties: { word: 'hi' } } });
    const task = await create(rig, 'test.Task', { name: 'uses it', comments: 'c', properties: { 'Word Service': service.id, Secret: 'hush' } });
    await create(rig, DISK, { name: 'another' });
    const snapshot = await rig.get(`/flow/reporting-tasks/snapshot?reportingTaskId=${task.id}`);
    assert.deepEqual([snapshot.reportingTasks.length, snapshot.controllerServices.length], [1, 1]);
    assert.ok(!JSON.stringify(snapshot).includes('hush'));
    const download = await rig.send('GET', '/flow/reporting-tasks/download');
    assert.match(download.headers.get('content-disposition')!, /attachment; filename="?reporting-tasks\.json/);
    assert.equal(download.json.reportingTasks.length, 2);
    await rig.remove(task);
    await rig.remove(service);
    snapshot.reportingTasks.push({ ...snapshot.reportingTasks[0], identifier: 'other', type: 'not.Installed', propertyDescriptors: {}, properties: { 'Some Thing': 'kept' } });
    const imported = await rig.ok('POST', '/controller/reporting-tasks/import', { reportingTaskSnapshot: snapshot });
    const [uses, ghost] = imported.reportingTasks;
    assert.deepEqual([uses.component.name, uses.component.comments, uses.component.schedulingPeriod, uses.component.properties.Secret], ['uses it', 'c', '1 hour', null]);
    assert.equal(uses.component.properties['Word Service'], imported.controllerServices[0].id);
    assert.deepEqual([ghost.component.extensionMissing, ghost.component.type, ghost.component.properties], [true, 'not.Installed', { 'Some Thing': 'kept' }]);
    const broken = await rig.send('POST', '/controller/reporting-tasks/import', {
      reportingTaskSnapshot: { reportingTasks: [{ ...snapshot.reportingTasks[0], schedulingPeriod: 'never' }], controllerServices: snapshot.controllerServices },
    });
    assert.equal(broken.status, 400);
    assert.equal((await rig.get('/flow/controller/controller-services')).controllerServices.length, 1);
  }));

test('metrics of the API may be asked for by strategy, name and label', () =>
  RestRig.with(async (rig) => {
    const [source, sink] = [await rig.source('x'), await rig.processor('org.apache.nifi.processors.standard.LogMessage')];
    const connection = await rig.connect(source, sink);
    const samples = async (query: string): Promise<Json[]> => (await rig.get(`/flow/metrics/json?${query}`)).samples;
    const types = (found: Json[]) => [...new Set(found.map(({ labels }) => labels.component_type))].sort();
    assert.deepEqual(types(await samples('')), ['Connection', 'Processor', 'RootProcessGroup']);
    assert.deepEqual(types(await samples('flowMetricsReportingStrategy=ALL_PROCESS_GROUPS')), ['RootProcessGroup']);
    const byName = await samples('sampleName=nifi_percent_used');
    assert.deepEqual([byName.length, byName[0].labels.component_id, byName[0].labels.source_id], [1, connection.id, source.id]);
    assert.deepEqual(types(await samples(`sampleLabelValue=^${sink.id}$`)), ['Connection', 'Processor']);
    assert.deepEqual(Object.keys(await rig.get('/flow/metrics/json?rootFieldName=figures')), ['figures']);
    for (const wrong of ['flowMetricsReportingStrategy=SOME', 'sampleName=(']) assert.equal((await rig.send('GET', `/flow/metrics/prometheus?${wrong}`)).status, 400);
    assert.equal((await rig.send('GET', '/flow/metrics/graphite')).status, 404);
  }));

test('the tasks that use a service are stopped and started as its references', () =>
  RestRig.with(async (rig) => {
    const service = await rig.ok('POST', '/controller/controller-services', { revision: revision(0), component: { type: 'test.Word', name: 'word' } });
    await rig.runStatus(service, 'ENABLED');
    const task = await create(rig, 'test.Task', { properties: { 'Word Service': service.id } });
    const set = (state: string) => rig.ok('PUT', `/controller-services/${service.id}/references`, { id: service.id, state, referencingComponentRevisions: {} });
    const [started] = (await set('RUNNING')).controllerServiceReferencingComponents;
    assert.deepEqual([started.id, started.component.referenceType, started.component.state], [task.id, 'ReportingTask', 'RUNNING']);
    await set('STOPPED');
    assert.equal((await rig.fresh(task)).component.state, 'STOPPED');
    await rig.runStatus(task, 'RUNNING');
    await rig.runStatus(service, 'DISABLED');
    assert.equal((await rig.fresh(task)).component.state, 'STOPPED');
  }));

test('what a task remembers is shown, and cleared while it is stopped', () =>
  RestRig.with(async (rig) => {
    const task = await create(rig, 'test.Task');
    const state = async (): Promise<Json[]> => (await rig.get(`/reporting-tasks/${task.id}/state`)).componentState.localState.state;
    assert.deepEqual([task.component.persistsState, await state()], [true, []]);
    await rig.runStatus(task, 'RUNNING');
    await until(async () => (await state()).length > 0);
    assert.deepEqual(await state(), [{ key: 'reports', value: '1' }]);
    await rig.runStatus(task, 'STOPPED');
    await until(async () => (await rig.fresh(task)).component.activeThreadCount === 0);
    const cleared = await rig.ok('POST', `/reporting-tasks/${task.id}/state/clear-requests`);
    assert.deepEqual([cleared.componentState.localState.state, cleared.componentState.stateDescription], [[], 'How many there were']);
  }));
