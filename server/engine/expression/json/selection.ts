import { Decimal, doubleValue, type Numeric } from '../numbers.ts';
import type { Json } from './document.ts';
import type { JsonPath, Step } from './path.ts';

/** A place in a document: what holds it and where. The document itself has no holder. */
export interface Place {
  readonly value: Json;
  readonly holder?: Json;
  readonly at?: string | number;
}

/**
 * The places that a path points at. A definite path that leads nowhere gives undefined: Jayway's PathNotFoundException.
 * An indefinite one gives a list, which may be empty.
 */
export function select(path: JsonPath, root: Json): Place[] | undefined {
  let places: Place[] = [{ value: root }];
  for (const step of path.steps) {
    places = places.flatMap((place) => follow(step, place, root));
    if (path.definite && places.length === 0) return undefined;
  }
  return places;
}

/** The value of a definite path, the list of values of an indefinite one; undefined where there is none. */
export function read(path: JsonPath, root: Json): Json | undefined {
  const places = select(path, root);
  return path.definite ? places?.[0]?.value : places?.map((place) => place.value);
}

function follow(step: Step, place: Place, root: Json): Place[] {
  const { value } = place;
  switch (step.kind) {
    case 'keys':
      return value instanceof Map ? step.keys.filter((key) => value.has(key)).map((key) => ({ value: value.get(key)!, holder: value, at: key })) : [];
    case 'indexes':
      return Array.isArray(value) ? step.indexes.map((index) => (index < 0 ? index + value.length : index)).flatMap((index) => element(value, index)) : [];
    case 'slice':
      return Array.isArray(value) ? slice(value, step.from, step.to) : [];
    case 'all':
      return members(value);
    case 'deep':
      return everything(place);
    case 'filter':
      return filtered(value).filter((member) => step.filter(member.value, root, (path, from) => read(path, from)));
    case 'function':
      return aggregate(step.name, value);
  }
}

function element(array: Json[], index: number): Place[] {
  return index >= 0 && index < array.length ? [{ value: array[index]!, holder: array, at: index }] : [];
}

function slice(array: Json[], from: number | undefined, to: number | undefined): Place[] {
  const end = to ?? array.length;
  const indexes = array.map((_, i) => i).slice(from, end);
  return indexes.flatMap((index) => element(array, index));
}

function members(value: Json): Place[] {
  if (Array.isArray(value)) return value.map((member, at) => ({ value: member, holder: value, at }));
  return value instanceof Map ? [...value].map(([at, member]) => ({ value: member, holder: value, at })) : [];
}

/** A filter looks at the members of an array, and at an object as it is. */
function filtered(value: Json): Place[] {
  return value instanceof Map ? [{ value }] : members(value);
}

/** The value and all that is inside it, outermost first. */
function everything(place: Place): Place[] {
  const found: Place[] = [];
  const waiting = [place];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    found.push(next);
    waiting.push(...members(next.value).reverse());
  }
  return found;
}

function aggregate(name: string, value: Json): Place[] {
  if (name === 'length' || name === 'size') return sized(value);
  if (name === 'keys') return value instanceof Map ? [{ value: [...value.keys()] }] : [];
  if (!Array.isArray(value)) return [];
  if (name === 'first' || name === 'last') return element(value, name === 'first' ? 0 : value.length - 1);
  const numbers = value.filter((member): member is Numeric => typeof member === 'number' || typeof member === 'bigint' || member instanceof Decimal).map(doubleValue);
  return numbers.length === 0 ? [] : [{ value: new Decimal(STATISTICS[name]!(numbers)) }];
}

function sized(value: Json): Place[] {
  if (value instanceof Map) return [{ value: value.size }];
  return Array.isArray(value) || typeof value === 'string' ? [{ value: value.length }] : [];
}

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
const mean = (numbers: readonly number[]) => sum(numbers) / numbers.length;

const STATISTICS: Record<string, (numbers: readonly number[]) => number> = {
  min: (numbers) => numbers.reduce((a, b) => Math.min(a, b)),
  max: (numbers) => numbers.reduce((a, b) => Math.max(a, b)),
  sum,
  avg: mean,
  stddev: (numbers) => Math.sqrt(mean(numbers.map((number) => number ** 2)) - mean(numbers) ** 2),
};
