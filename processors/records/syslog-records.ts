import { ProcessError } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { parseDate } from '../../server/extension/record-dates.ts';
import type { OpenContent, RecordReaderFactory } from '../../server/extension/record-io.ts';
import { type DataType, field, type RecordSchema, TYPES } from '../../server/extension/record-schema.ts';
import { parseStructured, parseSyslog } from '../../server/extension/syslog-message.ts';
import { checkReadable } from './character-sets.ts';
import { textLines } from './text-lines.ts';

/** The field for the line as it was. */
const RAW = '_raw';

/** What both Syslog readers ask. */
export const syslogProperties = {
  characterSet: property.text('Character Set', 'In which character set the content is read', { default: 'UTF-8', validate: checkReadable }),
  raw: property.boolean('Raw Message', `Whether records have a field ${RAW} with the line as it was`, { default: 'false' }),
};

const HEADER = ['priority', 'severity', 'facility', 'version'] as const;

/** A format of Syslog: the fields of its records, and how a line becomes one. */
export interface SyslogFormat {
  readonly schema: RecordSchema;
  /** Undefined where the line is no message. */
  parse(line: string): DataRecord | undefined;
}

function schemaOf(name: string, fields: readonly (readonly [string, DataType])[]): RecordSchema {
  return { name, fields: [...HEADER.map((one) => field(one, TYPES.string)), ...fields.map(([one, type]) => field(one, type))] };
}

/** RFC 3164, and RFC 5424 without its structured data, which is a part of the message then. */
export const GENERIC_SYSLOG: SyslogFormat = {
  schema: schemaOf('default-syslog-schema', [
    ['timestamp', TYPES.string],
    ['hostname', TYPES.string],
    ['body', TYPES.string],
  ]),
  parse(line) {
    const found = parseSyslog(line);
    return found && Object.fromEntries(Object.entries(found).map(([name, value]) => [name.replace('syslog.', ''), value === '' ? null : value]));
  },
};

const STRUCTURED = 'syslog.structuredData.';
const MAP_OF_MAPS: DataType = { kind: 'map', value: { kind: 'map', value: TYPES.string } };

/** RFC 5424 with its structured data. */
export const STRUCTURED_SYSLOG: SyslogFormat = {
  schema: schemaOf('default-5424-schema', [
    ['timestamp', TYPES.timestamp],
    ['hostname', TYPES.string],
    ['body', TYPES.string],
    ['appName', TYPES.string],
    ['procid', TYPES.string],
    ['messageid', TYPES.string],
    ['structuredData', MAP_OF_MAPS],
  ]),
  parse(line) {
    const found = parseStructured(line);
    if (!found) return undefined;
    const { parts, body } = found;
    const at = parts['syslog.timestamp'];
    const record: DataRecord = { timestamp: at === undefined ? null : (parseDate(at, 'timestamp', undefined) ?? null), body: body ?? null };
    for (const name of [...HEADER, 'hostname', 'procid', 'messageid']) record[name] = parts[`syslog.${name}`] ?? null;
    record.appName = parts['syslog.appname'] ?? null;
    record.structuredData = structuredData(parts);
    return record;
  },
};

/** Elements by their ids, which have no dot before the parameter's name that an id could hold: the last dot ends the id. */
function structuredData(parts: Readonly<Record<string, string>>): DataRecord | null {
  const elements: Record<string, Record<string, string>> = {};
  for (const [name, value] of Object.entries(parts)) {
    if (!name.startsWith(STRUCTURED)) continue;
    const at = name.lastIndexOf('.');
    const id = name.slice(STRUCTURED.length, at);
    elements[id] = { ...elements[id], [name.slice(at + 1)]: value };
  }
  return Object.keys(elements).length > 0 ? elements : null;
}

async function* messages(open: OpenContent, { parse }: SyslogFormat, characterSet: string, raw: boolean): AsyncGenerator<RecordBatch> {
  let number = 0;
  for await (const lines of textLines(open(), characterSet)) {
    const batch: DataRecord[] = [];
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      const record = parse(line);
      if (!record) throw new ProcessError(`Line ${number} is not a Syslog message as the reader expects it: ${line.slice(0, 200)}`);
      batch.push(raw ? { ...record, [RAW]: line } : record);
    }
    yield batch;
  }
}

/** A reader of such messages, one a line. */
export function syslogReader(format: SyslogFormat, { characterSet, raw }: { readonly characterSet: string; readonly raw: boolean }): RecordReaderFactory {
  const { schema: known } = format;
  const schema = raw ? { ...known, fields: [...known.fields, field(RAW, TYPES.string)] } : known;
  return { read: async (open) => ({ schema, batches: messages(open, format, characterSet, raw) }) };
}
