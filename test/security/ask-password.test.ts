import assert from 'node:assert/strict';
import { PassThrough, Readable, Writable } from 'node:stream';
import { test } from 'node:test';
import { askPassword } from '../../server/security/ask-password.ts';

/** A terminal at which somebody types, a line whenever they are asked. */
function terminal(...lines: string[]) {
  const modes: boolean[] = [];
  const input = Object.assign(new PassThrough(), { isTTY: true as const, setRawMode: (raw: boolean) => void modes.push(raw) });
  let shown = '';
  const output = new Writable({
    write(chunk, _encoding, done) {
      shown += chunk;
      if (String(chunk).endsWith(': ')) setImmediate(() => input.write(lines.shift() ?? '\x03'));
      done();
    },
  });
  return { modes, ask: () => askPassword('jane', input as never, output), shown: () => shown };
}

test('a terminal is asked twice and shows nothing', async () => {
  const { ask, shown, modes } = terminal('correcz\x7ft höRse\r', 'correct höRse\n');
  assert.equal(await ask(), 'correct höRse');
  assert.equal(shown(), 'New password for jane: \nThe same again: \n');
  assert.deepEqual(modes, [true, false, true, false]);
});

test('two passwords that differ, or a second thought, change nothing', async () => {
  await assert.rejects(terminal('one password\r', 'another\r').ask(), /The two passwords differ\. Nothing was changed/);
  const { ask, modes } = terminal('one pass\x03');
  await assert.rejects(ask(), /Interrupted\. Nothing was changed/);
  assert.equal(modes.at(-1), false, 'the terminal echoes again');
});

test('without a terminal the first line is the password', async () => {
  const nobody = new Writable();
  for (const text of ['from a pipe', 'from a pipe\n', 'from a pipe\r\nand more\n']) assert.equal(await askPassword('jane', Readable.from([text]), nobody), 'from a pipe');
  await assert.rejects(askPassword('jane', Readable.from([]), nobody), /no password on the standard input/);
});
