import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { OpenContent } from '../../server/extension/record-io.ts';
import { type DataType, field, type RecordSchema, type SchemaField, TYPES } from '../../server/extension/record-schema.ts';
import { SchemaInference } from '../../server/extension/schema-inference.ts';
import { CEF_HEADERS, type CefEvent, type CefParser, extensionType } from './cef-event.ts';
import { typeOfUnquoted } from './csv-fields.ts';
import { textLines } from './text-lines.ts';

/** What a reader makes of events. */
export interface CefReading {
  readonly parser: CefParser;
  /** The field for the line as it was. */
  readonly rawField: string | undefined;
  /** The field for a line that is no event; without it such a line fails. */
  readonly invalidField: string | undefined;
  readonly withCustom: boolean;
}

interface Line {
  readonly text: string;
  readonly event: CefEvent | undefined;
}

async function* parsedLines(open: OpenContent, { parser, invalidField }: CefReading): AsyncGenerator<Line[]> {
  let number = 0;
  for await (const lines of textLines(open(), 'UTF-8')) {
    const batch: Line[] = [];
    for (const text of lines) {
      number++;
      if (text === '') continue;
      const event = parser.parse(text);
      if (!event && !invalidField)
        throw new ProcessError(
          `Line ${number} is not a CEF event as the reader expects it: ${text.slice(0, 200)}. Mend it, or set Invalid Field, so that such lines become records of their own.`,
        );
      batch.push({ text, event });
    }
    yield batch;
  }
}

function recordOf({ text, event }: Line, { rawField, invalidField, withCustom }: CefReading): DataRecord {
  if (!event) return { [invalidField!]: text };
  const record: DataRecord = { ...event.header, ...event.extensions, ...(withCustom ? event.custom : {}) };
  if (rawField) record[rawField] = text;
  return record;
}

/** The events as records. Throws ProcessError at a line that is none, unless there is a field for such lines. */
export async function* cefBatches(open: OpenContent, reading: CefReading): AsyncGenerator<RecordBatch> {
  for await (const lines of parsedLines(open, reading)) yield lines.map((line) => recordOf(line, reading));
}

/** Which extensions become fields. */
export type CefInference = 'headers-only' | 'headers-and-extensions' | 'custom-extensions-as-string' | 'custom-extensions-inferred';

const HEADER_FIELDS = CEF_HEADERS.map((name) => field(name, name === 'version' ? TYPES.int : TYPES.string));

/** Custom values of several types are texts. */
const textForChoice = (one: SchemaField): SchemaField => (one.type.kind === 'choice' ? { ...one, type: TYPES.string } : one);

/** The fields that the events have, found by looking at all of them: header, dictionary, custom extensions. */
export async function cefSchema(open: OpenContent, reading: CefReading, inference: CefInference): Promise<RecordSchema> {
  const known = new Map<string, DataType>();
  const custom = new SchemaInference({});
  for await (const lines of parsedLines(open, reading)) {
    if (inference === 'headers-only') continue;
    for (const { event } of lines) {
      for (const key of Object.keys(event?.extensions ?? {})) if (!known.has(key)) known.set(key, extensionType(key)!);
      if (!reading.withCustom) continue;
      for (const [key, text] of Object.entries(event?.custom ?? {})) {
        const seen = custom.field(key);
        if (text !== '') seen.addType(inference === 'custom-extensions-as-string' ? TYPES.string : typeOfUnquoted(text, {}));
      }
    }
  }
  const own = [reading.rawField, reading.invalidField].filter((name) => name !== undefined).map((name) => field(name, TYPES.string));
  return { fields: [...HEADER_FIELDS, ...[...known].map(([key, type]) => field(key, type)), ...custom.schema.fields.map(textForChoice), ...own] };
}
