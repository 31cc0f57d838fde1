import type { DataRecord, RecordBatch, RecordValue } from '../../server/extension/record.ts';
import type { Column } from '../../server/extension/warehouse.ts';
import type { Row } from './row-stream.ts';
import { fieldType, nativeName, reader, type RowType } from './snowflake-types.ts';

const BATCH = 1000;

/** How the rows of a result become records. */
export class RowReader {
  readonly columns: readonly Column[];
  readonly #readers: readonly ((written: string) => RecordValue)[];

  constructor(described: readonly RowType[]) {
    this.columns = described.map((row) => {
      const nativeType = nativeName(row);
      return { name: row.name, nativeType, type: fieldType(nativeType), nullable: row.nullable ?? true };
    });
    this.#readers = this.columns.map(({ nativeType }) => reader(nativeType));
  }

  /** Rows in batches of a size, as long as `isWanted`. */
  async *batches(groups: AsyncIterable<readonly Row[]>, size = BATCH, isWanted: () => boolean = () => true): AsyncGenerator<RecordBatch> {
    let batch: DataRecord[] = [];
    for await (const rows of groups) {
      for (const row of rows) {
        if (!isWanted()) return;
        batch.push(this.#record(row));
        if (batch.length < size) continue;
        yield batch;
        batch = [];
      }
    }
    if (batch.length > 0) yield batch;
  }

  #record(row: Row): DataRecord {
    const record: DataRecord = {};
    for (let index = 0; index < this.columns.length; index++) {
      const written = row[index] ?? null;
      record[this.columns[index]!.name] = written === null ? null : this.#readers[index]!(written);
    }
    return record;
  }
}
