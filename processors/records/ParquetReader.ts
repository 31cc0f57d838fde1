import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property } from '../../server/extension/property.ts';
import { type OpenContent, RECORD_READER, type RecordReaderFactory } from '../../server/extension/record-io.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { ParquetFiles, type RowRange } from './parquet-reading.ts';

/** NiFi's attributes that name a part of the file. */
const OFFSET = 'record.offset';
const COUNT = 'record.count';
const RANGE = ['parquet.file.range.startOffset', 'parquet.file.range.endOffset'];

function rowRange(flowFile: FlowFile): RowRange | undefined {
  const ranged = RANGE.find((name) => flowFile.getAttribute(name) !== undefined);
  if (ranged) throw new ProcessError(`The attribute ${ranged} asks for a part of the file by bytes, which this runtime does not read: use ${OFFSET} and ${COUNT}, or remove it.`);
  const offset = flowFile.getAttribute(OFFSET);
  const count = flowFile.getAttribute(COUNT);
  if (offset === undefined) return undefined;
  if (!/^\d{1,15}$/.test(offset) || !/^\d{1,15}$/.test(count ?? '')) throw new ProcessError(`The attributes ${OFFSET} and ${COUNT} must be whole numbers.`);
  return { offset: Number(offset), count: Number(count) };
}

class Reader implements RecordReaderFactory {
  #files: Promise<ParquetFiles> | undefined;

  async read(open: OpenContent, flowFile: FlowFile) {
    const range = rowRange(flowFile);
    this.#files ??= ParquetFiles.open();
    return (await this.#files).read(open, range);
  }

  async close(): Promise<void> {
    await (await this.#files)?.close();
  }
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.parquet', bundle: 'nifi-parquet-nar' },
  description: 'Reads records from Parquet files, which tell their schema themselves. Numbers keep all their digits.',
  details: `Where a FlowFile has the attributes \`${OFFSET}\` and \`${COUNT}\`, only so many records from there on are read.`,
  tags: ['parquet', 'parse', 'record', 'row', 'reader'],
  properties: {
    compatibility: property.boolean('Avro Read Compatibility', 'Kept for flows made in NiFi: files are read as they say, without Avro in between', { default: 'true' }),
    listRecords: property.boolean('Avro Add List Element Records', 'Kept for flows made in NiFi: elements of lists are what they are', { default: 'true' }),
  },
  provides: [RECORD_READER],
  onEnabled: (): Reader => new Reader(),
  onDisabled: (reader: Reader) => reader.close(),
});
