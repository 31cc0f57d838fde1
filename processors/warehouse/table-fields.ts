import { FIELDS_ATTRIBUTE, inferFields, type RecordBatch, type RecordField } from '../../server/extension/record.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';

function declaredFields(flowFile: FlowFile): RecordField[] {
  try {
    return JSON.parse(flowFile.getAttribute(FIELDS_ATTRIBUTE) ?? '[]') as RecordField[];
  } catch {
    return [];
  }
}

/** The fields of a FlowFile's records: as its attribute declares them, else as the values look; without records, all declared ones. */
export function fieldsOf(flowFile: FlowFile, records: RecordBatch): RecordField[] {
  const fields = declaredFields(flowFile);
  if (records.length === 0) return fields;
  const declared = new Map(fields.map(({ name, type }) => [name, type]));
  return inferFields(records).map(({ name, type }) => ({ name, type: declared.get(name) ?? type }));
}
