// Shapes differ by operation; tests look at what they are about.
// biome-ignore lint/suspicious/noExplicitAny: the answers of an API are data.
export type Json = any;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly json: Json;
}

export const GENERATE = 'org.apache.nifi.processors.standard.GenerateFlowFile';
export const UPDATE = 'org.apache.nifi.processors.attributes.UpdateAttribute';
export const LOG_MESSAGE = 'org.apache.nifi.processors.standard.LogMessage';

/** Speaks the REST API of a server as a test needs it. */
export abstract class ApiClient {
  /** `http://host:port`. */
  abstract readonly origin: string;
  /** What the server logged, shown where a request fails. */
  readonly log: string[] = [];

  async send(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const json = body !== undefined && typeof body !== 'string' && !(body instanceof FormData);
    const response = await fetch(this.origin + (url.startsWith('/api/') ? url : `/nifi-api${url}`), {
      method,
      headers: { ...(json ? { 'Content-Type': 'application/json' } : {}), ...headers },
      body: json ? JSON.stringify(body) : (body as string | FormData | undefined),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : undefined };
  }

  /** As `send`; throws where the status is not in the two hundreds. */
  async ok(method: string, url: string, body?: unknown): Promise<Json> {
    const answer = await this.send(method, url, body);
    if (answer.status >= 300) throw new Error(`${method} ${url} -> ${answer.status} ${answer.text} ${this.log.join('\n')}`);
    return answer.json;
  }

  get(url: string): Promise<Json> {
    return this.ok('GET', url);
  }

  /** Makes a component of a group, such as `create('root', 'processors', { type })`. */
  create(group: string, kind: string, component: object): Promise<Json> {
    return this.ok('POST', `/process-groups/${group}/${kind}`, { revision: revision(0), component });
  }

  processor(type: string, config: object = {}, group = 'root'): Promise<Json> {
    return this.create(group, 'processors', { type, config });
  }

  /** A source that makes one FlowFile each time it is run. */
  source(text: string, group = 'root'): Promise<Json> {
    return this.processor(GENERATE, { properties: { 'Custom Text': text }, schedulingPeriod: '1 day' }, group);
  }

  connect(source: Json, destination: Json, component: object = { selectedRelationships: ['success'] }): Promise<Json> {
    const end = (entity: Json) => ({ id: entity.id, groupId: entity.component.parentGroupId, type: typeOf(entity) });
    return this.create(source.component.parentGroupId, 'connections', { source: end(source), destination: end(destination), ...component });
  }

  /** An edit on the present revision. */
  async edit(entity: Json, component: object): Promise<Answer> {
    const { resource, version } = await this.#present(entity);
    return this.send('PUT', resource, { revision: revision(version), component: { id: entity.id, ...component } });
  }

  async runStatus(entity: Json, state: string): Promise<Answer> {
    const { resource, version } = await this.#present(entity);
    return this.send('PUT', `${resource}/run-status`, { revision: revision(version), state });
  }

  async remove(entity: Json): Promise<Answer> {
    const { resource, version } = await this.#present(entity);
    return this.send('DELETE', `${resource}?version=${version}&clientId=test`);
  }

  async once(entity: Json): Promise<void> {
    await this.runStatus(entity, 'RUN_ONCE');
    await until(async () => (await this.fresh(entity)).component.physicalState === 'STOPPED');
  }

  async fresh(entity: Json): Promise<Json> {
    return this.get(resourceOf(entity));
  }

  async queued(connection: Json): Promise<number> {
    return (await this.get(`/flow/connections/${connection.id}/status`)).connectionStatus.aggregateSnapshot.flowFilesQueued;
  }

  async #present(entity: Json): Promise<{ resource: string; version: number }> {
    const resource = resourceOf(entity);
    return { resource, version: (await this.get(resource)).revision.version };
  }
}

export function revision(version: number, clientId = 'test') {
  return { version, clientId };
}

function resourceOf(entity: Json): string {
  return new URL(entity.uri).pathname.replace('/nifi-api', '');
}

function typeOf(entity: Json): string {
  return { processors: 'PROCESSOR', funnels: 'FUNNEL', 'input-ports': 'INPUT_PORT', 'output-ports': 'OUTPUT_PORT' }[resourceOf(entity).split('/')[1]!]!;
}

/** Waits until something is so. `patience`, in milliseconds, is for busy machines: what comes true comes true in a moment. */
export async function until(isSo: () => Promise<boolean> | boolean, patience = 180_000): Promise<void> {
  const end = Date.now() + patience;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`${isSo} did not come true in ${patience} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
