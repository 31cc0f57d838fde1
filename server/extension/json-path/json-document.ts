import { isLosslessNumber, LosslessNumber, parse, stringify } from 'lossless-json';

/** JSON in which a number keeps its text: 64-bit integers, and 50.0 stays 50.0. */
export type Json = null | boolean | string | LosslessNumber | Json[] | { [key: string]: Json };

/** Text to a document. Throws SyntaxError. */
export function parseJson(text: string): Json {
  return parse(text, undefined, { onDuplicateKey: ({ newValue }) => newValue }) as Json;
}

/** A document to compact text, or to text with an indent. */
export function jsonText(value: Json, indent?: number): string {
  return stringify(value, undefined, indent)!;
}

export const isNumber = (value: Json | undefined): value is LosslessNumber => isLosslessNumber(value);

/** A number that was counted, not read. */
export const jsonNumber = (value: number): Json => new LosslessNumber(String(value));

export const isObject = (value: Json | undefined): value is { [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value);

export const isScalar = (value: Json): boolean => !Array.isArray(value) && !isObject(value);

/** A value as content or attribute: text without its quotes, null as chosen, the rest as JSON. */
export function plainText(value: Json, nullText: string): string {
  if (value === null) return nullText;
  return typeof value === 'string' ? value : jsonText(value);
}
