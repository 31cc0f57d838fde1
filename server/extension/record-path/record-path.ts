import { PropertyError } from '../errors.ts';
import { type DataRecord, ExactNumber, type RecordValue } from '../record.ts';
import { isObject, textOf } from '../record-coercion.ts';
import { recordType, type RecordSchema, TYPES } from '../record-schema.ts';
import { FUNCTIONS } from './functions.ts';
import { child, children, element, isRecordValue, made, type PathValue } from './path-value.ts';
import { type Operator, parseRecordPath, type PathNode, type Step } from './syntax.ts';

interface Surroundings {
  readonly root: PathValue;
  readonly current: PathValue;
}
type Evaluate = (surroundings: Surroundings) => readonly PathValue[];
type Walk = (from: readonly PathValue[], surroundings: Surroundings) => readonly PathValue[];

const isNumber = (value: RecordValue): value is number | bigint | ExactNumber => typeof value === 'number' || typeof value === 'bigint' || value instanceof ExactNumber;

function same(a: RecordValue | undefined, b: RecordValue): boolean {
  if (a === null || a === undefined) return false;
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b) && String(a) === String(b);
  if (isNumber(a) || isNumber(b)) return textOf(a) === textOf(b);
  return a === b || (typeof a === 'object' && textOf(a) === textOf(b));
}

/** Numbers, and text that is one, are compared by size; nothing else is less or greater. */
function compare(a: RecordValue | undefined, b: RecordValue, decide: (a: number, b: number) => boolean): boolean {
  if (a === null || a === undefined || textOf(a).trim() === '' || textOf(b).trim() === '') return false;
  const [left, right] = [Number(textOf(a)), Number(textOf(b))];
  return !Number.isNaN(left) && !Number.isNaN(right) && decide(left, right);
}

const OPERATORS: Readonly<Record<Operator, (a: RecordValue | undefined, b: RecordValue) => boolean>> = {
  '=': same,
  '!=': (a, b) => !same(a, b),
  '<': (a, b) => compare(a, b, (x, y) => x < y),
  '<=': (a, b) => compare(a, b, (x, y) => x <= y),
  '>': (a, b) => compare(a, b, (x, y) => x > y),
  '>=': (a, b) => compare(a, b, (x, y) => x >= y),
};

/** Fields at whatever depth, in records and in lists of records. */
function descendants(from: PathValue, name: string | undefined): PathValue[] {
  if (Array.isArray(from.value)) return from.value.flatMap((_, index) => descendants(element(from, index), name));
  if (!isRecordValue(from)) return [];
  return children(from).flatMap((one) => [...(name === undefined || one.name === name ? [one] : []), ...descendants(one, name)]);
}

const elements = (one: PathValue): PathValue[] =>
  Array.isArray(one.value) ? one.value.map((_, index) => element(one, index)) : isObject(one.value) ? Object.keys(one.value).map((name) => child(one, name)) : [];

function atIndices(one: PathValue, ranges: readonly (readonly [number, number])[]): PathValue[] {
  if (!Array.isArray(one.value)) return [];
  const { length } = one.value;
  const place = (index: number): number => (index < 0 ? length + index : index);
  return ranges.flatMap(([from, to]) => {
    const [start, end] = [Math.max(place(from), 0), Math.min(place(to), length - 1)];
    return Array.from({ length: Math.max(end - start + 1, 0) }, (_, offset) => element(one, start + offset));
  });
}

/** Records hold lists of records too: the parent of an element of a list is the list. */
function walkOf(step: Step): Walk {
  switch (step.kind) {
    case 'self':
      return (from) => from;
    case 'parent':
      return (from) => [...new Set(from.flatMap(({ parent }) => (parent ? [parent] : [])))];
    case 'child':
      return (from) => from.flatMap((one) => (!isObject(one.value) ? [] : step.name === undefined ? children(one) : [child(one, step.name)]));
    case 'descendant':
      return (from) => from.flatMap((one) => descendants(one, step.name));
    case 'every':
      return (from) => from.flatMap(elements);
    case 'indices':
      return (from) => from.flatMap((one) => atIndices(one, step.ranges));
    case 'keys':
      return (from) => from.flatMap((one) => (isObject(one.value) ? step.keys.map((key) => child(one, key)) : []));
    case 'predicate': {
      const filter = compileNode(step.filter);
      return (from, { root }) => from.filter((one) => filter({ root, current: one }).some(({ value }) => value === true));
    }
  }
}

function compilePath({ from, steps }: Extract<PathNode, { kind: 'path' }>): Evaluate {
  const walks = steps.map(walkOf);
  return (surroundings) => {
    const { root, current } = surroundings;
    const start = from === 'root' ? root : from === 'current' ? current : current.parent;
    let found: readonly PathValue[] = start ? [start] : [];
    for (const walk of walks) found = walk(found, surroundings);
    return found;
  };
}

function compileFunction({ name, args }: Extract<PathNode, { kind: 'function' }>): Evaluate {
  if (name === 'anchored' && args.length === 2) return compileAnchored(args[0]!, args[1]!);
  const declared = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!declared) throw new PropertyError(`a RecordPath knows no function '${name}'`);
  const [least, most] = declared.count;
  if (args.length < least || args.length > most)
    throw new PropertyError(`the RecordPath function ${name} takes ${least === most ? least : `${least} to ${most}`} arguments, not ${args.length}`);
  const compiled = args.map(compileNode);
  return (surroundings) => declared.call(compiled.map((argument) => () => argument(surroundings)));
}

/** Evaluates the second path with each record of the first as the root. */
function compileAnchored(anchor: PathNode, path: PathNode): Evaluate {
  const anchors = compileNode(anchor);
  const inner = compileNode(path);
  const at = (one: PathValue): readonly PathValue[] => {
    if (Array.isArray(one.value)) return one.value.flatMap((_, index) => at(element(one, index)));
    const root: PathValue = { name: one.name, value: one.value, type: one.type };
    return isObject(one.value) ? inner({ root, current: root }) : [];
  };
  return (surroundings) => anchors(surroundings).flatMap(at);
}

function compileNode(node: PathNode): Evaluate {
  switch (node.kind) {
    case 'text':
    case 'number': {
      const value = [made(node.kind, node.value, node.kind === 'text' ? TYPES.string : undefined)];
      return () => value;
    }
    case 'function':
      return compileFunction(node);
    case 'compare': {
      const [left, right] = [compileNode(node.left), compileNode(node.right)];
      const decide = OPERATORS[node.operator];
      return (surroundings) => {
        const other = right(surroundings).find(({ value }) => value !== null && value !== undefined)?.value;
        return other === undefined || other === null ? [] : left(surroundings).map(({ value }) => made(node.operator, decide(value, other), TYPES.boolean));
      };
    }
    default:
      return compilePath(node);
  }
}

/** A compiled RecordPath. */
export interface RecordPath {
  readonly text: string;
  /** Whether it begins at the root, and so gives the same for every field of a record. */
  readonly isAbsolute: boolean;
  /** The values that it leads to in a record; a relative path begins at `current`. Throws ProcessError. */
  evaluate(record: DataRecord, schema: RecordSchema, current?: PathValue): readonly PathValue[];
}

function isAbsolute(node: PathNode): boolean {
  if (node.kind === 'path') return node.from === 'root';
  if (node.kind === 'function') return node.args.every(isAbsolute);
  return node.kind !== 'compare' || (isAbsolute(node.left) && isAbsolute(node.right));
}

const types = new WeakMap<RecordSchema, ReturnType<typeof recordType>>();

function typeOf(schema: RecordSchema): ReturnType<typeof recordType> {
  const known = types.get(schema) ?? recordType(schema);
  types.set(schema, known);
  return known;
}

function compile(text: string): RecordPath {
  const node = parseRecordPath(text);
  const evaluate = compileNode(node);
  return {
    text,
    isAbsolute: isAbsolute(node),
    evaluate(record, schema, current) {
      const root: PathValue = { name: 'root', value: record, type: typeOf(schema) };
      return evaluate({ root, current: current ?? root });
    },
  };
}

const cache = new Map<string, RecordPath>();

/** A compiled path; the same text gives the same object while it is in use. Throws PropertyError, which says what is wrong. */
export function compileRecordPath(text: string): RecordPath {
  const known = cache.get(text);
  if (known) return known;
  const path = compile(text);
  if (cache.size >= 500) cache.clear();
  cache.set(text, path);
  return path;
}

/** For properties that hold a path: throws PropertyError where the text is none. */
export const checkRecordPath = (text: string): void => void compileRecordPath(text);
