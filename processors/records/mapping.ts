import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import type { FieldType, RecordValue } from '../../server/extension/record.ts';
import { CONVERSIONS, type Conversion, TRANSFORMS } from './conversion.ts';

/** One line of the mapping table. */
export interface MappedField {
  readonly source: string | undefined;
  readonly destination: string;
  readonly type: FieldType | undefined;
  readonly required: boolean;
  readonly transforms: readonly string[];
  readonly fallback: RecordValue;
  /** Text becomes this before it is converted. */
  readonly transform: ((text: string) => string) | undefined;
  readonly convert: Conversion | undefined;
}

const KNOWN = new Set(['source', 'destination', 'type', 'required', 'transform', 'default']);

function refuse(line: number, reason: string): never {
  throw new PropertyError(`line ${line} of the mapping ${reason}`);
}

function field(entry: unknown, line: number): MappedField {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) refuse(line, 'is not an object with source and destination');
  const { source, destination = source, type, required = false, transform = '', default: fallback = null, ...rest } = entry as Record<string, unknown>;
  const unknown = Object.keys(rest).find((key) => !KNOWN.has(key));
  if (unknown) refuse(line, `has the unknown setting "${unknown}"; it may have ${[...KNOWN].join(', ')}`);
  if (source !== undefined && typeof source !== 'string') refuse(line, 'has a source that is not the name of a column');
  if (typeof destination !== 'string' || destination === '') refuse(line, 'has no destination');
  if (source === undefined && fallback === null) refuse(line, 'has neither a source nor a default');
  if (type !== undefined && !Object.hasOwn(CONVERSIONS, String(type))) refuse(line, `has the unknown type "${type}"; it may be ${Object.keys(CONVERSIONS).join(', ')}`);
  if (typeof required !== 'boolean') refuse(line, 'has a required that is neither true nor false');
  const transforms = String(transform)
    .split('|')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const odd = transforms.find((name) => !Object.hasOwn(TRANSFORMS, name));
  if (odd) refuse(line, `has the unknown transform "${odd}"; it may be ${Object.keys(TRANSFORMS).join(', ')}, or several joined by |`);
  return complete({ source, destination, type: type as FieldType | undefined, required, transforms, fallback: fallback as RecordValue }, line);
}

function complete(given: Omit<MappedField, 'transform' | 'convert'>, line: number): MappedField {
  const steps = given.transforms.map((name) => TRANSFORMS[name]!);
  const convert = given.type && CONVERSIONS[given.type];
  const fallback = given.fallback === null || !convert ? given.fallback : convert(given.fallback);
  if (fallback === undefined) refuse(line, `has a default that is no ${given.type}`);
  return { ...given, fallback, convert, transform: steps.length === 0 ? undefined : (text) => steps.reduce((value, step) => step(value), text) };
}

/** The mapping table from its JSON. Throws PropertyError that names the line. */
export function parseMapping(text: string): readonly MappedField[] {
  let entries: unknown;
  try {
    entries = JSON.parse(text);
  } catch (cause) {
    throw new PropertyError(`it is not JSON: ${messageOf(cause)}`);
  }
  if (!Array.isArray(entries) || entries.length === 0)
    throw new PropertyError('it must be a JSON array of lines such as {"source": "first_name", "destination": "FIRSTNAME", "type": "text"}');
  const fields = entries.map((entry, index) => field(entry, index + 1));
  const seen = new Set<string>();
  for (const { destination } of fields) {
    if (seen.has(destination)) throw new PropertyError(`two lines have the destination "${destination}"`);
    seen.add(destination);
  }
  return fields;
}
