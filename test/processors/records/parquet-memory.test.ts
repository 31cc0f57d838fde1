import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { writeParquet } from '../../../processors/records/parquet-writing.ts';
import type { DataRecord } from '../../../server/extension/record.ts';
import { field, schemaOf, TYPES } from '../../../server/extension/record-schema.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const GROUPS = 200;
const PIECE = 500_000;

test('groups that are written do not keep the content that their texts were cut from', async () => {
  let grown = 0;
  async function* batches(): AsyncGenerator<DataRecord[]> {
    collect();
    const before = process.memoryUsage().heapUsed;
    for (let group = 0; group < GROUPS; group++) {
      const piece = Buffer.alloc(PIECE, `value ${group}, `).toString();
      yield [{ text: piece.slice(0, 40) }];
    }
    collect();
    grown = process.memoryUsage().heapUsed - before;
  }
  let size = 0;
  const schema = schemaOf([field('text', TYPES.string)]);
  for await (const bytes of writeParquet({ schema, batches: batches() }, { codec: 'UNCOMPRESSED', rowGroupSize: 1 })) size += bytes.length;
  assert.ok(size > GROUPS * 40);
  assert.ok(grown < (GROUPS * PIECE) / 4, `${Math.round(grown / 1e6)} MB were kept`);
});
