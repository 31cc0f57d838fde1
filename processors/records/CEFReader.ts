import { PropertyError } from '../../server/extension/errors.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { coerce, coerceField, valueIn } from '../../server/extension/record-coercion.ts';
import { RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { CEF_HEADERS, CefParser, extensionType } from './cef-event.ts';
import { cefBatches, type CefInference, type CefReading, cefSchema } from './cef-records.ts';
import { coerceLeniently } from './reader-schema.ts';
import { accessProblems, cachedSchema, givenSchema, inferenceCache, schemaDetails, STRATEGIES } from './schema-properties.ts';

/** Dates that a schema wants of custom extensions. */
const FORMATS = { date: 'MMM dd yyyy', time: 'HH:mm:ss', timestamp: 'MMM dd yyyy HH:mm:ss' };

/** Throws PropertyError where events have a field of this name already. */
function checkOwnField(name: string): void {
  if ((CEF_HEADERS as readonly string[]).includes(name)) throw new PropertyError(`'${name}' is one of the CEF header fields: choose another name`);
  if (extensionType(name)) throw new PropertyError(`'${name}' is one of the CEF extension fields: choose another name`);
}

function checkLocale(tag: string): void {
  let known: string[] = [];
  try {
    known = Intl.DateTimeFormat.supportedLocalesOf(tag);
  } catch {
    // Said below.
  }
  if (known.length === 0) throw new PropertyError(`'${tag}' is not a locale that this runtime knows, such as en-US or fr-FR`);
}

const INFERENCES: Record<CefInference, string> = {
  'headers-only': 'Headers only',
  'headers-and-extensions': 'Headers and extensions',
  'custom-extensions-as-string': 'With custom extensions as strings',
  'custom-extensions-inferred': 'With custom extensions inferred',
};
const INFERRING = { dependsOn: { 'Schema Access Strategy': ['infer-schema'] } };

const properties = {
  access: property.choice(
    'Schema Access Strategy',
    'Where the fields and their types come from',
    { ...STRATEGIES.name, ...STRATEGIES.text, ...STRATEGIES.reference, ...STRATEGIES.infer },
    { default: 'infer-schema' },
  ),
  ...schemaDetails,
  rawField: property.text('Raw Message Field', 'The field for the line as it was, in addition to the others', { expressions: 'environment', validate: checkOwnField }),
  invalidField: property.text('Invalid Field', 'A line that is no event becomes a record of this one field; without it the FlowFile fails', {
    expressions: 'environment',
    validate: checkOwnField,
  }),
  locale: property.text('DateTime Locale', 'The language of the names of months in dates, such as en-US', {
    default: 'en-US',
    expressions: 'environment',
    validate: checkLocale,
  }),
  inference: property.choice('Inference Strategy', 'Which parts of events become fields, and whether custom extensions have types', INFERENCES, {
    default: 'custom-extensions-inferred',
    ...INFERRING,
  }),
  inferenceCache: inferenceCache(),
  acceptsEmpty: property.boolean('Accept Empty Extensions', 'Whether an extension without a value is null where it should be a number, a date or an address', { default: 'false' }),
};

function readingOf(values: PropertyValues<typeof properties>): CefReading {
  const parts = ['headers-only', 'headers-and-extensions'];
  return {
    parser: new CefParser(values.locale, values.acceptsEmpty),
    rawField: values.rawField,
    invalidField: values.invalidField,
    withCustom: values.access !== 'infer-schema' || !parts.includes(values.inference ?? ''),
  };
}

/** Dates of the dictionary are ISO text already. */
function coerced(record: DataRecord, { fields }: RecordSchema): DataRecord {
  const result: DataRecord = {};
  for (const known of fields) {
    const value = valueIn(record, known);
    if (value !== undefined) result[known.name] = (value === null ? null : coerce(value, known.type, FORMATS)) ?? coerceField(value, known);
  }
  return result;
}

async function* converted(batches: AsyncIterable<RecordBatch>, convert: (record: DataRecord) => DataRecord): AsyncGenerator<RecordBatch> {
  for await (const batch of batches) yield batch.map(convert);
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.cef', bundle: 'nifi-record-serialization-services-nar' },
  description: 'Reads events in CEF (Common Event Format), one a line; what stands before `CEF:`, as Syslog puts it there, is passed over.',
  tags: ['cef', 'record', 'reader', 'parser'],
  properties,
  provides: [RECORD_READER],
  validate: (values) => accessProblems(values.access, values),
  onEnabled({ properties: values }): RecordReaderFactory {
    const reading = readingOf(values);
    return {
      async read(open, flowFile, { lenient = false } = {}) {
        const known = (await givenSchema(values.access, values, flowFile)) ?? cachedSchema(values.inferenceCache, flowFile);
        const schema = known ?? (await cefSchema(open, reading, (values.inference ?? 'custom-extensions-inferred') as CefInference));
        return { schema, batches: converted(cefBatches(open, reading), (record) => (lenient ? coerceLeniently(record, schema, FORMATS) : coerced(record, schema))) };
      },
    };
  },
});
