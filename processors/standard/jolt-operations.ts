import { isObject, type Json } from '../../server/extension/json-path/json-document.ts';
import { bySpecificity, keyMatcher, keysOf } from './jolt-walk.ts';

type Holder = { [key: string]: Json };

/** Keys of a specification with the keys of the document that each stands for; a document key belongs to the most special one. */
function pairs(spec: Holder, document: Json): [specKey: string, key: string][] {
  const taken = new Set<string>();
  const specKeys = Object.keys(spec).sort((a, b) => Number(a.includes('*')) - Number(b.includes('*')) || bySpecificity(a, b));
  return specKeys.flatMap((specKey) => {
    const matchers = specKey.split('|').map(keyMatcher);
    return keysOf(document)
      .filter((key) => !taken.has(key) && matchers.some((matcher) => matcher.match(key, []) !== undefined))
      .map((key): [string, string] => {
        taken.add(key);
        return [specKey, key];
      });
  });
}

const at = (document: Json, key: string): Json => (document as Holder)[key] ?? null;

function put(document: Json, key: string, value: Json): void {
  Object.defineProperty(document, key, { value, enumerable: true, configurable: true, writable: true });
}

const isMissing = (document: Json, key: string): boolean => !Object.hasOwn(document as object, key) || at(document, key) === null;

/** Default: values for what is missing or null. `key[]` makes an array, whose specification names places. */
export function applyDefaults(spec: Json, document: Json): Json {
  if (!isObject(spec)) return document;
  for (const [written, value] of Object.entries(spec)) {
    const isArray = written.endsWith('[]');
    const name = isArray ? written.slice(0, -2) : written;
    const keys = /[*|]/.test(name) ? pairs({ [name]: value }, document).map(([, key]) => key) : [name];
    for (const key of name.includes('|') && !name.includes('*') ? name.split('|') : keys) defaultAt(document, key, value, isArray);
  }
  return document;
}

function defaultAt(document: Json, key: string, value: Json, isArray: boolean): void {
  if (Array.isArray(document)) while (/^\d{1,6}$/.test(key) && document.length <= Number(key)) document.push(null);
  const isNested = isObject(value);
  if (isMissing(document, key)) put(document, key, isNested ? (isArray ? [] : {}) : structuredCopy(value));
  const child = at(document, key);
  if (isNested && (isArray ? Array.isArray(child) : isObject(child))) applyDefaults(value, child);
}

const structuredCopy = (value: Json): Json =>
  Array.isArray(value) ? value.map(structuredCopy) : isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, child]) => [key, structuredCopy(child)])) : value;

/** Remove: what the specification names goes. */
export function applyRemove(spec: Json, document: Json): Json {
  if (!isObject(spec)) return document;
  const doomed: string[] = [];
  for (const [specKey, key] of pairs(spec, document)) {
    if (isObject(spec[specKey])) applyRemove(spec[specKey]!, at(document, key));
    else doomed.push(key);
  }
  if (Array.isArray(document)) for (const key of doomed.map(Number).sort((a, b) => b - a)) document.splice(key, 1);
  else for (const key of doomed) delete (document as Holder)[key];
  return document;
}

/** Cardinality: ONE takes the first of an array, MANY makes an array of one. `@` is about the object itself. */
export function applyCardinality(spec: Json, document: Json): Json {
  if (!isObject(spec)) return document;
  for (const [specKey, key] of pairs(spec, document)) {
    const rule = spec[specKey]!;
    const wanted = isObject(rule) ? rule['@'] : rule;
    if (wanted !== undefined) put(document, key, cardinal(at(document, key), wanted));
    const child = at(document, key);
    if (isObject(rule)) for (const each of Array.isArray(child) ? child : [child]) applyCardinality(rule, each);
  }
  return document;
}

function cardinal(value: Json, wanted: Json): Json {
  if (wanted === 'ONE') return Array.isArray(value) ? (value[0] ?? null) : value;
  if (wanted === 'MANY') return Array.isArray(value) ? value : value === null ? [] : [value];
  throw new Error(`a cardinality must be ONE or MANY, not ${JSON.stringify(wanted)}`);
}

/** Sort: the keys of every object, those that begin with ~ first. */
export function applySort(document: Json): Json {
  if (Array.isArray(document)) return document.map(applySort);
  if (!isObject(document)) return document;
  const rank = (key: string): number => (key.startsWith('~') ? 0 : 1);
  const entries = Object.entries(document).sort(([a], [b]) => rank(a) - rank(b) || (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, applySort(value)]));
}
