import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { ApiClient, type Answer, GENERATE, type Json, UPDATE } from './api-client.ts';
import { ServerProcess } from './bench/server.ts';
import { temporaryDirectory } from './temporary-directory.ts';

const CLIENTS = 50;

/** One of many who edit at once: with a client id of its own, or, as many scripts, with none. */
class Editor extends ApiClient {
  readonly origin: string;
  readonly n: number;
  readonly statuses: Map<number, number>;

  constructor(origin: string, n: number, statuses: Map<number, number>) {
    super();
    this.origin = origin;
    this.n = n;
    this.statuses = statuses;
  }

  revision(version: number): { version: number; clientId?: string } {
    return this.n % 2 === 0 ? { version, clientId: `client ${this.n}` } : { version };
  }

  override async send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const answer = await super.send(method, url, body, headers);
    this.statuses.set(answer.status, (this.statuses.get(answer.status) ?? 0) + 1);
    return answer;
  }

  /** Edits on the newest revision until nobody was quicker. Only a stale revision (400) or a state that changes (409) is tried again. */
  async retry(read: string, write: (now: Json) => Promise<Answer>): Promise<Json> {
    for (;;) {
      const answer = await write(await this.get(read));
      if (answer.status < 300) return answer.json;
      assert.ok(answer.status === 409 || (answer.status === 400 && /most up-to-date revision/.test(answer.text)), `${read}: ${answer.status} ${answer.text}`);
    }
  }

  change(resource: string, component: (now: Json) => Json): Promise<Json> {
    return this.retry(resource, (now) => this.send('PUT', resource, { revision: this.revision(now.revision.version), component: { id: now.id, ...component(now) } }));
  }

  setState(resource: string, state: string): Promise<Json> {
    return this.retry(resource, (now) => this.send('PUT', `${resource}/run-status`, { revision: this.revision(now.revision.version), state }));
  }

  async addParameter(contextId: string): Promise<void> {
    const path = `/parameter-contexts/${contextId}`;
    const parameter = { name: `parameter ${this.n}`, value: String(this.n), sensitive: this.n % 5 === 0 };
    for (;;) {
      const { request } = await this.retry(path, (now) =>
        this.send('POST', `${path}/update-requests`, { id: contextId, revision: this.revision(now.revision.version), component: { id: contextId, parameters: [{ parameter }] } }),
      );
      let done = request;
      while (!done.complete) done = (await this.get(`${path}/update-requests/${request.requestId}`)).request;
      await this.send('DELETE', `${path}/update-requests/${request.requestId}`);
      if (!done.failureReason) return;
      assert.match(done.failureReason, /most up-to-date revision/);
    }
  }
}

interface Shared {
  readonly group: Json;
  readonly processor: Json;
  readonly funnel: Json;
  readonly context: Json;
}

/** What one client does: edits what all edit, and makes, connects, runs, edits and partly removes what is its own. */
async function work(client: Editor, { group, processor, funnel, context }: Shared): Promise<{ id: string; kept: boolean }> {
  const { n } = client;
  const edit = client.change(`/processors/${processor.id}`, () => ({ config: { properties: { [`attribute ${n}`]: String(n) } } }));
  const parameter = client.addParameter(context.id);
  const made = await client.ok('POST', `/process-groups/${group.id}/processors`, {
    revision: client.revision(0),
    component: { type: GENERATE, name: `made by ${n}`, config: { schedulingPeriod: '1 day', properties: { 'Custom Text': `#{parameter ${n}}` } } },
  });
  const own = `/processors/${made.id}`;
  const end = ({ id, component }: Json, type: string) => ({ id, type, groupId: component.parentGroupId });
  const queue = await client.ok('POST', `/process-groups/${group.id}/connections`, {
    revision: client.revision(0),
    component: { source: end(made, 'PROCESSOR'), destination: end(funnel, 'FUNNEL'), selectedRelationships: ['success'] },
  });
  await Promise.all([edit, parameter]);
  await client.setState(own, 'RUNNING');
  await client.change(`/process-groups/${group.id}`, () => ({ comments: `last seen by ${n}` }));
  await client.setState(own, 'STOPPED');
  await client.change(own, () => ({ name: `kept by ${n}`, position: { x: n, y: n } }));
  const kept = n % 3 !== 0;
  if (!kept) await removeAll(client, `/connections/${queue.id}`, own);
  return { id: made.id, kept };
}

async function removeAll(client: Editor, connection: string, processor: string): Promise<void> {
  const drop = await client.ok('POST', `/flowfile-queues${connection.slice('/connections'.length)}/drop-requests`);
  assert.ok(drop.dropRequest.finished);
  for (const path of [connection, processor]) {
    await client.retry(path, (now) =>
      client.send('DELETE', `${path}?${new URLSearchParams({ version: now.revision.version, ...(client.revision(0).clientId && { clientId: `client ${client.n}` }) })}`),
    );
  }
}

/** All that is configured, as stored and as shown, without what changes by itself. */
async function pictureOf(client: Editor, { group, context }: Shared): Promise<Json> {
  const byId = (list: Json[]) =>
    Object.fromEntries(list.map(({ id, revision, component }) => [id, { version: revision.version, name: component.name, position: component.position }]));
  // In which order a definition lists things is not kept.
  const definition = JSON.parse(JSON.stringify(await client.get(`/process-groups/${group.id}/download`)), (_, value) =>
    Array.isArray(value) && value[0]?.identifier ? value.sort((a, b) => (a.identifier < b.identifier ? -1 : 1)) : value,
  );
  const { processors } = await client.get(`/process-groups/${group.id}/processors`);
  const { connections } = await client.get(`/process-groups/${group.id}/connections`);
  const { component, revision } = await client.get(`/parameter-contexts/${context.id}`);
  const names = component.parameters.map(({ parameter }: Json) => parameter.name).sort();
  return { processors: byId(processors), connections: byId(connections), definition, names, version: revision.version };
}

async function serverOn(context: TestContext, directory: string): Promise<ServerProcess> {
  const server = await ServerProcess.start(directory, '--no-example', '--auth', 'none');
  context.after(() => server.kill('SIGKILL'));
  return server;
}

test('fifty clients that edit at once lose nothing, meet no failure of the server, and find the same flow after a restart', async (context) => {
  const directory = temporaryDirectory();
  const server = await serverOn(context, directory);
  const statuses = new Map<number, number>();
  const first = new Editor(server.base, 0, statuses);
  const made = await first.ok('POST', '/parameter-contexts', { revision: { version: 0 }, component: { name: 'shared' } });
  const group = await first.create('root', 'process-groups', { name: 'shared', parameterContext: { id: made.id } });
  const shared = { group, context: made, processor: await first.processor(UPDATE, {}, group.id), funnel: await first.create(group.id, 'funnels', {}) };
  const results = await Promise.all(Array.from({ length: CLIENTS }, (_, n) => work(new Editor(server.base, n, statuses), shared)));

  assert.deepEqual(
    [...statuses.keys()].filter((status) => status >= 500 || status === 404),
    [],
  );
  const before = await pictureOf(first, shared);
  const { component } = await first.get(`/processors/${shared.processor.id}`);
  assert.equal(Object.keys(component.config.properties).filter((name) => name.startsWith('attribute ')).length, CLIENTS);
  assert.equal(before.names.length, CLIENTS);
  for (const [n, { id, kept }] of results.entries()) assert.equal(before.processors[id]?.name, kept ? `kept by ${n}` : undefined);
  assert.equal(Object.keys(before.connections).length, results.filter(({ kept }) => kept).length);

  assert.equal(await server.kill('SIGTERM'), 0);
  const again = await serverOn(context, directory);
  assert.deepEqual(await pictureOf(new Editor(again.base, 0, statuses), shared), before);
});
