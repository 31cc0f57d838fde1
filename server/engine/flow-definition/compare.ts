import { parameterReferences } from '../expression/parameter-references.ts';
import { BASE_FIELDS, type ComparedField, DIFFERENCES, type DifferenceType, GROUP_FIELDS, MEMBER_FIELDS } from './difference-fields.ts';
import type { ConnectionContents, DescriptorContents, FlowCoordinates, GroupContents } from './format.ts';

/** Any component of a definition, as far as all have the same. */
export interface ComparedContents {
  readonly identifier: string;
  readonly instanceIdentifier?: string;
  readonly name?: string;
  readonly componentType?: string;
  readonly groupIdentifier?: string;
}

/** One difference between two flows. */
export interface FlowDifference {
  readonly type: DifferenceType;
  /** Undefined where it was added. */
  readonly before: ComparedContents | undefined;
  /** Undefined where it was removed. */
  readonly after: ComparedContents | undefined;
  /** The property or setting. */
  readonly field?: string;
  readonly from?: unknown;
  readonly to?: unknown;
  /** A sentence. */
  readonly description: string;
}

/** Services have no place on the canvas, and connections none of their own. */
const UNPLACED_FIELDS = BASE_FIELDS.filter(({ field }) => field !== 'position');

type Members = { readonly [K in keyof typeof MEMBER_FIELDS]?: readonly ComparedContents[] | null } & { readonly processGroups?: readonly GroupContents[] | null };

/**
 * How one flow became another: components are the same where their identifiers are and they stand in the same group. Neither name
 * and position of the outermost group count, nor what is in nested groups that follow versions of the same flow in both (NiFi),
 * unless `deep` asks for it.
 */
export function compareFlows(before: GroupContents, after: GroupContents, deep = false): FlowDifference[] {
  const comparison = new Comparison(deep);
  comparison.settings(before, after);
  comparison.members(before, after);
  return comparison.found;
}

/** The component that a difference is about. */
export function subjectOf({ before, after }: FlowDifference): ComparedContents {
  return (after ?? before)!;
}

class Comparison {
  readonly found: FlowDifference[] = [];
  readonly #deep: boolean;

  constructor(deep: boolean) {
    this.#deep = deep;
  }

  members(before: GroupContents, after: GroupContents): void {
    const [olds, news] = [before as Members, after as Members];
    for (const list of Object.keys(MEMBER_FIELDS) as (keyof typeof MEMBER_FIELDS)[]) {
      this.#pairs(olds[list], news[list], (old, now) => this.#component(list, old, now));
    }
    this.#pairs(before.processGroups, after.processGroups, (old, now) => this.#group(old, now));
  }

  #pairs<C extends ComparedContents>(olds: readonly C[] | null | undefined, news: readonly C[] | null | undefined, compare: (old: C, now: C) => void): void {
    const now = new Map((news ?? []).map((each) => [each.identifier, each]));
    for (const old of olds ?? []) {
      const same = now.get(old.identifier);
      now.delete(old.identifier);
      if (same) compare(old, same);
      else this.#add('COMPONENT_REMOVED', old, undefined);
    }
    for (const added of now.values()) this.#add('COMPONENT_ADDED', undefined, added);
  }

  #component(list: keyof typeof MEMBER_FIELDS, old: ComparedContents, now: ComparedContents): void {
    this.#fields(list === 'controllerServices' || list === 'connections' ? UNPLACED_FIELDS : BASE_FIELDS, old, now);
    this.#fields(MEMBER_FIELDS[list], old, now);
    if (list === 'processors' || list === 'controllerServices') this.#properties(old, now);
    if (list === 'connections') this.#ends(old as ConnectionContents, now as ConnectionContents);
  }

  #ends(old: ConnectionContents, now: ConnectionContents): void {
    if (old.source.id !== now.source.id) this.#add('SOURCE_CHANGED', old, now, 'source', old.source.name ?? old.source.id, now.source.name ?? now.source.id);
    if (old.destination.id !== now.destination.id) {
      this.#add('DESTINATION_CHANGED', old, now, 'destination', old.destination.name ?? old.destination.id, now.destination.name ?? now.destination.id);
    }
  }

  #group(old: GroupContents, now: GroupContents): void {
    this.#fields(BASE_FIELDS, old, now);
    this.settings(old, now);
    const [was, is] = [old.versionedFlowCoordinates, now.versionedFlowCoordinates];
    if (was && is && sameFlow(was, is)) {
      if (was.version !== is.version) this.#add('VERSIONED_FLOW_COORDINATES_CHANGED', old, now, 'version', was.version, is.version);
      if (!this.#deep) return;
    } else if (was || is) this.#add('VERSIONED_FLOW_COORDINATES_CHANGED', old, now, 'flow', was && `${was.bucketId}/${was.flowId}`, is && `${is.bucketId}/${is.flowId}`);
    this.members(old, now);
  }

  settings(old: GroupContents, now: GroupContents): void {
    this.#fields(GROUP_FIELDS, old, now);
  }

  #fields(fields: readonly ComparedField[], old: ComparedContents, now: ComparedContents): void {
    for (const { field, type, otherwise, unordered = false } of fields) {
      const from = (old as unknown as Record<string, unknown>)[field] ?? otherwise;
      const to = (now as unknown as Record<string, unknown>)[field] ?? otherwise;
      if (from !== to && canonical(from, unordered) !== canonical(to, unordered)) this.#add(type, old, now, field, from, to);
    }
  }

  #properties(old: ComparedContents, now: ComparedContents): void {
    const [was, is] = [configuredIn(old), configuredIn(now)];
    for (const name of new Set([...Object.keys(was.properties), ...Object.keys(is.properties)])) {
      const [from, to] = [was.properties[name] ?? undefined, is.properties[name] ?? undefined];
      const sensitivity = [was.descriptors[name]?.sensitive, is.descriptors[name]?.sensitive];
      if (sensitivity.every((each) => each !== undefined) && sensitivity[0] !== sensitivity[1]) {
        this.#add('PROPERTY_SENSITIVITY_CHANGED', old, now, name, sensitivity[0], sensitivity[1]);
      }
      if (from !== to) this.#add(propertyDifference(from, to), old, now, name, from, to);
    }
  }

  #add(type: DifferenceType, before: ComparedContents | undefined, after: ComparedContents | undefined, field?: string, from?: unknown, to?: unknown): void {
    const difference = { type, before, after, field, from, to };
    this.found.push({ ...difference, description: describe(difference) });
  }
}

const sameFlow = (a: FlowCoordinates, b: FlowCoordinates): boolean => a.bucketId === b.bucketId && a.flowId === b.flowId;

function configuredIn(contents: ComparedContents): { properties: Readonly<Record<string, string | null>>; descriptors: Readonly<Record<string, DescriptorContents | undefined>> } {
  const { properties, propertyDescriptors } = contents as { properties?: Record<string, string | null> | null; propertyDescriptors?: Record<string, DescriptorContents> | null };
  return { properties: properties ?? {}, descriptors: propertyDescriptors ?? {} };
}

function propertyDifference(from: string | undefined, to: string | undefined): DifferenceType {
  const [was, is] = [from, to].map((text) => text !== undefined && /^\s*#\{[^}]*\}\s*$/.test(text) && parameterReferences(text).length > 0);
  if (is && !was) return 'PROPERTY_PARAMETERIZED';
  if (was && !is) return 'PROPERTY_PARAMETERIZATION_REMOVED';
  if (from === undefined) return 'PROPERTY_ADDED';
  return to === undefined ? 'PROPERTY_REMOVED' : 'PROPERTY_CHANGED';
}

/** Texts that are equal where the values mean the same: nothing, an empty text, list and map are one. */
function canonical(value: unknown, unordered: boolean): string {
  if (value === null || value === undefined || value === '') return '';
  if (Array.isArray(value)) {
    if (value.length === 0) return '';
    const items = value.map((item) => canonical(item, unordered));
    return JSON.stringify(unordered ? items.sort() : items);
  }
  if (typeof value !== 'object') return String(value);
  const entries = Object.entries(value)
    .map(([key, item]) => [key, canonical(item, unordered)])
    .sort(([a], [b]) => (a! < b! ? -1 : 1));
  return entries.length === 0 ? '' : JSON.stringify(entries);
}

const KINDS: Readonly<Record<string, string>> = {
  PROCESSOR: 'Processor',
  CONTROLLER_SERVICE: 'Controller service',
  INPUT_PORT: 'Input port',
  OUTPUT_PORT: 'Output port',
  FUNNEL: 'Funnel',
  LABEL: 'Label',
  CONNECTION: 'Connection',
  PROCESS_GROUP: 'Process group',
  REMOTE_PROCESS_GROUP: 'Remote process group',
};

function shown(value: unknown): string {
  if (value === undefined || value === null || value === '') return 'nothing';
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  return `'${text.length > 200 ? `${text.slice(0, 200)}…` : text}'`;
}

function describe({ type, before, after, field, from, to }: Omit<FlowDifference, 'description'>): string {
  const { componentType = '', name, identifier } = (after ?? before)!;
  const label = `${KINDS[componentType] ?? 'Component'} ${name ? `${name} (${identifier})` : identifier}`;
  if (type === 'COMPONENT_ADDED') return `${label} was added`;
  if (type === 'COMPONENT_REMOVED') return `${label} was removed`;
  if (type === 'PROPERTY_ADDED') return `Property '${field}' was set to ${shown(to)}`;
  if (type === 'PROPERTY_REMOVED') return `Property '${field}' no longer has the value ${shown(from)}`;
  if (type.startsWith('PROPERTY_')) return `${DIFFERENCES[type]}: '${field}' from ${shown(from)} to ${shown(to)}`;
  return `${DIFFERENCES[type].replace(/ Changed$/, '')} changed from ${shown(from)} to ${shown(to)}`;
}
