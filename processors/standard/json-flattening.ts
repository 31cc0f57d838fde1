import { isObject, isScalar, type Json } from '../../server/extension/json-path/json-document.ts';

export type FlattenMode = 'normal' | 'keep arrays' | 'dot notation' | 'keep primitive arrays';

export interface FlattenRules {
  readonly separator: string;
  readonly mode: FlattenMode;
  /** Keys with the separator in them are not quoted. */
  readonly ignoresReserved: boolean;
}

const isEmpty = (value: Json): boolean => (Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0);

/** Every value under its path. A value alone stays as it is; an array at the top becomes an object under `root`, unless arrays stay. */
export function flatten(document: Json, rules: FlattenRules): Json {
  if (isScalar(document) || isEmpty(document)) return document;
  if (Array.isArray(document) && stays(document, rules)) return document.map((element) => flatten(element, rules));
  const result: { [key: string]: Json } = {};
  walk(document, '', rules, (path, value) => Object.defineProperty(result, path, { value, enumerable: true, configurable: true, writable: true }));
  return result;
}

const stays = (value: readonly Json[], { mode }: FlattenRules): boolean => mode === 'keep arrays' || (mode === 'keep primitive arrays' && value.every(isScalar));

function walk(value: Json, path: string, rules: FlattenRules, emit: (path: string, value: Json) => void): void {
  if (isScalar(value) || isEmpty(value)) return emit(path, value);
  if (Array.isArray(value)) {
    if (stays(value, rules))
      return emit(
        path,
        value.map((element) => flatten(element, rules)),
      );
    value.forEach((element, index) => walk(element, rules.mode === 'dot notation' ? joined(path, String(index), rules) : `${path}[${index}]`, rules, emit));
  } else for (const [key, child] of Object.entries(value as { [key: string]: Json })) walk(child, joined(path, key, rules), rules, emit);
}

function joined(path: string, key: string, { separator, ignoresReserved }: FlattenRules): string {
  const isReserved = !ignoresReserved && (key.includes(separator) || /[[\]"]/.test(key));
  if (isReserved) return `${path}[${JSON.stringify(key)}]`;
  return path === '' ? key : path + separator + key;
}

/** Paths become objects and arrays again. Throws an Error where two paths contradict each other. */
export function unflatten(document: Json, separator: string): Json {
  if (Array.isArray(document)) return document.map((element) => unflatten(element, separator));
  if (!isObject(document)) return document;
  const root: { top?: Json } = {};
  for (const [path, value] of Object.entries(document)) place(root, stepsOf(path, separator), unflatten(value, separator), path);
  return root.top ?? {};
}

type Step = string | number;

function stepsOf(path: string, separator: string): Step[] {
  const steps: Step[] = [];
  for (let at = 0; at < path.length; ) {
    const bracket = /\[(?:(\d{1,7})|("(?:[^"\\]|\\.)*"))\]/y;
    bracket.lastIndex = at;
    const found = bracket.exec(path);
    if (found) {
      steps.push(found[1] === undefined ? (JSON.parse(found[2]!) as string) : Number(found[1]));
      at = bracket.lastIndex + (path.startsWith(separator, bracket.lastIndex) ? separator.length : 0);
      continue;
    }
    const ends = [path.indexOf(separator, at), path.indexOf('[', at + 1)].filter((end) => end >= 0);
    const end = ends.length > 0 ? Math.min(...ends) : path.length;
    steps.push(path.slice(at, end));
    at = path.startsWith(separator, end) ? end + separator.length : end;
  }
  return steps.length > 0 ? steps : [''];
}

function place(root: { top?: Json }, steps: readonly Step[], value: Json, path: string): void {
  let holder: object = root;
  let key: Step = 'top';
  for (const step of steps) {
    const known: Json | undefined = Object.hasOwn(holder, key) ? (holder as Record<Step, Json>)[key] : undefined;
    const wanted: Json = known ?? (typeof step === 'number' ? [] : {});
    if (!(Array.isArray(wanted) || isObject(wanted)) || Array.isArray(wanted) !== (typeof step === 'number')) throw new Error(`the path '${path}' contradicts another one`);
    set(holder, key, wanted);
    holder = wanted as object;
    key = step;
  }
  set(holder, key, value);
}

/** Also a key such as `__proto__` is only a key. */
function set(holder: object, key: Step, value: Json): void {
  Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
}
