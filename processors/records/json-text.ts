import { ExactNumber, type DataRecord, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';
import { chooseType, isObject } from '../../server/extension/record-coercion.ts';
import { type DateFormats, formatDate } from '../../server/extension/record-dates.ts';
import type { DataType, RecordSchema } from '../../server/extension/record-schema.ts';
import { numberText } from './record-numbers.ts';

export interface JsonStyle {
  readonly nulls: 'never-suppress' | 'always-suppress' | 'suppress-missing';
  readonly scientific: boolean;
  readonly formats: DateFormats;
}

type Write = (value: RecordValue) => string;

const NULL = 'null';

function plainExponent(text: string): string {
  return /e/i.test(text) ? (numberText(Number(text), 'double', false) ?? text) : text;
}

/** A number of a type that has a fraction: 50 becomes 50.0, so that readers see its type. */
function numberWriter(type: 'double' | 'decimal', { scientific }: JsonStyle): Write {
  return (value) => {
    if (typeof value === 'number') return Number.isFinite(value) ? (numberText(value, type, scientific) ?? String(value)) : `"${value}"`;
    return value instanceof ExactNumber ? (scientific ? value.text : plainExponent(value.text)) : stringifyExactly(value);
  };
}

/** Values whose type is not known: by what they are. */
function anyWriter(style: JsonStyle): Write {
  const double = numberWriter('double', style);
  return (value) => (typeof value === 'number' ? (Number.isInteger(value) ? String(value) : double(value)) : stringifyExactly(value));
}

function writerOf(type: DataType, style: JsonStyle, known: Map<RecordSchema, Write>): Write {
  switch (type.kind) {
    case 'float':
    case 'double':
      return numberWriter('double', style);
    case 'decimal':
      return numberWriter('decimal', style);
    case 'date':
    case 'time':
    case 'timestamp': {
      const { kind } = type;
      return (value) => (typeof value === 'string' ? JSON.stringify(formatDate(value, kind, style.formats[kind])) : stringifyExactly(value));
    }
    case 'array': {
      const element = writerOf(type.element, style, known);
      return (value) => (Array.isArray(value) ? `[${value.map((one) => (one === null ? NULL : element(one))).join(',')}]` : stringifyExactly(value));
    }
    case 'map': {
      const inner = writerOf(type.value, style, known);
      return (value) => (isObject(value) ? `{${members(value, style, () => inner).join(',')}}` : stringifyExactly(value));
    }
    case 'record':
      return recordWriter(type.schema, style, known);
    case 'choice':
      return choiceWriter(type.options, style, known);
    default:
      return anyWriter(style);
  }
}

function members(value: DataRecord, { nulls }: JsonStyle, writer: (name: string) => Write): string[] {
  const kept = Object.entries(value).filter(([, one]) => one !== null || nulls !== 'always-suppress');
  return kept.map(([name, one]) => `${JSON.stringify(name)}:${one === null ? NULL : writer(name)(one)}`);
}

function choiceWriter(options: readonly DataType[], style: JsonStyle, known: Map<RecordSchema, Write>): Write {
  const writers = options.map((option) => writerOf(option, style, known));
  const any = anyWriter(style);
  return (value) => {
    const chosen = chooseType(value, options, style.formats);
    return (chosen ? writers[options.indexOf(chosen)]! : any)(value);
  };
}

/** Writes records of a schema as JSON objects, their fields in its order. A schema may hold itself, so writers are made once. */
export function recordWriter(schema: RecordSchema, style: JsonStyle, known = new Map<RecordSchema, Write>()): Write {
  const found = known.get(schema);
  if (found) return found;
  const fields: { name: string; before: string; write: Write }[] = [];
  const { nulls } = style;
  const write: Write = (value) => {
    if (!isObject(value)) return stringifyExactly(value);
    let text = '{';
    for (const { name, before, write: writeValue } of fields) {
      const one = value[name];
      const isNull = one === null || one === undefined;
      if (isNull && (nulls === 'always-suppress' || (one === undefined && nulls === 'suppress-missing'))) continue;
      text += (text.length > 1 ? ',' : '') + before + (isNull ? NULL : writeValue(one));
    }
    return `${text}}`;
  };
  known.set(schema, write);
  for (const { name, type } of schema.fields) fields.push({ name, before: `${JSON.stringify(name)}:`, write: writerOf(type, style, known) });
  return write;
}
