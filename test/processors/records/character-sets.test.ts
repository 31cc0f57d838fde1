import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decodePieces } from '../../../processors/records/character-sets.ts';
import { textLines } from '../../../processors/records/text-lines.ts';

async function* chunks(...given: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* given;
}

async function all<T>(source: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const one of source) found.push(one);
  return found;
}

test('large chunks are decoded in pieces too small for the space of large objects, and no letter is cut', async () => {
  const text = '€uro, ½, 🎈\n'.repeat(40_000);
  const bytes = Buffer.from(`\uFEFF${text}`);
  for (const [name, content] of [
    ['UTF-8', bytes],
    ['UTF-16LE', Buffer.from(text, 'utf16le')],
  ] as const) {
    const pieces = await all(decodePieces(chunks(content.subarray(0, 300_001), content.subarray(300_001)), name));
    assert.ok(pieces.every((piece) => piece.length <= 32 * 1024));
    assert.equal(pieces.join(''), text);
  }
  await assert.rejects(all(decodePieces(chunks(Buffer.concat([Buffer.alloc(100_000, 'a'), Buffer.from([0xc3])])), 'UTF-8')), /not UTF-8 text/);
});

test('lines end where they end, however the pieces fall; one beyond 16 Mi characters is refused', async () => {
  const long = 'x'.repeat(5_000_000);
  const lines = (await all(textLines(chunks(Buffer.from(`a\r\n${long}\n`), Buffer.from('\nlast')), 'UTF-8'))).flat();
  assert.deepEqual(
    lines.map((line) => line.length),
    [1, 5_000_000, 0, 4],
  );
  await assert.rejects(all(textLines(chunks(Buffer.alloc(17 * 1024 ** 2, 'x')), 'UTF-8')), /more than 16777216 characters/);
});
