import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { RECORD_SET_WRITER, type RecordSet, type RecordSetWriterFactory } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { endAll, Outlet } from './outlets.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES } from '../../server/extension/record-flow.ts';
import { fitting, judge, problemsOf, type ValidationRules } from './record-validation.ts';
import { accessProblems, givenSchema, schemaNaming, STRATEGIES } from './schema-properties.ts';

const properties = {
  ...readerAndWriter,
  invalidWriter: property.service('Record Writer for Invalid Records', 'Writes the invalid records; the Record Writer does where it is not set', RECORD_SET_WRITER),
  access: property.choice(
    'Schema Access Strategy',
    'Where the schema is that records must fit',
    { 'reader-schema': "Use Reader's Schema", ...STRATEGIES.name, ...STRATEGIES.text },
    { default: 'reader-schema' },
  ),
  ...schemaNaming,
  allowsExtra: property.boolean('Allow Extra Fields', 'Whether records may have fields that the schema does not name', { default: 'true' }),
  strict: property.boolean('Strict Type Checking', "Whether values must be of their field's type as they stand; otherwise it is enough that they can be turned into it", {
    default: 'true',
  }),
  force: property.boolean('Force Types From Reader Schema', "Whether the reader turns values into its schema's types before they are looked at", { default: 'false' }),
  details: property.text('Validation Details Attribute Name', 'The attribute of invalid records that is to tell what is wrong with them', { expressions: 'flowfile' }),
  maxDetails: property.integer('Maximum Validation Details Length', 'How many characters the details may have', {
    default: '1024',
    required: false,
    min: 1,
    expressions: 'flowfile',
  }),
};

type Context = ProcessContext<typeof properties>;
type Session = ProcessSession<'valid' | 'invalid' | 'failure'>;

async function validate(session: Session, flowFile: FlowFile, made: FlowFile[], context: Context): Promise<void> {
  const { reader, writer, invalidWriter = writer, access, allowsExtra, strict, force, details: name, maxDetails } = context.properties;
  const read = (): Promise<RecordSet> => readRecords(session, flowFile, reader, { lenient: !force });
  const first = await read();
  const rules: ValidationRules = { schema: (await givenSchema(access, context.properties, flowFile)) ?? first.schema, allowsExtra, strict };
  const { counts, schemas, details } = await judge(first, rules);
  const open = (kind: 'valid' | 'invalid', by: RecordSetWriterFactory): Outlet | undefined => {
    if (counts[kind] === 0) return undefined;
    const child = session.create(flowFile);
    made.push(child);
    return new Outlet(session, child, schemas[kind], by, flowFile);
  };
  const outlets = { valid: open('valid', writer), invalid: open('invalid', invalidWriter) };
  try {
    for await (const batch of (await read()).batches) {
      const parts: { valid: DataRecord[]; invalid: DataRecord[] } = { valid: [], invalid: [] };
      for (const record of batch) {
        if (problemsOf(record, rules).length === 0) parts.valid.push(fitting(record, rules));
        else parts.invalid.push(record);
      }
      for (const kind of ['valid', 'invalid'] as const) if (parts[kind].length > 0) await outlets[kind]!.push(parts[kind]);
    }
  } catch (thrown) {
    await endAll([outlets.valid, outlets.invalid].filter((one) => one !== undefined));
    throw thrown;
  }
  const written = await Promise.all([outlets.valid?.end(), outlets.invalid?.end()]);
  const attribute = name(flowFile);
  const told = attribute ? { [attribute]: details.text.slice(0, maxDetails(flowFile) ?? 1024) } : {};
  if (written[0]) session.transfer(written[0].flowFile, 'valid');
  if (written[1]) session.transfer(session.putAttributes(written[1].flowFile, told), 'invalid');
  session.adjustCounter('Records Validated', counts.valid + counts.invalid);
  session.adjustCounter('Records Found Valid', counts.valid);
  session.adjustCounter('Records Found Invalid', counts.invalid);
  session.remove(flowFile);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Tells records that fit a schema from those that do not: each kind goes its own way.',
  details: 'Dates and times are text in records: with strict checking, text in ISO 8601 counts as a date. The content is read twice, so that memory holds one batch only.',
  tags: ['record', 'schema', 'validate'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    valid: 'The records that fit the schema',
    invalid: 'The records that do not',
    failure: 'FlowFiles whose records cannot be read or written; they are as they came',
  },
  writesAttributes: { ...RECORD_ATTRIBUTES, ...ERROR_ATTRIBUTE },
  validate: (values) => accessProblems(values.access, values),
  onTrigger: (session, context) => orFailure(session, context, (flowFile, made) => validate(session, flowFile, made, context)),
});
