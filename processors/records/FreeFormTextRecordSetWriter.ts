import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property } from '../../server/extension/property.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { formatDate } from '../../server/extension/record-dates.ts';
import { RECORD_SET_WRITER, type RecordSet, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import { type DataType, fieldTypeOf, type RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { checkWritable, encodeText } from './character-sets.ts';
import { numberText } from './record-numbers.ts';

/** A FlowFile as expressions see it, the fields of a record before its attributes. */
function withFields(flowFile: FlowFile, fields: ReadonlyMap<string, string>): FlowFile {
  const { id, uuid, size, entryDate, lineageStartDate, attributes } = flowFile;
  return {
    id,
    uuid,
    size,
    entryDate,
    lineageStartDate,
    attributes: new Map([...attributes, ...fields]),
    getAttribute: (name) => fields.get(name) ?? flowFile.getAttribute(name),
  };
}

function shown(value: DataRecord[string], type: DataType): string {
  const { kind } = type;
  if (typeof value === 'string') return kind === 'date' || kind === 'time' || kind === 'timestamp' ? String(formatDate(value, kind, undefined)) : value;
  return numberText(value, fieldTypeOf(type), false) ?? textOf(value);
}

function fieldsOf(record: DataRecord, { fields }: RecordSchema): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const { name, type, aliases = [] } of fields) {
    const value = record[name];
    if (value !== null && value !== undefined) for (const one of [name, ...aliases]) found.set(one, shown(value, type));
  }
  return found;
}

async function* written({ schema, batches }: RecordSet, flowFile: FlowFile, text: (flowFile?: FlowFile) => string, characterSet: string): AsyncGenerator<Uint8Array> {
  for await (const batch of batches) {
    const lines = batch.map((record) => `${text(withFields(flowFile, fieldsOf(record, schema)))}\n`);
    yield encodeText(lines.join(''), characterSet);
  }
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.text', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Writes each record as a line of text, in which expressions see the fields of the record, and behind them the attributes of the FlowFile.',
  tags: ['text', 'freeform', 'expression', 'language', 'el', 'record', 'recordset', 'resultset', 'writer', 'serialize'],
  properties: {
    text: property.text('Text', 'The line of a record, such as ${name}: ${amount}', { required: true, expressions: 'flowfile' }),
    characterSet: property.text('Character Set', 'In which character set the content is written', { default: 'UTF-8', validate: checkWritable }),
  },
  provides: [RECORD_SET_WRITER],
  onEnabled: ({ properties: { text, characterSet } }): RecordSetWriterFactory => ({
    mimeType: 'text/plain',
    write: (records, flowFile) => written(records, flowFile, text, characterSet),
  }),
});
