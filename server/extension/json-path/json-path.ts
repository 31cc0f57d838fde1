import { PropertyError } from '../errors.ts';
import { isObject, type Json, jsonNumber } from './json-document.ts';
import { type Condition, ConditionReader } from './json-path-filter.ts';
import { PathText } from './json-path-text.ts';

type Step =
  | { readonly kind: 'keys'; readonly keys: readonly string[] }
  | { readonly kind: 'indexes'; readonly indexes: readonly number[] }
  | { readonly kind: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly kind: 'all' | 'deep' | 'length' }
  | { readonly kind: 'filter'; readonly condition: Condition };

/** A JSON path in the syntax of Jayway JsonPath, which NiFi uses. */
export class JsonPath {
  readonly #steps: readonly Step[];
  /** Whether it can point at one place only; else its result is an array. */
  readonly isDefinite: boolean;

  constructor(steps: readonly Step[]) {
    this.#steps = steps;
    this.isDefinite = steps.every((step) => step.kind === 'length' || ('keys' in step && step.keys.length === 1) || ('indexes' in step && step.indexes.length === 1));
  }

  /** Throws PropertyError that says where the text is wrong. */
  static parse(text: string): JsonPath {
    const at = new PathText(text.trim());
    if (!at.skip('$')) throw new PropertyError(`'${text}' is not a JSON path: it must begin with $, such as $.items[0].name`);
    const path = readPath(at);
    if (!at.isAtEnd) throw at.wrong();
    return path;
  }

  /** What the path points at; undefined where a definite path leads nowhere. `root` is what `$` inside filters means. */
  read(from: Json, root: Json = from): Json | undefined {
    let found: Json[] = [from];
    for (const step of this.#steps) found = found.flatMap((value) => follow(step, value, root));
    return this.isDefinite ? found[0] : found;
  }
}

/** The steps that follow `$` or `@`, up to where no further step begins. */
function readPath(at: PathText): JsonPath {
  const steps: Step[] = [];
  for (let next = readSteps(at); next; next = readSteps(at)) steps.push(...next);
  return new JsonPath(steps);
}

function readSteps(at: PathText): Step[] | undefined {
  if (at.skip('..')) return [{ kind: 'deep' }, at.starts('[') ? readBracket(at) : readName(at)];
  if (at.skip('.')) return [at.starts('[') ? readBracket(at) : readName(at)];
  return at.starts('[') ? [readBracket(at)] : undefined;
}

function readName(at: PathText): Step {
  if (at.skip('*')) return { kind: 'all' };
  if (at.match(/(?:length|size)\(\s*\)/y)) return { kind: 'length' };
  const name = at.match(/[^.[\]()'"\s*,:?$@&|=!<>~]+/y);
  if (!name || at.starts('(')) throw at.wrong();
  return { kind: 'keys', keys: [name[0]] };
}

function readBracket(at: PathText): Step {
  at.skip('[');
  at.space();
  if (at.match(/\*\s*\]/y)) return { kind: 'all' };
  if (at.match(/\?\s*\(/y)) {
    const condition = new ConditionReader(at, readPath).read();
    if (!at.match(/\s*\)\s*\]/y)) throw at.wrong();
    return { kind: 'filter', condition };
  }
  const slice = at.match(/(-?\d+)?\s*:\s*(-?\d+)?\s*\]/y);
  if (slice) return { kind: 'slice', from: slice[1] === undefined ? undefined : Number(slice[1]), to: slice[2] === undefined ? undefined : Number(slice[2]) };
  const indexes = at.match(/(-?\d+(?:\s*,\s*-?\d+)*)\s*\]/y);
  if (indexes) return { kind: 'indexes', indexes: indexes[1]!.split(',').map(Number) };
  return { kind: 'keys', keys: readKeys(at) };
}

function readKeys(at: PathText): string[] {
  const keys: string[] = [];
  do {
    at.space();
    const key = at.quoted();
    if (key === undefined) throw at.wrong();
    keys.push(key);
    at.space();
  } while (at.skip(','));
  if (!at.skip(']')) throw at.wrong();
  return keys;
}

const members = (value: Json): Json[] => (Array.isArray(value) ? value : isObject(value) ? Object.values(value) : []);

function everything(value: Json): Json[] {
  const found = [value];
  for (const member of members(value)) for (const each of everything(member)) found.push(each);
  return found;
}

function follow(step: Step, value: Json, root: Json): Json[] {
  switch (step.kind) {
    case 'keys':
      return isObject(value) ? step.keys.flatMap((key) => (Object.hasOwn(value, key) ? [value[key]!] : [])) : [];
    case 'indexes':
      return Array.isArray(value) ? step.indexes.flatMap((index) => value.slice(index, index === -1 ? undefined : index + 1)) : [];
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from, step.to) : [];
    case 'all':
      return members(value);
    case 'deep':
      return everything(value);
    case 'length':
      return Array.isArray(value) || typeof value === 'string' ? [jsonNumber(value.length)] : isObject(value) ? [jsonNumber(Object.keys(value).length)] : [];
    case 'filter':
      return (Array.isArray(value) ? value : [value]).filter((member) => step.condition(member, root));
  }
}
