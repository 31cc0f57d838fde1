import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { chooseType, isObject, textOf, valueIn } from '../../server/extension/record-coercion.ts';
import { type DateFormats, formatDate } from '../../server/extension/record-dates.ts';
import { type DataType, fieldTypeOf, type RecordSchema, TYPES } from '../../server/extension/record-schema.ts';
import { numberText } from './record-numbers.ts';

/** How records become XML. */
export interface XmlTextStyle {
  readonly nulls: 'never-suppress' | 'always-suppress' | 'suppress-missing';
  readonly pretty: boolean;
  readonly wrapping: 'use-property-as-wrapper' | 'use-property-for-elements' | 'no-wrapping';
  readonly arrayTag: string;
  readonly formats: DateFormats;
}

/** NiFi leaves these out of the names of elements. */
const STRIPPED = /[/<>!&'"]/g;
const NAME_START = '\\p{L}_';
const BEGINS_WELL = new RegExp(`^[${NAME_START}]`, 'u');
const NOT_NAME = new RegExp(`[^${NAME_START}\\p{N}.\\-:\\u00b7]`, 'gu');
/** What no XML 1.0 document may hold, escaped or not. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const FORBIDDEN = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** A field's name as the name of an element: what XML does not allow there is left out, as in NiFi, or becomes an underscore. */
export function tagName(name: string): string {
  const kept = name.replace(STRIPPED, '').replace(NOT_NAME, '_');
  return BEGINS_WELL.test(kept) ? kept : `_${kept}`;
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '\r': '&#13;' };

function escaped(text: string, name: string): string {
  const found = FORBIDDEN.exec(text);
  if (found)
    throw new ProcessError(`The value of field '${name}' has the character U+${found[0].charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}, which XML cannot hold.`);
  return text.replace(/[&<>\r]/g, (one) => ESCAPES[one]!);
}

/** Writes records as elements. Each method returns the text of what it writes, empty where nothing is to be written. */
export class XmlText {
  readonly #style: XmlTextStyle;
  readonly #tags = new Map<string, string>();

  constructor(style: XmlTextStyle) {
    this.#style = style;
  }

  /** A record as an element, so deep below the root. */
  record(tag: string, record: DataRecord, schema: RecordSchema, level: number): string {
    const inner = this.#members(record, schema, level + 1);
    return inner === '' ? '' : this.container(tag, inner, level);
  }

  /** An element around others. */
  container(tag: string, inner: string, level: number): string {
    return `${this.#indent(level)}<${tag}>${inner}${inner === '' ? '' : this.#indent(level)}</${tag}>`;
  }

  #members(record: DataRecord, { fields }: RecordSchema, level: number): string {
    let text = '';
    for (const known of fields) {
      const value = valueIn(record, known);
      if (value !== null && value !== undefined) text += this.#value(known.name, value, known.type, level);
      else if (this.#showsNull(value === null)) text += this.#leaf(known.name, '', level);
    }
    return text;
  }

  #value(name: string, value: RecordValue, given: DataType, level: number): string {
    const type = given.kind === 'choice' ? (chooseType(value, given.options, this.#style.formats) ?? TYPES.string) : given;
    if (Array.isArray(value)) return this.#list(name, value, type.kind === 'array' ? type.element : TYPES.string, level);
    if (isObject(value)) {
      const inner = type.kind === 'record' ? this.#members(value, type.schema, level + 1) : this.#entries(value, type.kind === 'map' ? type.value : TYPES.string, level + 1);
      return this.#containerOrNothing(name, inner, level);
    }
    return this.#leaf(name, this.#text(value, type), level);
  }

  #entries(value: DataRecord, type: DataType, level: number): string {
    return Object.entries(value)
      .map(([key, one]) => (one !== null ? this.#value(key, one, type, level) : this.#showsNull(true) ? this.#leaf(key, '', level) : ''))
      .join('');
  }

  #list(name: string, list: readonly RecordValue[], element: DataType, level: number): string {
    const { wrapping, arrayTag } = this.#style;
    const wraps = wrapping !== 'no-wrapping';
    const inner = wrapping === 'use-property-for-elements' ? arrayTag : name;
    const one = wraps ? level + 1 : level;
    const elements = list.map((value) => (value !== null ? this.#value(inner, value, element, one) : this.#showsNull(true) ? this.#leaf(inner, '', one) : '')).join('');
    return wraps ? this.#containerOrNothing(wrapping === 'use-property-for-elements' ? name : arrayTag, elements, level) : elements;
  }

  #containerOrNothing(name: string, inner: string, level: number): string {
    return inner === '' && !this.#showsNull(true) ? '' : this.container(this.#tag(name), inner, level);
  }

  #leaf(name: string, text: string, level: number): string {
    const tag = this.#tag(name);
    return `${this.#indent(level)}<${tag}>${escaped(text, name)}</${tag}>`;
  }

  #text(value: RecordValue, type: DataType): string {
    const { kind } = type;
    if (typeof value === 'string') return kind === 'date' || kind === 'time' || kind === 'timestamp' ? String(formatDate(value, kind, this.#style.formats[kind])) : value;
    return numberText(value, fieldTypeOf(type), false) ?? textOf(value);
  }

  #showsNull(isThere: boolean): boolean {
    return this.#style.nulls === 'never-suppress' || (isThere && this.#style.nulls === 'suppress-missing');
  }

  #tag(name: string): string {
    let tag = this.#tags.get(name);
    if (tag === undefined) {
      tag = tagName(name);
      // Names of maps are data: there may be any number of them.
      if (this.#tags.size < 10_000) this.#tags.set(name, tag);
    }
    return tag;
  }

  #indent(level: number): string {
    return this.#style.pretty ? `\n${'  '.repeat(level)}` : '';
  }
}
