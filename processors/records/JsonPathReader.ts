import { PropertyError, messageOf } from '../../server/extension/errors.ts';
import { type Json, isNumber, isObject, parseJson } from '../../server/extension/json-path/json-document.ts';
import { JsonPath } from '../../server/extension/json-path/json-path.ts';
import { property } from '../../server/extension/property.ts';
import { type DataRecord, exactNumber, type RecordBatch, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';
import { RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { jsonBatches, withoutComments } from './json-content.ts';
import { parseForTypes } from './json-doubles.ts';
import { readWithSchema } from './reader-schema.ts';
import { accessProblems, dateFormats, formatsOf, schemaDetails, STRATEGIES } from './schema-properties.ts';

type Paths = readonly (readonly [field: string, path: JsonPath])[];

function recordValue(value: Json): RecordValue {
  if (isNumber(value)) return exactNumber(value.value);
  if (Array.isArray(value)) return value.map(recordValue);
  if (isObject(value)) return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, recordValue(one)]));
  return value;
}

/** What the paths find in each record; a path that leads nowhere leaves its field out. */
async function* found(records: AsyncIterable<RecordBatch>, paths: Paths): AsyncGenerator<RecordBatch> {
  for await (const batch of records) {
    yield batch.map((whole) => {
      const source = parseJson(stringifyExactly(whole));
      const record: DataRecord = {};
      for (const [field, path] of paths) {
        const value = path.read(source);
        if (value !== undefined) record[field] = recordValue(value);
      }
      return record;
    });
  }
}

function pathsOf(dynamic: ReadonlyMap<string, () => string>): Paths {
  return [...dynamic].map(([field, text]) => {
    try {
      return [field, JsonPath.parse(text())] as const;
    } catch (thrown) {
      throw new PropertyError(`The JSON path of '${field}' is not valid: ${messageOf(thrown)}`);
    }
  });
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.json', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads records from JSON: each property that you add is a field, and its value the JSON path to it within a record.',
  details: 'With *Infer Schema* the types follow from what the paths find.',
  tags: ['json', 'jsonpath', 'record', 'reader', 'parser'],
  properties: {
    access: property.choice(
      'Schema Access Strategy',
      'Where the types of the fields come from',
      { ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference, ...STRATEGIES.infer },
      { default: 'infer-schema' },
    ),
    ...schemaDetails,
    maxLength: property.dataSize('Max String Length', 'Longer texts in the JSON are refused', { default: '20 MB' }),
    comments: property.boolean('Allow Comments', 'Whether the JSON may hold comments', { default: 'false' }),
    ...dateFormats,
  },
  dynamicProperties: {
    name: 'The field name for the record.',
    value:
      'A JSONPath Expression that will be evaluated against each JSON record. The result of the JSONPath will be the value of the field whose name is the same as the property name.',
    description: 'A field of the records, and where it is found',
    expressions: 'none',
  },
  provides: [RECORD_READER],
  validate: (values) => accessProblems(values.access, values),
  onEnabled({ properties: values, dynamic, name }): RecordReaderFactory {
    const paths = pathsOf(dynamic);
    if (paths.length === 0) throw new PropertyError(`${name} has no fields: add a property for each, whose value is its JSON path, such as $.customer.name.`);
    // A filter may ask for the very number that stands in for another while types are looked for.
    const isFiltered = [...dynamic.values()].some((text) => text().includes('?'));
    return {
      read(open, flowFile, options) {
        const records = (parse?: typeof parseForTypes): AsyncIterable<RecordBatch> =>
          found(jsonBatches(values.comments ? withoutComments(open()) : open(), values.maxLength, parse), paths);
        return readWithSchema(() => records(), flowFile, {
          strategy: values.access,
          naming: values,
          formats: formatsOf(values),
          ...(isFiltered ? {} : { sample: () => records(parseForTypes) }),
          ...options,
        });
      },
    };
  },
});
