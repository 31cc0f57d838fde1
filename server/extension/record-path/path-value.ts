import type { RecordValue } from '../record.ts';
import { isObject } from '../record-coercion.ts';
import { type DataType, TYPES } from '../record-schema.ts';
import { inferType } from '../schema-inference.ts';

/**
 * A value that a path leads to, and the place where it was found: the name of its field, and what holds it. Values that functions
 * make have no place.
 */
export interface PathValue {
  readonly value: RecordValue | undefined;
  readonly type: DataType | undefined;
  readonly name: string;
  readonly parent?: PathValue;
  /** The field's name, or the place in a list; undefined at the root and for made values. */
  readonly key?: string | number;
}

export const made = (name: string, value: RecordValue | undefined, type?: DataType): PathValue => ({
  name,
  value,
  type: type ?? (value === null || value === undefined ? undefined : inferType(value)),
});

/** The type of a field as far as the schema tells. */
export function childType(type: DataType | undefined, name: string): DataType | undefined {
  if (type?.kind === 'map') return type.value;
  if (type?.kind === 'choice') return type.options.map((option) => childType(option, name)).find((found) => found !== undefined);
  return type?.kind === 'record' ? type.schema.fields.find((one) => one.name === name)?.type : undefined;
}

export function elementType(type: DataType | undefined): DataType | undefined {
  if (type?.kind === 'choice') return type.options.map(elementType).find((found) => found !== undefined);
  return type?.kind === 'array' ? type.element : undefined;
}

/** A field of a record or map. */
export function child(parent: PathValue, name: string): PathValue {
  const holder = parent.value;
  return { value: isObject(holder) && Object.hasOwn(holder, name) ? holder[name] : undefined, type: childType(parent.type, name), name, parent, key: name };
}

/** An element of a list is called after the list's field. */
export const element = (parent: PathValue, index: number): PathValue => ({
  value: (parent.value as RecordValue[])[index],
  type: elementType(parent.type),
  name: parent.name,
  parent,
  key: index,
});

/** Whether a value is a record, not a map: as the schema says, or by its looks where it says nothing. */
export const isRecordValue = ({ value, type }: PathValue): boolean => isObject(value) && type?.kind !== 'map';

/** All fields of a record that have a value, in the order of the schema. */
export function children(parent: PathValue): PathValue[] {
  if (!isObject(parent.value)) return [];
  const known = parent.type?.kind === 'record' ? parent.type.schema.fields.map(({ name }) => name) : [];
  const names = new Set([...known, ...Object.keys(parent.value)]);
  return [...names].map((name) => child(parent, name)).filter(({ value }) => value !== null && value !== undefined);
}

/** Puts a value in the place; nothing happens where the place is none. */
export function replace({ parent, key }: PathValue, value: RecordValue): void {
  const holder = parent?.value;
  if (key === undefined || holder === null || typeof holder !== 'object') return;
  (holder as Record<string | number, RecordValue>)[key] = value;
}

/** Takes the value's place away: the field of a record or map, or the element of a list. */
export function remove({ parent, key }: PathValue): void {
  const holder = parent?.value;
  if (Array.isArray(holder) && typeof key === 'number') holder.splice(key, 1);
  else if (isObject(holder) && key !== undefined) delete holder[key];
}

/** The names from the root to the place, elements of lists left out: what a schema calls it. */
export function schemaPath({ parent, key, name }: PathValue): string[] {
  if (!parent) return [];
  return key === undefined ? [name] : [...schemaPath(parent), ...(typeof key === 'number' ? [] : [name])];
}

export const typeOrString = ({ type, value }: PathValue): DataType => type ?? (value === null || value === undefined ? TYPES.string : (inferType(value) ?? TYPES.string));
