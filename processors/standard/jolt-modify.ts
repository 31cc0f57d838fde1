import { isObject, type Json, parseJson } from '../../server/extension/json-path/json-document.ts';
import { JOLT_FUNCTIONS } from './jolt-functions.ts';
import { bySpecificity, keyMatcher, keysOf, lookUp, type Step, type Walk } from './jolt-walk.ts';

/** overwrite: always. default: where the value is missing or null. define: where the key is missing. */
export type ModifyMode = 'overwrite' | 'default' | 'define';

type Compute = (walk: Walk) => Json | undefined;

interface Entry {
  readonly key: string;
  readonly mode: ModifyMode;
  /** `key?`: only where it is there. */
  readonly mustExist: boolean;
  readonly isArray: boolean;
  readonly compute: Compute | undefined;
  readonly children: readonly Entry[];
}

const MODES: Readonly<Record<string, ModifyMode>> = { '+': 'overwrite', '~': 'default', _: 'define' };

function compileEntries(spec: { [key: string]: Json }, mode: ModifyMode): Entry[] {
  return Object.entries(spec)
    .map(([written, value]): Entry => {
      const [, prefix = '', name, array, question] = /^([+~_]?)(.*?)(\[\])?(\?)?$/s.exec(written)!;
      const own = MODES[prefix] ?? mode;
      return {
        key: name!,
        mode: own,
        mustExist: question !== undefined,
        isArray: array !== undefined,
        compute: isObject(value) ? undefined : compileValue(value),
        children: isObject(value) ? compileEntries(value, mode) : [],
      };
    })
    .sort((a, b) => Number(a.key.includes('*')) - Number(b.key.includes('*')) || (a.key.includes('*') ? bySpecificity(a.key, b.key) : 0));
}

/** A literal, a reference, a function, or a list of these of which the first that gives something counts. */
function compileValue(value: Json): Compute {
  if (Array.isArray(value)) {
    const choices = value.map(compileValue);
    return (walk) => choices.map((choice) => choice(walk)).find((result) => result !== undefined);
  }
  if (typeof value !== 'string') return () => value;
  if (value.startsWith('=')) return compileCall(value.slice(1));
  if (value.startsWith('@')) return (walk) => lookUp(walk, value);
  const literal = value.replace(/^\\(?=[=@\\])/, '');
  return () => literal;
}

function compileCall(text: string): Compute {
  const [, name, inner] = /^\s*(\w+)\s*(?:\(([\s\S]*)\))?\s*$/.exec(text) ?? [];
  const call = name === undefined || !Object.hasOwn(JOLT_FUNCTIONS, name) ? undefined : JOLT_FUNCTIONS[name];
  if (!call) throw new Error(`'=${text}' is not a function of Jolt that this runtime knows`);
  if (inner === undefined) return (walk) => callWith(call, [walk.at(-1)!.value]);
  const args = argumentsIn(inner).map(compileArgument);
  return (walk) =>
    callWith(
      call,
      args.map((argument) => argument(walk)),
    );
}

const callWith = (call: (...values: Json[]) => Json | undefined, values: readonly (Json | undefined)[]): Json | undefined =>
  values.length > 0 && values.every((value) => value === undefined) ? undefined : call(...values.map((value) => value ?? null));

/** Split at commas outside quotes and parentheses. */
function argumentsIn(text: string): string[] {
  return [...text.matchAll(/\s*((?:'(?:[^'\\]|\\.)*'|\((?:[^()]|\([^()]*\))*\)|[^,'(])+)(?:,|$)/g)].map(([, argument]) => argument!.trim());
}

function compileArgument(text: string): Compute {
  if (text.startsWith('@')) return (walk) => lookUp(walk, text);
  if (/^\w+\(/.test(text)) return compileCall(text);
  if (text.startsWith("'")) {
    const literal = text.slice(1, -1).replace(/\\(.)/g, '$1');
    return () => literal;
  }
  try {
    const literal = parseJson(text);
    return () => literal;
  } catch {
    return () => text;
  }
}

function modify(entries: readonly Entry[], document: Json, before: Walk, captures: readonly string[]): void {
  if (!isObject(document) && !Array.isArray(document)) return;
  const walk = [...before, { value: document, captures, matches: -1 } satisfies Step];
  const done = new Set<string>();
  for (const entry of entries) {
    const matcher = keyMatcher(entry.key);
    const keys = matcher.isLiteral ? [entry.key] : keysOf(document).filter((key) => !done.has(key) && matcher.match(key, walk));
    for (const key of keys) {
      if (matcher.isLiteral) done.add(key);
      change(entry, document, key, walk, matcher.match(key, walk) ?? [key]);
    }
  }
}

function change(entry: Entry, document: Json, key: string, walk: Walk, captures: readonly string[]): void {
  const holder = document as { [key: string]: Json };
  const isThere = Object.hasOwn(holder, key);
  const known = isThere ? holder[key]! : undefined;
  if (entry.mustExist && !isThere) return;
  if (entry.compute) {
    if (!mayWrite(entry.mode, known, isThere)) return;
    const value = entry.compute([...walk, { value: known, captures, matches: -1 }]);
    if (value !== undefined) write(holder, key, value);
  } else {
    if (!isThere || known === null) write(holder, key, entry.isArray ? [] : {});
    modify(entry.children, holder[key]!, walk, captures);
  }
}

function mayWrite(mode: ModifyMode, known: Json | undefined, isThere: boolean): boolean {
  return mode === 'overwrite' || (mode === 'default' ? known === undefined || known === null : !isThere);
}

function write(holder: object, key: string, value: Json): void {
  if (Array.isArray(holder) && (!/^\d{1,6}$/.test(key) || Number(key) > holder.length + 1000)) return;
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}

/** Compiles a modify: computes values in place. Throws an Error where the specification is none. */
export function compileModify(spec: Json, mode: ModifyMode): (document: Json) => Json {
  if (!isObject(spec)) throw new Error('a modify must be an object');
  const entries = compileEntries(spec, mode);
  return (document) => {
    modify(entries, document, [], ['root']);
    return document;
  };
}
