import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import { pathsOf } from './lookups.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords } from '../../server/extension/record-flow.ts';

/** More different values than these are not told apart: memory stays small whatever the records hold. */
const MAX_VALUES = 100_000;
/** An attribute's name is no place for long texts. */
const MAX_TEXT = 200;

/** How often each value was there, per category. */
class Stats {
  readonly #totals = new Map<string, number>();
  readonly #values = new Map<string, number>();

  add(category: string, value: string | undefined): void {
    const base = `recordStats.${category}`;
    this.#totals.set(base, (this.#totals.get(base) ?? 0) + (value === undefined ? 0 : 1));
    const key = `${base}.${(value ?? '<null>').slice(0, MAX_TEXT)}`;
    const known = this.#values.get(key);
    if (known !== undefined || this.#values.size < MAX_VALUES) this.#values.set(key, (known ?? 0) + 1);
  }

  /** All totals, and the most frequent values. */
  attributes(limit: number): Record<string, string> {
    const most = [...this.#values].sort(([, a], [, b]) => b - a).slice(0, limit);
    return Object.fromEntries([...this.#totals, ...most].map(([name, count]) => [name, String(count)]));
  }
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Counts records, and how often each value is in the fields that you name: each property that you add is a category, and its value the RecordPath of its field.',
  details: `The attributes are recordStats.<category> and recordStats.<category>.<value>, the most frequent values only. No more than ${MAX_VALUES} different values are told apart, and of each the first ${MAX_TEXT} characters are shown.`,
  tags: ['record', 'stats', 'metrics'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    reader: readerAndWriter.reader,
    limit: property.integer('Record Stats Limit', 'How many values get an attribute, the most frequent first', { default: '10', min: 1, expressions: 'flowfile' }),
  },
  dynamicProperties: {
    name: 'The name of the category. For example, sport',
    value: 'The RecordPath that points to the value of the category. For example /sport',
    description: 'A category whose values are counted',
    expressions: 'flowfile',
  },
  relationships: { success: 'FlowFiles with the counts in their attributes', failure: 'FlowFiles whose records cannot be read' },
  writesAttributes: {
    'record.count': 'How many records there are',
    'recordStats.<User Defined Property Name>.count': 'How many records have a value of the category',
    'recordStats.<User Defined Property Name>.<value>.count': 'How many records have this value',
    ...ERROR_ATTRIBUTE,
  },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile) => {
      const { reader, limit } = context.properties;
      const paths = pathsOf(context.dynamic, flowFile);
      const { schema, batches } = await readRecords(session, flowFile, reader);
      const stats = new Stats();
      let count = 0;
      for await (const batch of batches) {
        count += batch.length;
        for (const record of batch)
          for (const [name, path] of paths)
            for (const { value } of path.evaluate(record, schema)) stats.add(name, value === null || value === undefined ? undefined : textOf(value));
      }
      session.transfer(session.putAttributes(flowFile, { ...stats.attributes(limit(flowFile)), 'record.count': String(count) }), 'success');
    }),
});
