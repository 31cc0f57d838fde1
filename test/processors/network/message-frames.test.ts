import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MessageFrames } from '../../../processors/network/message-frames.ts';

/** A sequence of numbers that looks random and is the same each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(state / 65536) % below;
  };
}

function cut(pieces: readonly Buffer[], delimiter: string, maximum: number): { messages: string[]; tooLong: number } {
  const frames = new MessageFrames(Buffer.from(delimiter), maximum);
  let tooLong = 0;
  const messages = pieces.flatMap((piece) => frames.take(piece, () => tooLong++));
  const rest = frames.rest();
  return { messages: [...messages, ...(rest ? [rest] : [])].map(String), tooLong };
}

test('wherever the pieces end, the messages are those that the whole has', () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = numbers(seed);
    const delimiter = ['\n', '\r\n', 'aab', '--'][next(4)]!;
    const text = Array.from({ length: next(400) }, () => '\r\n-ab'[next(5)]).join('');
    const pieces: Buffer[] = [];
    for (let at = 0; at < text.length; ) {
      const end = at + 1 + next(seed % 2 ? 3 : 60);
      pieces.push(Buffer.from(text.slice(at, end)));
      at = end;
    }
    const whole = text.split(delimiter);
    const expected = whole.at(-1) === '' ? whole.slice(0, -1) : whole;
    assert.deepEqual(cut(pieces, delimiter, 1000), { messages: expected, tooLong: 0 }, `seed ${seed}`);
  }
});

test('a message that is too long is left out once, and costs no memory', () => {
  const piece = Buffer.alloc(64 * 1024, 'x');
  const frames = new MessageFrames(Buffer.from('\r\n'), 1024);
  let tooLong = 0;
  for (let count = 0; count < 1000; count++)
    assert.deepEqual(
      frames.take(piece, () => tooLong++),
      [],
    );
  assert.deepEqual(
    frames.take(Buffer.from('y\r'), () => tooLong++),
    [],
  );
  assert.deepEqual(frames.take(Buffer.from('\nnext\r\n'), () => tooLong++).map(String), ['next']);
  assert.equal(tooLong, 1);
});

test('a long message in small pieces takes time in proportion to its length', () => {
  const frames = new MessageFrames(Buffer.from('\n'), 2 ** 27);
  const piece = Buffer.alloc(16 * 1024, 'x');
  // Copied anew for each piece this would be 34 GB.
  for (let count = 0; count < 2048; count++) frames.take(piece, assert.fail);
  const [message] = frames.take(Buffer.from('\n'), assert.fail);
  assert.equal(message!.length, 2048 * piece.length);
});
