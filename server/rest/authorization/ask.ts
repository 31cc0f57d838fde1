import type { FlowController } from '../../engine/flow-controller.ts';
import type { Call } from '../call.ts';

/** A request as rules see it: what it names in its path and its body. */
export class Ask {
  readonly call: Call;
  readonly #parameters: ReadonlyMap<string, string>;

  /** `operation`: the key of the table, such as `GET /processors/{id}`. */
  constructor(call: Call, operation: string) {
    this.call = call;
    this.#parameters = parametersOf(operation, call);
  }

  get flow(): FlowController {
    return this.call.services.flow;
  }

  /** The first thing that the path names. */
  get id(): string {
    return this.parameter('id');
  }

  parameter(name: string): string {
    return this.#parameters.get(name) ?? '';
  }

  /** A field of the body, wherever it may be missing: the body is not checked yet. */
  field(...path: string[]): unknown {
    let at: unknown = this.call.request.body;
    for (const name of path) at = isObject(at) && Object.hasOwn(at, name) ? at[name] : undefined;
    return at;
  }

  /** As `field`; undefined for what is no text. */
  text(...path: string[]): string | undefined {
    const value = this.field(...path);
    return typeof value === 'string' ? value : undefined;
  }

  /** The names of an object's fields. */
  keys(...path: string[]): string[] {
    const value = this.field(...path);
    return isObject(value) ? Object.keys(value) : [];
  }

  /** The texts in a list. */
  texts(...path: string[]): string[] {
    const value = this.field(...path);
    return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * Parameters by the operation's names: routers may call them otherwise. They are read from the path that Express went by, never
 * from the request line: `/processors/A#/processors/B` is A to Express.
 */
function parametersOf(operation: string, { request }: Call): Map<string, string> {
  const names = segments(operation.slice(operation.indexOf('/')));
  const values = segments(request.baseUrl + request.path).slice(-names.length);
  return new Map(names.flatMap((name, index) => (name.startsWith('{') ? [[name.slice(1, -1), decodeURIComponent(values[index] ?? '')]] : [])));
}

function segments(path: string): string[] {
  return path.split('/').filter((part) => part !== '');
}
