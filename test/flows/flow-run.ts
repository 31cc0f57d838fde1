import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ApiClient, type Json, until } from '../api-client.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { ServerProcess } from '../bench/server.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

export type Files = Readonly<Record<string, string | Buffer>>;

/** A real server process for flow definitions, driven by its REST API. */
export class FlowServer extends ApiClient {
  readonly directory = temporaryDirectory();
  #process!: ServerProcess;

  /** `prepare` may lay something into the data directory before the server starts. */
  static async start(prepare?: (dataDirectory: string) => Promise<unknown>): Promise<FlowServer> {
    const server = new FlowServer();
    mkdirSync(server.directory, { recursive: true });
    await prepare?.(server.data);
    await server.open();
    return server;
  }

  get data(): string {
    return path.join(this.directory, 'data');
  }

  get origin(): string {
    return this.#process.base;
  }

  /** Resident memory of the server, bytes. */
  get residentBytes(): number {
    return this.#process.residentBytes;
  }

  async open(): Promise<void> {
    this.#process = await ServerProcess.start(this.data, '--no-example');
  }

  async kill(): Promise<void> {
    await this.#process.kill('SIGKILL');
  }

  async close(): Promise<void> {
    await this.kill();
    rmSync(this.directory, { recursive: true, force: true });
  }

  /** Uploads a definition, as a person does who has the file. */
  async upload(name: string, definition: string): Promise<FlowRun> {
    const form = new FormData();
    for (const [field, value] of Object.entries({ groupName: name, positionX: '0', positionY: '0', clientId: 'test' })) form.append(field, value);
    form.append('file', new Blob([definition], { type: 'application/json' }), `${name}.json`);
    const { status, text, json } = await this.send('POST', '/process-groups/root/process-groups/upload', form);
    assert.equal(status, 201, text);
    return new FlowRun(this, json);
  }
}

/** One uploaded flow with a folder for what goes in and one for what comes out. */
export class FlowRun {
  readonly id: string;
  readonly directory: string;
  readonly server: FlowServer;
  readonly #contextId: string | undefined;

  constructor(server: FlowServer, group: Json) {
    this.server = server;
    this.id = group.id;
    this.#contextId = group.component.parameterContext?.id;
    this.directory = path.join(server.directory, group.component.name);
    for (const folder of ['in', 'out']) mkdirSync(this.path(folder), { recursive: true });
  }

  path(...names: string[]): string {
    return path.join(this.directory, ...names);
  }

  /** A file beside the folders; returns its path. */
  write(name: string, content: string | Buffer): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  put(files: Files): void {
    for (const [name, content] of Object.entries(files)) this.write(path.join('in', name), content);
  }

  async has(parameter: string): Promise<boolean> {
    const { component } = await this.server.get(`/parameter-contexts/${this.#contextId}`);
    return component.parameters.some((each: Json) => each.parameter.name === parameter);
  }

  /** Of the group's own context, or of another one by its name. */
  async setParameters(values: Readonly<Record<string, string>>, contextName?: string): Promise<void> {
    const contexts: Json[] = contextName === undefined ? [] : (await this.server.get('/flow/parameter-contexts')).parameterContexts;
    const contextId = contexts.find(({ component }) => component.name === contextName)?.id ?? this.#contextId;
    const url = `/parameter-contexts/${contextId}`;
    const { revision, component } = await this.server.get(url);
    const secret = new Set(component.parameters.filter((each: Json) => each.parameter.sensitive).map((each: Json) => each.parameter.name));
    const parameters = Object.entries(values).map(([name, value]) => ({ parameter: { name, value, sensitive: secret.has(name) } }));
    const { request } = await this.server.ok('POST', `${url}/update-requests`, { id: contextId, revision, component: { id: contextId, parameters } });
    await until(async () => (await this.server.get(`${url}/update-requests/${request.requestId}`)).request.complete);
  }

  /** Enables the services and starts everything but what is named; complains about what cannot run. */
  async start(...but: readonly string[]): Promise<void> {
    for (const name of but) await this.turn(name, 'DISABLED');
    await this.server.ok('PUT', `/flow/process-groups/${this.id}/controller-services`, { id: this.id, state: 'ENABLED' });
    await until(async () => (await this.services()).every(({ component }: Json) => component.state === 'ENABLED'));
    await until(async () => !(await this.processors()).some(({ component }) => component.validationStatus === 'VALIDATING'));
    const invalid = (await this.processors()).filter(({ component }) => component.validationStatus === 'INVALID');
    assert.deepEqual(
      invalid.map(({ component }) => [component.name, component.validationErrors]),
      [],
    );
    await this.#schedule('RUNNING');
    await until(async () => (await this.processors()).every(({ component: { name, physicalState } }) => but.includes(name) || physicalState === 'RUNNING')).catch(async (thrown) =>
      assert.fail(`${messageOf(thrown)}\n${(await this.bulletins()).join('\n')}`),
    );
  }

  async stop(): Promise<void> {
    await this.#schedule('STOPPED');
    await until(async () => (await this.status()).activeThreadCount === 0);
  }

  #schedule(state: string): Promise<Json> {
    return this.server.ok('PUT', `/flow/process-groups/${this.id}`, { id: this.id, state });
  }

  async processor(name: string): Promise<Json> {
    return (await this.processors()).find(({ component }) => component.name === name)!;
  }

  /** Starts, stops or disables one processor. */
  async turn(name: string, state: 'RUNNING' | 'STOPPED' | 'DISABLED'): Promise<void> {
    const { id, revision } = await this.processor(name);
    await this.server.ok('PUT', `/processors/${id}/run-status`, { revision, state });
  }

  async services(): Promise<Json[]> {
    return (await this.server.get(`/flow/process-groups/${this.id}/controller-services`)).controllerServices;
  }

  async processors(): Promise<Json[]> {
    return (await this.server.get(`/process-groups/${this.id}/processors?includeDescendantGroups=true`)).processors;
  }

  async status(): Promise<Json> {
    return (await this.server.get(`/flow/process-groups/${this.id}/status`)).processGroupStatus.aggregateSnapshot;
  }

  async counter(name: string): Promise<number | undefined> {
    const { counters } = (await this.server.get('/counters')).counters.aggregateSnapshot;
    return counters.find((counter: Json) => counter.name === name && counter.valueCount > 0)?.valueCount;
  }

  /** What went wrong, in words; for the one who reads a failing test. */
  async bulletins(): Promise<string[]> {
    const { bulletins } = (await this.server.get(`/flow/bulletin-board?groupId=${this.id}`)).bulletinBoard;
    return bulletins.map(({ bulletin }: Json) => `${bulletin.sourceName}: ${bulletin.message}`);
  }

  /** The files that came out; PutFile's unfinished ones begin with a dot. */
  out(): Record<string, string> {
    const names = readdirSync(this.path('out')).filter((name) => !name.startsWith('.'));
    return Object.fromEntries(names.sort().map((name) => [name, readFileSync(this.path('out', name), 'latin1')]));
  }

  /** Waits for exactly these files; where they do not come, says what differs. */
  async expect(files: Files): Promise<void> {
    const wanted = Object.fromEntries(Object.entries(files).map(([name, content]) => [name, Buffer.from(content as string).toString('latin1')]));
    const isThere = (): boolean => JSON.stringify(this.out()) === JSON.stringify(Object.fromEntries(Object.entries(wanted).sort(([a], [b]) => (a < b ? -1 : 1))));
    await until(isThere).catch(async () => assert.deepEqual(this.out(), wanted, (await this.bulletins()).join('\n') || undefined));
  }

  /** Waits until nothing is queued and nothing works. */
  isDone(): Promise<void> {
    return until(async () => (await this.status()).flowFilesQueued === 0);
  }
}
