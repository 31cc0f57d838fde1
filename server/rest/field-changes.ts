import type { StoredBase } from '../engine/component.ts';
import type { StoredParameterContext } from '../engine/parameter-context.ts';
import { MASK } from './dto/descriptor.ts';

/** One field of a component before and after; sensitive values are masked. */
export interface FieldChange {
  readonly name: string;
  readonly previousValue: string | undefined;
  readonly value: string | undefined;
  /** Whether it is a property of the component. */
  readonly isProperty: boolean;
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
