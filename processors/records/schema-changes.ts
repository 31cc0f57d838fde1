import type { DataType, RecordSchema, SchemaField } from '../../server/extension/record-schema.ts';
import { recordType } from '../../server/extension/record-schema.ts';

type Edit = (field: SchemaField) => SchemaField | undefined;

/** Changes the field at a path of names, in records inside records and lists too. */
function editField(schema: RecordSchema, [name, ...rest]: readonly string[], edit: Edit): RecordSchema {
  const fields = schema.fields.flatMap((one) => {
    if (one.name !== name) return [one];
    const changed = rest.length === 0 ? edit(one) : { ...one, type: editInside(one.type, rest, edit) };
    return changed ? [changed] : [];
  });
  return { name: schema.name, namespace: schema.namespace, fields };
}

function editInside(type: DataType, path: readonly string[], edit: Edit): DataType {
  if (type.kind === 'record') return recordType(editField(type.schema, path, edit));
  if (type.kind === 'array') return { ...type, element: editInside(type.element, path, edit) };
  return type.kind === 'choice' ? { ...type, options: type.options.map((option) => editInside(option, path, edit)) } : type;
}

/** The schema without the fields at these paths. */
export const withoutFields = (schema: RecordSchema, paths: readonly (readonly string[])[]): RecordSchema =>
  paths.reduce((changed, path) => editField(changed, path, () => undefined), schema);

/** The schema with the field at a path called otherwise. */
export const renamedField = (schema: RecordSchema, path: readonly string[], name: string): RecordSchema => editField(schema, path, (one) => ({ ...one, name }));
