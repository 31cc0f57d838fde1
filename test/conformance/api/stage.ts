import type { Json } from '../../api-client.ts';
import { type CallOptions, CLIENT, GHOST, type Walk } from './walk.ts';

export const STANDARD = 'org.apache.nifi.processors.standard';
const END_TYPES: Readonly<Record<string, string>> = { processors: 'PROCESSOR', funnels: 'FUNNEL', 'input-ports': 'INPUT_PORT', 'output-ports': 'OUTPUT_PORT' };

export const revision = (version = 0) => ({ version, clientId: CLIENT });

/** The flow that the walk works on, made by the operations that it checks. */
export class Stage {
  readonly walk: Walk;
  readonly #bundles = new Map<string, Json>();

  constructor(walk: Walk) {
    this.walk = walk;
  }

  /** Learns the bundles of all types. */
  async open(): Promise<void> {
    for (const [key, list] of TYPE_LISTS) {
      for (const { type, bundle } of (await this.walk.json(key))[list] ?? []) this.#bundles.set(type, bundle);
    }
  }

  bundle(type: string): Json {
    return this.#bundles.get(type);
  }

  /** Makes a component in a group; `kind` is the resource, such as `input-ports`. */
  create(groupId: string, kind: string, component: Json, options: CallOptions = {}): Promise<Json> {
    const bundle = component.type && this.bundle(component.type);
    const body = { revision: revision(), disconnectedNodeAcknowledged: false, component: { position: { x: 0, y: 0 }, ...component, ...(bundle && { bundle }) } };
    return this.walk.json(`POST /process-groups/{id}/${kind}`, { id: groupId }, { body, ...options });
  }

  processor(groupId: string, type: string, config: Json = {}): Promise<Json> {
    return this.create(groupId, 'processors', { type, name: type.split('.').at(-1), config });
  }

  connect(source: Json, destination: Json, component: Json = { selectedRelationships: ['success'] }): Promise<Json> {
    const end = (entity: Json) => ({ id: entity.id, groupId: entity.component.parentGroupId, type: END_TYPES[resourceOf(entity)] });
    const { position: _, ...rest } = component;
    const groupId = component.parentGroupId ?? source.component.parentGroupId;
    return this.create(groupId, 'connections', { source: end(source), destination: end(destination), ...rest });
  }

  /** The component as it is now. */
  fresh(entity: Json): Promise<Json> {
    return this.walk.json(`GET /${resourceOf(entity)}/{id}`, { id: entity.id });
  }

  async edit(entity: Json, component: Json): Promise<Json> {
    const { revision: now } = await this.fresh(entity);
    return this.walk.json(`PUT /${resourceOf(entity)}/{id}`, { id: entity.id }, { body: { revision: now, component: { id: entity.id, ...component } } });
  }

  async runStatus(entity: Json, state: string, options: CallOptions = {}): Promise<Json> {
    const { revision: now } = await this.fresh(entity);
    return this.walk.json(`PUT /${resourceOf(entity)}/{id}/run-status`, { id: entity.id }, { body: { revision: now, state }, ...options });
  }

  async remove(entity: Json): Promise<void> {
    const { revision: now } = await this.fresh(entity);
    const key = `DELETE /${resourceOf(entity)}/{id}`;
    await this.walk.call(key, { id: entity.id }, { query: { version: now?.version ?? 0, clientId: CLIENT } });
    // Gone is gone; nothing is noted where it was never made.
    if (now) await this.walk.call(`GET /${resourceOf(entity)}/{id}`, { id: entity.id }, { status: 404 });
  }

  /** Runs a processor once and waits until it has ended. */
  async once(processor: Json): Promise<void> {
    await this.runStatus(processor, 'RUN_ONCE');
    await this.walk.until('GET /processors/{id}', { id: processor.id }, ({ component }) => component.physicalState === 'STOPPED', 'the end of a single run');
  }

  /** A request that is made, polled until it has ended, and discarded. `path` has the placeholder `name` for the request's id. */
  async asynchronous(path: string, name: string, parameters: Record<string, string>, body: Json, unwrap: (json: Json) => Json): Promise<Json> {
    const start = path.endsWith(`/{${name}}`) ? path.slice(0, -name.length - 3) : path;
    return this.follow(`POST ${start}`, path, name, parameters, body, unwrap);
  }

  /** As `asynchronous`, where the request is made elsewhere than it is polled. */
  async follow(startKey: string, path: string, name: string, parameters: Record<string, string>, body: Json, unwrap: (json: Json) => Json): Promise<Json> {
    const made = unwrap(await this.walk.json(startKey, parameters, { body }));
    const at = { ...parameters, [name]: made?.requestId ?? made?.id ?? GHOST };
    const done = await this.walk.until(`GET ${path}`, at, (json) => isDone(unwrap(json)), 'the end of the request');
    await this.walk.call(`DELETE ${path}`, at);
    const result = unwrap(done);
    this.walk.expect(!result?.failureReason, startKey, `the request failed: ${result?.failureReason}`);
    return done;
  }
}

function isDone(request: Json): boolean {
  return request === undefined || request.complete === true || request.finished === true;
}

const TYPE_LISTS = [
  ['GET /flow/processor-types', 'processorTypes'],
  ['GET /flow/controller-service-types', 'controllerServiceTypes'],
  ['GET /flow/reporting-task-types', 'reportingTaskTypes'],
  ['GET /flow/parameter-provider-types', 'parameterProviderTypes'],
  ['GET /flow/flow-analysis-rule-types', 'flowAnalysisRuleTypes'],
  ['GET /controller/registry-types', 'flowRegistryClientTypes'],
] as const;

/** `/controller/registry-clients` is the only kind whose resource has two parts. */
export function resourceOf({ uri }: Json): string {
  if (typeof uri !== 'string') return 'processors';
  const parts = new URL(uri).pathname.split('/nifi-api/')[1]!.split('/');
  return parts.slice(0, -1).join('/');
}
