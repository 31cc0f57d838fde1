import { property, type PropertyValues } from '../../server/extension/property.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { DataType, RecordSchema } from '../../server/extension/record-schema.ts';

/** Where records begin in a tree, and what a given schema describes: the same for JSON and YAML. */
export const startingField = {
  starting: property.choice(
    'Starting Field Strategy',
    'Whether records are at the root, or in a field at whatever depth',
    { ROOT_NODE: 'Root Node', NESTED_FIELD: 'Nested Field' },
    { default: 'ROOT_NODE' },
  ),
  fieldName: property.text('Starting Field Name', 'The field that holds the records: the first of this name', { dependsOn: { 'Starting Field Strategy': ['NESTED_FIELD'] } }),
  application: property.choice(
    'Schema Application Strategy',
    'Whether the schema describes the whole content, or the records in the field',
    { WHOLE_JSON: 'Whole JSON', SELECTED_PART: 'Selected Part' },
    {
      default: 'SELECTED_PART',
      dependsOn: { 'Schema Access Strategy': ['schema-name', 'schema-reference-reader', 'schema-text-property'], 'Starting Field Strategy': ['NESTED_FIELD'] },
    },
  ),
};

type Values = PropertyValues<typeof startingField>;

export const startingProblems = ({ starting, fieldName }: Values): string[] =>
  starting === 'NESTED_FIELD' && !fieldName ? ['Starting Field Name must be set when Starting Field Strategy is Nested Field'] : [];

const inner = (type: DataType): RecordSchema | undefined => (type.kind === 'record' ? type.schema : type.kind === 'array' ? inner(type.element) : undefined);

function find({ fields }: RecordSchema, name: string, seen: Set<RecordSchema>): RecordSchema | undefined {
  const here = fields.find((one) => one.name === name);
  if (here) return inner(here.type);
  for (const { type } of fields) {
    const schema = inner(type);
    if (!schema || seen.has(schema)) continue;
    const found = find(schema, name, seen.add(schema));
    if (found) return found;
  }
  return undefined;
}

/** The part of a schema that describes the records. Throws ProcessError where the schema of the whole has no such field. */
export function selectPart(schema: RecordSchema, { starting, fieldName = '', application }: Values): RecordSchema {
  if (starting !== 'NESTED_FIELD' || application !== 'WHOLE_JSON') return schema;
  const part = find(schema, fieldName, new Set([schema]));
  if (!part) throw new ProcessError(`The schema has no field '${fieldName}' that holds records (Starting Field Name).`);
  return part;
}
