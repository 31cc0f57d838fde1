import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { unanimousAttributes } from '../../server/extension/flowfile-bins.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER } from '../../server/extension/record-io.ts';
import { compileRecordPath } from '../../server/extension/record-path/record-path.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { Pair } from './enrichment-pairs.ts';
import { inserted, wrapped } from './joined-records.ts';
import type { QueryEngine } from './query-engine.ts';
import { withAttributes } from './record-changes.ts';
import { isBadData, readerAndWriter, readRecords, writeRecords } from '../../server/extension/record-flow.ts';

const SQL = { 'Join Strategy': ['SQL'] };

export const properties = {
  original: property.service('Original Record Reader', 'Reads the originals', RECORD_READER, { required: true }),
  enrichment: property.service('Enrichment Record Reader', 'Reads the enrichments', RECORD_READER, { required: true }),
  writer: readerAndWriter.writer,
  strategy: property.choice(
    'Join Strategy',
    'Wrapper: a record with both, by their place, as its fields. SQL: what a query of the tables original and enrichment gives. Insert: the fields of the enrichment become fields of the original, by their place.',
    { Wrapper: 'Wrapper', SQL: 'SQL', 'Insert Enrichment Fields': 'Insert Enrichment Fields' },
    { default: 'Wrapper' },
  ),
  sql: property.text('SQL', "The query, in DuckDB's SQL; attributes in it are those of both, the enrichment's win", {
    default: 'SELECT original.*, enrichment.* \nFROM original \nLEFT OUTER JOIN enrichment \nON original.id = enrichment.id',
    language: 'sql',
    expressions: 'flowfile',
    dependsOn: SQL,
  }),
  precision: property.integer('Default Decimal Precision', 'Kept for flows made in NiFi: decimals keep the precision that they have', {
    default: '10',
    required: false,
    expressions: 'flowfile',
    dependsOn: SQL,
  }),
  scale: property.integer('Default Decimal Scale', 'Kept for flows made in NiFi: decimals keep the scale that they have', {
    default: '0',
    required: false,
    expressions: 'flowfile',
    dependsOn: SQL,
  }),
  path: property.text('Insertion Record Path', 'Leads to the records of the original that get the fields', {
    default: '/',
    expressions: 'flowfile',
    dependsOn: { 'Join Strategy': ['Insert Enrichment Fields'] },
  }),
  maxBins: property.integer('Maximum Number of Bins', 'How many halves may wait; the oldest is given up for a further one', { default: '10000', min: 1 }),
  timeout: property.duration('Timeout', 'How long one half waits for the other', { default: '10 min' }),
};

export type Session = ProcessSession<'joined' | 'original' | 'timeout' | 'failure'>;
type Context = ProcessContext<typeof properties, Client>;

/** What the processor keeps between triggers. */
export interface Client {
  readonly engine: QueryEngine | undefined;
  /** When each waiting FlowFile was first seen, milliseconds since 1970. */
  seen: ReadonlyMap<number, number>;
}

async function write(session: Session, { original, enrichment }: Pair, target: FlowFile, context: Context) {
  const { writer, strategy, sql, path, ...readers } = context.properties;
  const both = withAttributes(original, Object.fromEntries(enrichment.attributes));
  const open = async () => [await readRecords(session, original, readers.original), await readRecords(session, enrichment, readers.enrichment)] as const;
  if (strategy === 'Insert Enrichment Fields') return writeRecords(session, target, await inserted(open, compileRecordPath(path(both))), writer, original);
  const [left, right] = await open();
  if (strategy === 'Wrapper') return writeRecords(session, target, wrapped(left, right), writer, original);
  const tables = await context.client.engine!.tables({ original: left, enrichment: right });
  try {
    return await writeRecords(session, target, await tables.query(sql(both)), writer, original);
  } finally {
    await tables.close();
  }
}

/** Joins a pair; where its data is bad, both go to failure with the reason. */
export async function join(session: Session, pair: Pair, context: Context): Promise<void> {
  const both = [pair.original, pair.enrichment];
  const target = session.putAttributes(session.create(both), unanimousAttributes(both));
  try {
    session.transfer((await write(session, pair, target, context)).flowFile, 'joined');
    session.transfer(both, 'original');
  } catch (thrown) {
    if (!isBadData(thrown)) throw thrown;
    session.remove(target);
    const reason = messageOf(thrown);
    context.log.error(`${context.name} could not join ${pair.original.getAttribute('filename')} with its enrichment: ${reason} Both were routed to failure.`);
    for (const one of both) session.transfer(session.putAttribute(one, 'record.error.message', reason), 'failure');
  }
}
