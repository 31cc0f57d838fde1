import { toText } from '../coercion.ts';
import type { Value } from '../evaluation.ts';
import { DateValue, InstantValue } from '../../../extension/java/instants.ts';
import { type Json, jsonText, parseJson } from '../json/document.ts';
import { type JsonPath, parseJsonPath } from '../json/path.ts';
import { type Place, read, select } from '../json/selection.ts';
import { anything, define, type FunctionTable, parsed, required, text } from './declaration.ts';

const path = parsed(parseJsonPath);

/**
 * The Guide's `jsonPath` functions. A document that is no JSON is an Error, a change that cannot be made gives the empty text.
 * jsonPathPut puts text whatever it is given, as NiFi does.
 */
export const jsonFunctions: FunctionTable = {
  jsonPath: define(text, [path], 'string', jsonPath),
  jsonPathDelete: define(text, [path], 'string', (s, at) => changed(s, at, remove)),
  jsonPathSet: define(text, [path, anything], 'string', (s, at, value) => changed(s, at, (places) => each(places, replace, value))),
  jsonPathAdd: define(text, [path, anything], 'string', (s, at, value) => changed(s, at, (places) => each(places, append, value))),
  jsonPathPut: define(text, [path, text, text], 'string', put),
};

function document(s: string | undefined): Json {
  if (s === undefined || s === '') throw new Error('A JSON path needs a JSON document, and there is none');
  try {
    return parseJson(s);
  } catch (cause) {
    throw new Error(`A JSON path needs a JSON document: ${(cause as Error).message}`);
  }
}

function jsonPath(s: string | undefined, at: JsonPath | undefined): string {
  return resultText(read(required(at, 'jsonPath: the path'), document(s)));
}

/** A list of one is what is in it; null and what is not there are the empty text. */
function resultText(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value) && value.length === 1) return resultText(value[0]);
  return typeof value === 'string' ? value : jsonText(value);
}

function toJson(value: Value): Json {
  if (value === undefined) return null;
  return value instanceof DateValue || value instanceof InstantValue ? toText(value) : value;
}

/** The document after a change; as it was where the path leads nowhere. `change` answers whether it could be made. */
function changed(s: string | undefined, at: JsonPath | undefined, change: (places: Place[]) => boolean): string {
  const root = document(s);
  const places = select(required(at, 'the JSON path'), root);
  return !places || change(places) ? jsonText(root) : '';
}

/** Last ones first, so that the places of the others stay right. */
function remove(places: Place[]): boolean {
  for (const { holder, at } of [...places].reverse()) {
    if (Array.isArray(holder)) holder.splice(at as number, 1);
    else if (holder instanceof Map) holder.delete(at as string);
    else return false;
  }
  return true;
}

/** Whether all of the changes could be made. */
function each(places: Place[], change: (place: Place, value: Json) => boolean, value: Value): boolean {
  const json = toJson(value);
  return places.map((place) => change(place, json)).every(Boolean);
}

function replace({ holder, at }: Place, value: Json): boolean {
  if (Array.isArray(holder)) holder[at as number] = value;
  else if (holder instanceof Map) holder.set(at as string, value);
  return holder !== undefined;
}

function append({ value: array }: Place, value: Json): boolean {
  if (!Array.isArray(array)) return false;
  array.push(value);
  return true;
}

function put(s: string | undefined, at: JsonPath | undefined, key: string | undefined, value: string | undefined): string {
  const root = document(s);
  const objects = select(required(at, 'jsonPathPut: the path'), root)?.map((place) => place.value);
  if (!objects?.every((object) => object instanceof Map)) return '';
  for (const object of objects) object.set(required(key, 'jsonPathPut: the key'), value ?? null);
  return jsonText(root);
}
