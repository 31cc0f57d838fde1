import { NotFoundError } from './errors.ts';
import type { FlowRuntime } from './flow-runtime.ts';
import { nameUuid } from './name-uuid.ts';

export interface Counter {
  readonly id: string;
  readonly componentId: string;
  /** Such as `UpdateCounter (9f3c...)`. */
  readonly context: string;
  readonly name: string;
  readonly value: number;
}

/** The counters of all components. */
export class CounterBoard {
  readonly #runtime: FlowRuntime;

  constructor(runtime: FlowRuntime) {
    this.#runtime = runtime;
  }

  list(): Counter[] {
    return [...this.#runtime.journal.counters()].map(({ componentId, name, value }) => {
      const component = this.#runtime.components.get(componentId);
      return { id: nameUuid(`${componentId} ${name}`), componentId, context: component?.label ?? componentId, name, value };
    });
  }

  /** Sets a counter to 0. Throws NotFoundError. */
  reset(id: string): Counter {
    const counter = this.list().find((each) => each.id === id);
    if (!counter) throw new NotFoundError(`Unable to find counter with id '${id}'.`);
    this.#runtime.journal.resetCounter(counter.componentId, counter.name);
    return { ...counter, value: 0 };
  }
}
