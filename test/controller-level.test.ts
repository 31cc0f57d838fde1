import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { ServerProcess } from './bench/server.ts';

// biome-ignore lint/suspicious/noExplicitAny: the answers of an API are data.
type Json = any;

async function send(server: ServerProcess, method: string, route: string, body: object): Promise<Json> {
  const response = await fetch(`${server.base}/nifi-api${route}`, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  return response.json();
}

const revision = (version = 0) => ({ version, clientId: 'test' });
const make = (server: ServerProcess, resource: string, type: string, component: object): Promise<Json> =>
  send(server, 'POST', `/controller/${resource}`, { revision: revision(), component: { type, ...component } });

async function setUp(server: ServerProcess, secrets: string): Promise<{ task: Json; provider: Json; rule: Json }> {
  const task = await make(server, 'reporting-tasks', 'org.apache.nifi.controller.MonitorDiskUsage', {
    schedulingPeriod: '1 hour',
    properties: { 'Directory Location': '/', Threshold: '0%' },
  });
  await send(server, 'PUT', `/reporting-tasks/${task.id}/run-status`, { revision: task.revision, state: 'RUNNING' });
  const rule = await make(server, 'flow-analysis-rules', 'org.apache.nifi.flowanalysis.rules.DisallowComponentType', { properties: { 'component-type': 'LogMessage' } });
  await send(server, 'PUT', `/controller/flow-analysis-rules/${rule.id}/run-status`, { revision: rule.revision, state: 'ENABLED' });
  const properties = { 'parameter-group-directories': secrets, 'parameter-value-encoding': 'plaintext' };
  const provider = await make(server, 'parameter-providers', 'org.apache.nifi.parameter.KubernetesSecretParameterProvider', { properties });
  const at = `/parameter-providers/${provider.id}`;
  await send(server, 'POST', `${at}/parameters/fetch-requests`, { id: provider.id, revision: provider.revision });
  const groups = [{ groupName: 'shop', parameterContextName: 'shop', synchronized: true, parameterSensitivities: { password: 'SENSITIVE' } }];
  await send(server, 'POST', `${at}/apply-parameters-requests`, { id: provider.id, revision: provider.revision, parameterGroupConfigurations: groups });
  await send(server, 'PUT', '/controller/config', { revision: revision(), component: { maxTimerDrivenThreadCount: 7 } });
  return { task, provider, rule };
}

test('what stands outside of groups is there after kill -9, and works again', async (context) => {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-controller-'));
  let server: ServerProcess | undefined;
  context.after(async () => {
    await server?.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  const secrets = path.join(directory, 'shop');
  mkdirSync(secrets);
  writeFileSync(path.join(secrets, 'password'), 'hush');
  server = await ServerProcess.start(path.join(directory, 'data'), '--no-example');
  const { task, provider, rule } = await setUp(server, secrets);
  await server.kill('SIGKILL');
  server = await ServerProcess.start(path.join(directory, 'data'), '--no-example');
  const get = (route: string): Promise<Json> => server!.get<Json>(route);
  const running = await get(`/reporting-tasks/${task.id}`);
  assert.deepEqual([running.component.state, running.revision.version], ['RUNNING', 2]);
  while ((await get(`/reporting-tasks/${task.id}`)).bulletins.length === 0) await delay(20);
  assert.equal((await get(`/controller/flow-analysis-rules/${rule.id}`)).component.state, 'ENABLED');
  const [bound] = (await get('/flow/parameter-contexts')).parameterContexts;
  assert.deepEqual([bound.component.parameters[0].parameter.value, bound.component.parameterProviderConfiguration.id], ['********', provider.id]);
  assert.equal((await get('/controller/config')).component.maxTimerDrivenThreadCount, 7);
});
