import type { ComponentContext, ComponentLog } from '../extension/component.ts';
import type { ProcessContext } from '../extension/processor.ts';
import type { PropertyMap } from '../extension/property.ts';
import type { Connectable } from './connectable.ts';
import type { Component } from './component.ts';
import type { EvaluatedProperties } from './property-values.ts';
import type { Runnable } from './runnable.ts';

/** What onScheduled, onEnabled and verify receive: frozen, one for each start. */
export function componentContext(
  component: Component & { readonly log: ComponentLog },
  { properties, dynamic }: EvaluatedProperties,
  signal: AbortSignal,
): ComponentContext<PropertyMap> {
  const { id, name, log, runtime } = component;
  return Object.freeze({ id, name, properties, dynamic, log, signal, dataDirectory: runtime.componentDirectory }) as ComponentContext<PropertyMap>;
}

/** What onTrigger receives: one object for all triggers between start and stop. */
export class TriggerContext implements ProcessContext<PropertyMap, unknown> {
  readonly id: string;
  readonly name: string;
  readonly properties: ComponentContext<PropertyMap>['properties'];
  readonly dynamic: ComponentContext<PropertyMap>['dynamic'];
  readonly log: ComponentLog;
  readonly signal: AbortSignal;
  readonly dataDirectory: string;
  readonly client: unknown;
  readonly #runnable: Runnable;
  readonly #now: () => number;

  constructor(node: Connectable, context: ComponentContext<PropertyMap>, client: unknown) {
    this.id = context.id;
    this.name = context.name;
    this.properties = context.properties;
    this.dynamic = context.dynamic;
    this.log = context.log;
    this.signal = context.signal;
    this.dataDirectory = context.dataDirectory;
    this.client = client;
    this.#runnable = node.runnable;
    this.#now = () => node.runtime.clock.now();
    Object.freeze(this);
  }

  get availableRelationships(): ReadonlySet<string> {
    const available = new Set(this.#runnable.autoTerminated);
    for (const [relationship, queues] of this.#runnable.outgoing) {
      if (queues.some(({ isFull }) => isFull)) available.delete(relationship);
      else available.add(relationship);
    }
    return available;
  }

  get hasIncomingConnection(): boolean {
    return this.#runnable.incoming.length > 0;
  }

  yield(): void {
    this.#runnable.yieldAt(this.#now());
  }
}
