import type { ComponentContext, ComponentLog } from '../extension/component.ts';
import type { ProcessContext } from '../extension/processor.ts';
import type { PropertyMap } from '../extension/property.ts';
import type { Connectable } from './connectable.ts';
import type { Component } from './component.ts';
import type { EvaluatedProperties } from './property-values.ts';
import type { Runnable } from './runnable.ts';

/** What onScheduled, onEnabled and verify receive: frozen, one for each start. */
export function componentContext(
  component: Component & { readonly log: ComponentLog; readonly annotationData?: string },
  { properties, dynamic, dynamicServices, sensitiveDynamic, compile }: EvaluatedProperties,
  signal: AbortSignal,
): ComponentContext<PropertyMap> {
  const { id, name, log, runtime, annotationData } = component;
  const now = (): number => runtime.clock.now();
  const { componentDirectory: dataDirectory } = runtime;
  const audit: ComponentContext<PropertyMap>['audit'] = (event, details) => runtime.audit({ event, ...details, kind: component.kind, id, name });
  const context = { id, name, properties, dynamic, dynamicServices, sensitiveDynamic, annotationData, log, signal, dataDirectory, now, compile, audit };
  return Object.freeze(context) as ComponentContext<PropertyMap>;
}

/** What onTrigger receives: one object for all triggers between start and stop. */
export class TriggerContext implements ProcessContext<PropertyMap, unknown> {
  readonly id: string;
  readonly name: string;
  readonly properties: ComponentContext<PropertyMap>['properties'];
  readonly dynamic: ComponentContext<PropertyMap>['dynamic'];
  readonly dynamicServices: ComponentContext<PropertyMap>['dynamicServices'];
  readonly sensitiveDynamic: ReadonlySet<string>;
  readonly annotationData: string | undefined;
  readonly log: ComponentLog;
  readonly signal: AbortSignal;
  readonly dataDirectory: string;
  readonly compile: ComponentContext<PropertyMap>['compile'];
  readonly now: () => number;
  readonly audit: ComponentContext<PropertyMap>['audit'];
  readonly client: unknown;
  readonly #runnable: Runnable;

  constructor(node: Connectable, context: ComponentContext<PropertyMap>, client: unknown) {
    this.id = context.id;
    this.name = context.name;
    this.properties = context.properties;
    this.dynamic = context.dynamic;
    this.dynamicServices = context.dynamicServices;
    this.sensitiveDynamic = context.sensitiveDynamic;
    this.annotationData = context.annotationData;
    this.log = context.log;
    this.signal = context.signal;
    this.dataDirectory = context.dataDirectory;
    this.client = client;
    this.#runnable = node.runnable;
    this.compile = context.compile;
    this.now = context.now;
    this.audit = context.audit;
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
    this.#runnable.yieldAt(this.now());
  }
}
