import { avroSchemaText } from '../../server/extension/avro-schema.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { type Bin, type BinRules, fragmentCount, incompleteness, type Reason, unanimousAttributes } from '../../server/extension/flowfile-bins.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { RecordBatch } from '../../server/extension/record.ts';
import { mergeSchemas, type RecordSchema } from '../../server/extension/record-schema.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { isBadData, readerAndWriter, readRecords, writeRecords } from '../../server/extension/record-flow.ts';

export const properties = {
  ...readerAndWriter,
  strategy: property.choice(
    'Merge Strategy',
    'Whether records that are alike are gathered as they come, or the parts of a FlowFile that was split',
    { 'Bin-Packing Algorithm': 'Bin-Packing Algorithm', Defragment: 'Defragment' },
    { default: 'Bin-Packing Algorithm' },
  ),
  correlation: property.text('Correlation Attribute Name', 'FlowFiles whose values of this attribute differ are never merged'),
  attributes: property.choice(
    'Attribute Strategy',
    'Which attributes the merged FlowFile gets: those that all share, or those that none contradicts',
    { 'Keep Only Common Attributes': 'Keep Only Common Attributes', 'Keep All Unique Attributes': 'Keep All Unique Attributes' },
    { default: 'Keep Only Common Attributes' },
  ),
  minRecords: property.integer('Minimum Number of Records', 'Fewer are merged only when they have waited for Max Bin Age', {
    default: '1',
    min: 1,
    expressions: 'environment',
  }),
  maxRecords: property.integer('Maximum Number of Records', 'A bin with so many is full; FlowFiles are never divided, so that the last one may exceed it', {
    default: '1000',
    required: false,
    min: 1,
    expressions: 'environment',
  }),
  minBytes: property.dataSize('Minimum Bin Size', 'Less is merged only when it has waited for Max Bin Age. The content of what came in counts', { default: '0 B' }),
  maxBytes: property.dataSize('Maximum Bin Size', 'A bin of this size is full; the last FlowFile may exceed it. The content of what came in counts'),
  maxAge: property.duration('Max Bin Age', 'A bin is merged after this time, whatever it holds'),
  maxBins: property.integer('Maximum Number of Bins', 'Where more bins are open, the oldest is merged', { default: '10', min: 1 }),
};

/** What is known of a waiting FlowFile. */
export interface Looked {
  /** When it was first seen, milliseconds since 1970. */
  readonly seen: number;
  readonly schema: RecordSchema;
  readonly schemaText: string;
  readonly records: number;
  /** The number of its turn: records are merged in the order in which their FlowFiles were first seen. */
  readonly order: number;
}

/** By the FlowFiles' ids. FlowFiles wait in their queue, so that bins survive a restart; only their age begins anew. */
export type Client = Map<number, Looked>;
export type Context = ProcessContext<typeof properties, Client>;
export type Session = ProcessSession<'merged' | 'original' | 'failure'>;

/** Reads a FlowFile once to its end: what cannot be read must not spoil a bin. Throws ProcessError. */
export async function lookInto(session: Session, flowFile: FlowFile, order: number, { properties: { reader }, now }: Context): Promise<Looked> {
  const { schema, batches } = await readRecords(session, flowFile, reader);
  let records = 0;
  for await (const batch of batches) records += batch.length;
  return { seen: now(), schema, schemaText: avroSchemaText(schema), records, order };
}

const NO_LIMIT = Number.POSITIVE_INFINITY;

/** How the properties say that FlowFiles are gathered. */
export function binRules({ properties: values }: Context, looked: Client, isQuiet: boolean): BinRules {
  const { strategy, correlation, minRecords, maxRecords = NO_LIMIT, minBytes, maxBytes = NO_LIMIT, maxAge = NO_LIMIT, maxBins } = values;
  const known = ({ id }: FlowFile): Looked => looked.get(id)!;
  const common = { maxAge, maxBins, isQuiet, insertion: 'Last in Bin', soft: true, endsBin: () => false, seen: (one: FlowFile) => known(one).seen } as const;
  if (strategy === 'Defragment') {
    const groupOf = (flowFile: FlowFile): string => flowFile.getAttribute('fragment.identifier')!;
    return { ...common, minEntries: NO_LIMIT, maxEntries: NO_LIMIT, minBytes: 0, maxBytes: NO_LIMIT, groupOf, countOf: fragmentCount };
  }
  const groupOf = (flowFile: FlowFile): string => `${known(flowFile).schemaText}${correlation === undefined ? '' : (flowFile.getAttribute(correlation) ?? '')}`;
  const entriesOf = (flowFile: FlowFile): number => known(flowFile).records;
  return { ...common, minEntries: minRecords, maxEntries: maxRecords, minBytes, maxBytes, groupOf, entriesOf };
}

/** NiFi's words for why a bin was closed. */
const REASONS: Readonly<Record<Reason, string>> = {
  MAX_BYTES_THRESHOLD_REACHED: 'Bin is full',
  MAX_ENTRIES_THRESHOLD_REACHED: 'Bin is full',
  MIN_THRESHOLDS_REACHED: 'Bin is full enough',
  TIMEOUT: 'Bin has reached Max Bin Age',
  BIN_MANAGER_FULL: 'Maximum number of bins has been exceeded',
  BIN_TERMINATION_SIGNAL: 'Bin is full',
};

export function fail(session: Session, flowFiles: readonly FlowFile[], reason: string, { log, name }: Context): void {
  log.error(`${name} could not merge ${flowFiles.length} FlowFile(s): ${reason} They were routed to failure.`);
  for (const flowFile of flowFiles) session.transfer(session.putAttribute(flowFile, 'record.error.message', reason), 'failure');
}

/** Merges a bin; where that cannot be done all that it holds goes to failure. */
export async function merge(session: Session, bin: Bin, context: Context, looked: Client): Promise<void> {
  const { strategy, attributes, reader, writer } = context.properties;
  const { flowFiles } = bin;
  const problem = strategy === 'Defragment' ? incompleteness(bin) : undefined;
  if (problem) return fail(session, flowFiles, `${problem[0]!.toUpperCase()}${problem.slice(1)}.`, context);
  async function* batches(): AsyncGenerator<RecordBatch> {
    for (const flowFile of flowFiles) yield* (await readRecords(session, flowFile, reader)).batches;
  }
  const target = session.create(flowFiles);
  try {
    const schema = flowFiles.map(({ id }) => looked.get(id)!.schema).reduce(mergeSchemas);
    const kept = attributes === 'Keep All Unique Attributes' ? unanimousAttributes(flowFiles) : {};
    const { flowFile: merged, count } = await writeRecords(session, session.putAttributes(target, kept), { schema, batches: batches() }, writer, flowFiles[0]);
    const age = String(Math.max(0, Math.round(context.now() - bin.since)));
    session.transfer(session.putAttributes(merged, { 'merge.count': String(flowFiles.length), 'merge.bin.age': age, 'merge.completion.reason': REASONS[bin.reason!] }), 'merged');
    for (const flowFile of flowFiles) session.transfer(session.putAttribute(flowFile, 'merge.uuid', merged.uuid), 'original');
    session.adjustCounter('Records Merged', count);
  } catch (thrown) {
    if (!isBadData(thrown)) throw thrown;
    session.remove(target);
    fail(session, flowFiles, messageOf(thrown), context);
  }
}
