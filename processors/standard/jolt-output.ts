import { isObject, type Json } from '../../server/extension/json-path/json-document.ts';
import { lookUp, REFERENCE, resolved, stepBack, type Walk } from './jolt-walk.ts';

/** An array in the output may be so long: an index from data must not fill memory. */
const LONGEST = 1_000_000;

type Place = { readonly key: string } | { readonly index: number | 'next' };

interface PathPart {
  readonly text: string;
  readonly isIndex: boolean;
}

/** An output path, parsed once: parts between dots outside parentheses, and indexes in brackets. */
export function parseOutputPath(path: string): readonly PathPart[] {
  const parts: PathPart[] = [];
  const token = /\[([^\]]*)\]|((?:\\.|\([^)]*\)|[^.[\\])+)|\./g;
  for (const [, index, key] of path.matchAll(token)) {
    if (index !== undefined) parts.push({ text: index, isIndex: true });
    else if (key !== undefined) parts.push({ text: key, isIndex: false });
  }
  return parts;
}

/** What the references in a part stand for, values that `@` names included; undefined where one of them is missing. */
function partText(text: string, walk: Walk): string | undefined {
  let isMissing = false;
  const withValues = text.replace(/(?<!\\)@(?:\([^)]*\)|\d+|[\w.]+)?/g, (reference) => {
    const value = lookUp(walk, reference);
    if (value === undefined || value === null || Array.isArray(value) || isObject(value)) isMissing = true;
    return String(value);
  });
  return isMissing ? undefined : resolved(withValues, walk).replace(/\\(.)/g, '$1');
}

function placeOf({ text, isIndex }: PathPart, walk: Walk): Place | undefined {
  if (!isIndex) {
    const key = partText(text, walk);
    return key === undefined ? undefined : { key };
  }
  if (text === '') return { index: 'next' };
  if (text.startsWith('#')) return { index: stepBack(walk, Number(text.slice(1) || 0), text).matches };
  const index = Number(REFERENCE.test(text) || text.includes('@') ? partText(text, walk) : text);
  REFERENCE.lastIndex = 0;
  return Number.isInteger(index) && index >= 0 && index < LONGEST ? { index } : undefined;
}

/** The output of a shift: values that come to the same place gather in an array. */
export class JoltOutput {
  #root: { top?: Json } = {};

  get value(): Json | undefined {
    return this.#root.top;
  }

  write(path: readonly PathPart[], walk: Walk, value: Json): void {
    const places: Place[] = [{ key: 'top' }];
    for (const part of path) {
      const place = placeOf(part, walk);
      if (!place) return;
      places.push(place);
    }
    let holder: Json = this.#root as { [key: string]: Json };
    for (let at = 0; at < places.length - 1; at++) {
      const next = descend(holder, places[at]!, 'index' in places[at + 1]!);
      if (next === undefined) return;
      holder = next;
    }
    add(holder, places.at(-1)!, value);
  }
}

function get(holder: Json, place: Place): Json | undefined {
  if ('key' in place) return isObject(holder) && Object.hasOwn(holder, place.key) ? holder[place.key] : undefined;
  return Array.isArray(holder) && place.index !== 'next' ? holder[place.index] : undefined;
}

function set(holder: Json, place: Place, value: Json): void {
  if ('key' in place) Object.defineProperty(holder, place.key, { value, enumerable: true, configurable: true, writable: true });
  else if (Array.isArray(holder)) {
    const index = place.index === 'next' ? holder.length : place.index;
    while (holder.length < index) holder.push(null);
    holder[index] = value;
  }
}

/** The object or array at a place, made where it is missing; undefined where something else stands there. */
function descend(holder: Json, place: Place, wantsArray: boolean): Json | undefined {
  const known = get(holder, place);
  if (known === undefined || known === null) {
    const made: Json = wantsArray ? [] : {};
    set(holder, place, made);
    return made;
  }
  return (wantsArray ? Array.isArray(known) : isObject(known)) ? known : undefined;
}

function add(holder: Json, place: Place, value: Json): void {
  const known = get(holder, place);
  // Arrays of the input are copied: what gathers later must not grow them.
  const own = Array.isArray(value) ? [...value] : value;
  if (known === undefined || known === null) set(holder, place, own);
  else if (Array.isArray(known)) known.push(own);
  else set(holder, place, [known, own]);
}
