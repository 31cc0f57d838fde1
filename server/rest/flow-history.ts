import type { ComponentKind, StoredBase } from '../engine/component.ts';
import type { FlowController } from '../engine/flow-controller.ts';
import type { FlowEvent } from '../engine/flow-runtime.ts';
import type { StoredParameterContext } from '../engine/parameter-context.ts';
import { MASK } from './dto/descriptor.ts';
import { ANONYMOUS } from './services.ts';

/** Something that somebody did to the flow. */
export interface FlowAction {
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly user: string;
  readonly sourceId: string;
  readonly sourceName: string;
  readonly kind: ComponentKind;
  readonly operation: 'Add' | 'Remove' | 'Configure' | 'Start' | 'Stop' | 'Enable' | 'Disable';
  readonly detail?: FieldChange;
}

/** One field of a component before and after; sensitive values are masked. */
export interface FieldChange {
  readonly name: string;
  readonly previousValue: string | undefined;
  readonly value: string | undefined;
  /** Whether it is a property of the component. */
  readonly isProperty: boolean;
}

export interface HistoryQuery {
  readonly user?: string;
  readonly sourceId?: string;
  readonly from?: number;
  readonly to?: number;
}

/** So many actions are kept; the oldest go first. */
const MOST = 10_000;

/** Who did what to the flow since the server started. */
export class FlowHistory {
  #actions: FlowAction[] = [];
  #nextId = 1;
  readonly #now: () => number;

  constructor(flow: FlowController, now: () => number) {
    this.#now = now;
    flow.subscribe((event) => this.#note(event));
  }

  /** Newest first. */
  find({ user, sourceId, from, to }: HistoryQuery): FlowAction[] {
    const matches = (action: FlowAction): boolean =>
      (user === undefined || action.user === user) &&
      (sourceId === undefined || action.sourceId === sourceId) &&
      (from === undefined || action.time >= from) &&
      (to === undefined || action.time <= to);
    return this.#actions.filter(matches).reverse();
  }

  get(id: number): FlowAction | undefined {
    return this.#actions.find((action) => action.id === id);
  }

  /** Forgets what happened before. */
  purge(before: number): void {
    this.#actions = this.#actions.filter(({ time }) => time >= before);
  }

  #note(event: FlowEvent): void {
    if (event.type === 'state') return;
    if (event.type === 'removed') return this.#add(event, 'Remove');
    if (event.type === 'created') this.#add(event, 'Add');
    const changes = fieldChanges(event.before, event.after);
    for (const detail of changes) {
      const operation = operationOf(detail);
      if (event.type === 'edited' || detail.isProperty) this.#add(event, operation, operation === 'Configure' ? detail : undefined);
    }
  }

  #add({ component, user }: FlowEvent, operation: FlowAction['operation'], detail?: FieldChange): void {
    this.#actions.push({
      id: this.#nextId++,
      time: this.#now(),
      user: user ?? ANONYMOUS,
      sourceId: component.id,
      sourceName: component.name,
      kind: component.kind,
      operation,
      detail,
    });
    if (this.#actions.length > MOST * 1.1) this.#actions = this.#actions.slice(-MOST);
  }
}

function operationOf({ name, value, previousValue }: FieldChange): FlowAction['operation'] {
  if (name !== 'scheduledState') return 'Configure';
  if (value === 'RUNNING') return 'Start';
  if (value === 'DISABLED') return 'Disable';
  if (value === 'ENABLED') return 'Enable';
  return previousValue === 'RUNNING' ? 'Stop' : 'Enable';
}

/** Revisions and places on the canvas are no configuration. */
const IGNORED = new Set(['revision', 'position', 'versionedId', 'type', 'bundle', 'source']);

type Fields = Map<string, { readonly value: string; readonly isProperty: boolean }>;

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What is stored of a component as fields with texts. */
function fieldsOf(stored: StoredBase | undefined): Fields {
  const fields: Fields = new Map();
  for (const [name, value] of Object.entries(stored ?? {})) {
    if (IGNORED.has(name) || value === undefined || value === null) continue;
    if (name === 'properties') addProperties(fields, value as Record<string, Record<string, string> | undefined>);
    else if (name === 'config' || name === 'settings') for (const [inner, each] of Object.entries(value as object)) fields.set(inner, { value: shown(each), isProperty: false });
    else if (name !== 'parameters') fields.set(name, { value: shown(value), isProperty: false });
  }
  return fields;
}

function addProperties(fields: Fields, { texts, sensitive }: Record<string, Record<string, string> | undefined>): void {
  for (const [name, value] of Object.entries(texts ?? {})) fields.set(name, { value, isProperty: true });
  for (const [name, value] of Object.entries(sensitive ?? {})) fields.set(name, { value: `${MASK}${value}`, isProperty: true });
}

/** What differs; of sensitive values only that they do. */
export function fieldChanges(before: StoredBase | undefined, after: StoredBase | undefined): FieldChange[] {
  return differences(fieldsOf(before), fieldsOf(after));
}

/** The values of parameters that differ, which NiFi's history leaves out. */
export function parameterChanges(before: StoredBase | undefined, after: StoredBase | undefined): FieldChange[] {
  return differences(parametersOf(before), parametersOf(after));
}

function parametersOf(stored: StoredBase | undefined): Fields {
  const { parameters = [] } = (stored ?? {}) as Partial<StoredParameterContext>;
  return new Map(parameters.map(({ name, sensitive, value }) => [name, { value: sensitive ? `${MASK}${value ?? ''}` : (value ?? ''), isProperty: false }]));
}

function differences(old: Fields, next: Fields): FieldChange[] {
  const masked = (text: string | undefined): string | undefined => (text?.startsWith(MASK) ? MASK : text);
  return [...new Set([...old.keys(), ...next.keys()])]
    .filter((name) => old.get(name)?.value !== next.get(name)?.value)
    .map((name) => ({
      name,
      previousValue: masked(old.get(name)?.value),
      value: masked(next.get(name)?.value),
      isProperty: (next.get(name) ?? old.get(name))!.isProperty,
    }));
}
