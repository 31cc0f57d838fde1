import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { ERROR_ATTRIBUTE, orFailure, readerAndWriter, readRecords, RECORD_ATTRIBUTES, writeRecords } from '../../server/extension/record-flow.ts';
import { chosen, randomNumbers, ranges, reservoir } from './sampling.ts';

const only = (...strategies: string[]) => ({ 'Sampling Strategy': strategies });

const properties = {
  ...readerAndWriter,
  strategy: property.choice(
    'Sampling Strategy',
    'Which records are taken: each n-th, those with certain numbers, each with a probability, or a number of them by chance',
    { interval: 'Interval Sampling', range: 'Range Sampling', probabilistic: 'Probabilistic Sampling', reservoir: 'Reservoir Sampling' },
    { default: 'reservoir' },
  ),
  interval: property.integer('Sampling Interval', 'Each record of so many is taken; none where it is 0', { required: true, expressions: 'flowfile', dependsOn: only('interval') }),
  range: property.text('Sampling Range', 'The numbers of the records, from 1, such as 1,4-7,20-; all where it is empty', {
    required: true,
    expressions: 'flowfile',
    dependsOn: only('range'),
  }),
  probability: property.integer('Sampling Probability', 'The chance of each record, percent', {
    required: true,
    max: 100,
    expressions: 'flowfile',
    dependsOn: only('probabilistic'),
  }),
  size: property.integer('Reservoir Size', 'How many records are taken; they are held in memory', { required: true, expressions: 'flowfile', dependsOn: only('reservoir') }),
  seed: property.integer('Random Seed', 'With the same number the same records are taken; not the ones that NiFi takes', {
    min: Number.MIN_SAFE_INTEGER,
    expressions: 'flowfile',
    dependsOn: only('probabilistic', 'reservoir'),
  }),
};

function sample(batches: AsyncIterable<RecordBatch>, flowFile: FlowFile, values: PropertyValues<typeof properties>): AsyncIterable<RecordBatch> {
  const { strategy, interval, range, probability, size, seed } = values;
  if (strategy === 'range') return chosen(batches, ranges(range(flowFile)));
  if (strategy === 'interval') {
    const step = interval(flowFile);
    return chosen(batches, (number) => step > 0 && number % step === 0);
  }
  const random = randomNumbers(seed(flowFile));
  if (strategy === 'reservoir') return reservoir(batches, size(flowFile), random);
  const chance = probability(flowFile) / 100;
  return chosen(batches, () => random() < chance);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes some of the records of a FlowFile.',
  tags: ['record', 'sample', 'reservoir', 'range', 'interval'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    success: 'The records that were taken',
    original: 'What they were taken from',
    failure: 'FlowFiles whose records cannot be read or written; they are as they came',
  },
  writesAttributes: { ...RECORD_ATTRIBUTES, ...ERROR_ATTRIBUTE },
  onTrigger: (session, context) =>
    orFailure(session, context, async (flowFile, made) => {
      const { reader, writer } = context.properties;
      const { schema, batches } = await readRecords(session, flowFile, reader);
      const child = session.create(flowFile);
      made.push(child);
      const written = await writeRecords(session, child, { schema, batches: sample(batches, flowFile, context.properties) }, writer, flowFile);
      session.transfer(written.flowFile, 'success');
      session.transfer(flowFile, 'original');
    }),
});
