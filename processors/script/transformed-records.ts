import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type DataRecord, ExactNumber, type RecordBatch, type RecordValue } from '../../server/extension/record.ts';
import { coerce, isObject } from '../../server/extension/record-coercion.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { SchemaInference } from '../../server/extension/schema-inference.ts';
import type { ScriptRunner } from './script-runner.ts';

/** The script's function for one record becomes one for a batch: a call for each record would cost more than the script. */
export const forBatches = (code: string): string => `const __transform = (() => { ${code}
; if (transform === globalThis.transform || typeof transform !== 'function') throw new Error('the script defines no function transform'); return transform; })();
function transform({ attributes, content }) {
  const { from, records } = JSON.parse(content);
  return { content: JSON.stringify(records.flatMap((record, index) => __transform(record, { index: from + index, attributes }) ?? [])) };
}`;

/** Numbers that JavaScript would round are given to the script as text; the schema makes numbers of them again. */
function forScript(value: RecordValue): RecordValue {
  if (Array.isArray(value)) return value.map(forScript);
  if (typeof value === 'bigint' || value instanceof ExactNumber) return String(value);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([name, one]) => [name, forScript(one)])) : value;
}

/** What the script makes of the records, batch by batch, not yet of the schema's types. Throws ProcessError. */
async function* results(batches: AsyncIterable<RecordBatch>, runner: ScriptRunner, flowFile: FlowFile, note: (line: string) => void): AsyncGenerator<DataRecord[]> {
  let from = 0;
  for await (const batch of batches) {
    const content = JSON.stringify({ from, records: batch.map(forScript) });
    const [outcome] = await runner.call([{ attributes: Object.fromEntries(flowFile.attributes), content, size: content.length }]);
    for (const line of outcome!.log) note(line);
    if ('error' in outcome!) throw new ProcessError(`The script failed in the records from ${from} on: ${outcome.error}`);
    const { content: given } = JSON.parse(outcome!.result) as { content: string };
    const records = JSON.parse(given) as unknown[];
    const wrong = records.find((one) => typeof one !== 'object' || one === null || Array.isArray(one));
    if (wrong !== undefined) throw new ProcessError(`The script returned ${JSON.stringify(wrong)?.slice(0, 100)} where a record, a list of records or null is expected.`);
    yield records as DataRecord[];
    from += batch.length;
  }
}

function typed(record: DataRecord, { fields }: RecordSchema): DataRecord {
  const result = { ...record };
  for (const { name, type } of fields) {
    const value = record[name];
    if (value !== null && value !== undefined) result[name] = coerce(value, type) ?? value;
  }
  return result;
}

/**
 * Records as the script makes them. Fields that the reader knew keep their types where all values fit; others get the type of
 * their values. The script therefore runs twice: the schema must be known before the first record is written.
 */
export async function transformed(
  open: () => Promise<RecordSet>,
  runner: ScriptRunner,
  flowFile: FlowFile,
  note: (line: string) => void,
): Promise<RecordSet & { readonly read: number }> {
  const inference = new SchemaInference({});
  const foreign = new Set<string>();
  let read = 0;
  const given = await open();
  const counted = async function* (): AsyncGenerator<RecordBatch> {
    for await (const batch of given.batches) {
      read += batch.length;
      yield batch;
    }
  };
  for await (const batch of results(counted(), runner, flowFile, note))
    for (const record of batch) {
      inference.look(record);
      for (const { name, type } of given.schema.fields) {
        const value = record[name];
        if (value !== null && value !== undefined && coerce(value, type) === undefined) foreign.add(name);
      }
    }
  const known = new Map(given.schema.fields.filter(({ name }) => !foreign.has(name)).map((field) => [field.name, field]));
  const schema: RecordSchema = { fields: inference.schema.fields.map((field) => known.get(field.name) ?? field) };
  async function* batches(): AsyncGenerator<RecordBatch> {
    for await (const batch of results((await open()).batches, runner, flowFile, () => undefined)) yield batch.map((record) => typed(record, schema));
  }
  return { schema, batches: batches(), read };
}
