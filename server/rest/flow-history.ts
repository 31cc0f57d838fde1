import type { ComponentKind } from '../engine/component.ts';
import { SOURCE_TYPES } from './dto/history.ts';
import type { FieldChange } from './field-changes.ts';

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

export interface HistoryQuery {
  readonly user?: string;
  readonly sourceId?: string;
  readonly from?: number;
  readonly to?: number;
}

/** An entry of the audit, as far as the history understands it. */
export interface AuditEntry {
  readonly number: number;
  /** ISO 8601. */
  readonly time: string;
  readonly event?: string;
  readonly user?: string;
  readonly kind?: string;
  readonly id?: string;
  readonly name?: string;
  readonly changes?: readonly { readonly name: string; readonly before?: string; readonly after?: string; readonly property?: boolean }[];
  /** Of a purge: milliseconds since 1970. */
  readonly until?: number;
}

/** The audit as the history reads it. */
export interface AuditSource {
  /** Entries as JSON, the last one first. */
  past(): Iterable<string>;
  /** Tells entries that are written from now on. */
  subscribe(listener: (entry: AuditEntry) => void): void;
  append(entry: object): void;
}

/** So many actions are kept in memory; older ones are in the audit only. */
const MOST = 10_000;
/** So many entries of the audit are looked at for them: most are requests, and whoever looks at the history waits. */
const MOST_READ = 50_000;
/** An entry that has more changes is shown without the rest. */
const MOST_CHANGES = 1000;
const PURGED = 'history purged';
const TELLING = /"event":"(?:created|edited|removed|history purged)"/;

/** Who did what to the flow, as the audit has it: nothing is lost by a restart. */
export class FlowHistory {
  readonly #source: AuditSource;
  #actions: FlowAction[] = [];
  #purgedUntil = 0;
  #isRead = false;
  readonly #new: AuditEntry[] = [];

  constructor(source: AuditSource) {
    this.#source = source;
    source.subscribe((entry) => (this.#isRead ? this.#add(entry) : this.#wait(entry)));
  }

  /** Newest first. */
  find({ user, sourceId, from, to }: HistoryQuery): FlowAction[] {
    const matches = (action: FlowAction): boolean =>
      (user === undefined || action.user === user) &&
      (sourceId === undefined || action.sourceId === sourceId) &&
      (from === undefined || action.time >= from) &&
      (to === undefined || action.time <= to);
    return this.#read().filter(matches).reverse();
  }

  get(id: number): FlowAction | undefined {
    return this.#read().find((action) => action.id === id);
  }

  /** Shows no more what happened before. The audit keeps it, and who wanted it gone. */
  purge(until: number, user: string): void {
    this.#read();
    this.#source.append({ event: PURGED, user, until });
  }

  /** The past is read when somebody asks for it first, so that it costs no start anything. */
  #read(): readonly FlowAction[] {
    if (this.#isRead) return this.#actions;
    this.#isRead = true;
    const before = this.#new[0]?.number ?? Number.POSITIVE_INFINITY;
    for (const entry of this.#past(before)) this.#add(entry);
    for (const entry of this.#new.splice(0)) this.#add(entry);
    return this.#actions;
  }

  #past(before: number): AuditEntry[] {
    const found: AuditEntry[] = [];
    let looked = 0;
    for (const text of this.#source.past()) {
      if (looked++ >= MOST_READ || found.length >= MOST) break;
      if (!TELLING.test(text)) continue;
      const entry = entryOf(text);
      if (entry && entry.number < before) found.push(entry);
    }
    return found.reverse();
  }

  /** The oldest of too many are read from the audit later. */
  #wait(entry: AuditEntry): void {
    this.#new.push(entry);
    if (this.#new.length > MOST) this.#new.shift();
  }

  #add(entry: AuditEntry): void {
    if (entry.event === PURGED) {
      this.#purgedUntil = Math.max(this.#purgedUntil, entry.until ?? 0);
      this.#actions = this.#actions.filter(({ time }) => time >= this.#purgedUntil);
    } else this.#actions.push(...actionsOf(entry));
    if (this.#actions.length > MOST * 1.1) this.#actions = this.#actions.slice(-MOST);
  }
}

function entryOf(text: string): AuditEntry | undefined {
  try {
    return JSON.parse(text) as AuditEntry;
  } catch {
    return undefined;
  }
}

const KINDS: ReadonlySet<string> = new Set(Object.keys(SOURCE_TYPES));

/** What NiFi's history shows of an entry: users, groups and policies are not in it, for everybody who sees the canvas may see it. */
function actionsOf({ number, time, event, user = '', kind = '', id = '', name = '', changes = [] }: AuditEntry): FlowAction[] {
  if (!KINDS.has(kind)) return [];
  const origin = { time: Date.parse(time), user, sourceId: id, sourceName: name, kind: kind as ComponentKind };
  const shown: Pick<FlowAction, 'operation' | 'detail'>[] = [];
  if (event === 'removed') shown.push({ operation: 'Remove' });
  else {
    if (event === 'created') shown.push({ operation: 'Add' });
    for (const change of changes.slice(0, MOST_CHANGES - 1)) if (event === 'edited' || change.property) shown.push(configured(change));
  }
  return shown.map((each, index) => ({ id: number * MOST_CHANGES + index, ...origin, ...each }));
}

function configured({ name, before, after, property = false }: NonNullable<AuditEntry['changes']>[number]): Pick<FlowAction, 'operation' | 'detail'> {
  const operation = operationOf(name, before, after);
  return operation === 'Configure' ? { operation, detail: { name, previousValue: before, value: after, isProperty: property } } : { operation };
}

function operationOf(name: string, before: string | undefined, after: string | undefined): FlowAction['operation'] {
  if (name !== 'scheduledState') return 'Configure';
  if (after === 'RUNNING') return 'Start';
  if (after === 'DISABLED') return 'Disable';
  if (after === 'ENABLED') return 'Enable';
  return before === 'RUNNING' ? 'Stop' : 'Enable';
}
