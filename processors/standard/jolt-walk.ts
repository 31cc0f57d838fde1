import type { Json } from '../../server/extension/json-path/json-document.ts';
import { isObject } from '../../server/extension/json-path/json-document.ts';

/** One level of the way from the top of a document to where a transform stands. */
export interface Step {
  /** What stands at this level. */
  readonly value: Json | undefined;
  /** The key that led here, then what its wildcards stood for. */
  readonly captures: readonly string[];
  /** How many keys of this level have matched, less one. */
  matches: number;
}

export type Walk = readonly Step[];

/** `up` levels back. Throws an Error where the way is not so long. */
export function stepBack(walk: Walk, up: number, text: string): Step {
  const step = walk[walk.length - 1 - up];
  if (!step) throw new Error(`'${text}' refers to a level that does not exist`);
  return step;
}

/** What a reference such as `&`, `&2` or `&(1,2)` stands for. */
export function captured(walk: Walk, reference: string): string {
  const [, up = '0', , inner] = /^[&$](?:(\d+)|\((\d+)(?:,(\d+))?\))?$/.exec(reference) ?? [];
  const parenthesized = /\((\d+)/.exec(reference);
  const step = stepBack(walk, Number(parenthesized?.[1] ?? up), reference);
  return step.captures[Number(inner ?? 0)] ?? '';
}

export const REFERENCE = /&(?:\d+|\(\d+(?:,\d+)?\))?/g;

/** A text with its references resolved. */
export const resolved = (text: string, walk: Walk): string => text.replace(REFERENCE, (reference) => captured(walk, reference));

/** The child of an object or array; undefined where there is none. */
export function childOf(value: Json | undefined, key: string): Json | undefined {
  if (Array.isArray(value)) return /^\d+$/.test(key) ? value[Number(key)] : undefined;
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

export function keysOf(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.map((_, index) => String(index));
  return isObject(value) ? Object.keys(value) : [];
}

/** `a.b[2].c` read from a document; references in it are resolved. */
export function readPath(value: Json | undefined, path: string, walk: Walk): Json | undefined {
  const keys = resolved(path, walk)
    .split(/\.|\[(\d+)\]/)
    .filter((key): key is string => key !== undefined && key !== '');
  return keys.reduce<Json | undefined>((found, key) => childOf(found, key), value);
}

/** The value that `@`, `@2`, `@(1,a.b)` or `@a` names. */
export function lookUp(walk: Walk, reference: string): Json | undefined {
  const [, up, inUp, inPath, bare] = /^@(?:(\d+)|\((\d+)(?:,(.*))?\)|(.*))?$/.exec(reference) ?? [];
  if (bare !== undefined && bare !== '') return readPath(stepBack(walk, 0, reference).value, bare.replace(/^\((.*)\)$/, '$1'), walk);
  return readPath(stepBack(walk, Number(up ?? inUp ?? 0), reference).value, inPath ?? '', walk);
}

/** A key of a specification: literal, alternatives, wildcards or a reference. */
export interface KeyMatcher {
  readonly isLiteral: boolean;
  /** What the wildcards stand for, the whole key first; undefined where the key does not match. */
  match(key: string, walk: Walk): string[] | undefined;
}

const escapeRegex = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

export function keyMatcher(text: string): KeyMatcher {
  if (text.startsWith('\\')) return literal(text.slice(1));
  if (text.includes('*')) {
    const pattern = new RegExp(`^${text.split('*').map(escapeRegex).join('([\\s\\S]*?)')}$`);
    return { isLiteral: false, match: (key) => pattern.exec(key)?.map(String) };
  }
  if (text.includes('&')) return { isLiteral: false, match: (key, walk) => (resolved(text, walk) === key ? [key] : undefined) };
  return literal(text);
}

const literal = (text: string): KeyMatcher => ({ isLiteral: true, match: (key) => (key === text ? [key] : undefined) });

/** The more of a key is said, the earlier it is tried: references, then wildcards by their length, `*` alone last. */
export function bySpecificity(a: string, b: string): number {
  const rank = (text: string): number => (text.includes('*') ? (text === '*' ? 2 : 1) : 0);
  return rank(a) - rank(b) || b.length - a.length || (a < b ? -1 : 1);
}
