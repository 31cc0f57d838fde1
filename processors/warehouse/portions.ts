import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { QueryResult } from '../../server/extension/warehouse.ts';
import type { Marks } from './watermark.ts';

/** The result in FlowFiles of the wanted size, without what was sent before. */
export async function* portions(result: QueryResult, marks: Marks | undefined, size: number): AsyncGenerator<RecordBatch> {
  let waiting: DataRecord[] = [];
  for await (const batch of result) {
    const fresh = marks ? marks.fresh(batch) : batch;
    if (waiting.length === 0 && fresh.length === size) {
      yield fresh;
      continue;
    }
    waiting = waiting.concat(fresh);
    for (; waiting.length >= size; waiting = waiting.slice(size)) yield waiting.slice(0, size);
  }
  if (waiting.length > 0) yield waiting;
}
