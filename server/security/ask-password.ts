import type { ReadStream } from 'node:tty';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { InvalidRequestError } from '../engine/errors.ts';

const [INTERRUPT, END, BACKSPACE, DELETE] = ['\x03', '\x04', '\b', '\x7f'];

/** Standard input: a terminal, or a pipe or file. */
type Input = Readable & Partial<Pick<ReadStream, 'isTTY' | 'setRawMode'>>;
type Terminal = Readable & Pick<ReadStream, 'setRawMode'>;

/** Asks twice for a password that is not shown; where nobody sits at a terminal, the first line is it. */
export async function askPassword(identity: string, input: Input, output: Writable): Promise<string> {
  if (!input.isTTY) return firstLine(input);
  const password = await ask(`New password for ${identity}: `, input as Terminal, output);
  if (password !== (await ask('The same again: ', input as Terminal, output))) throw new InvalidRequestError('The two passwords differ. Nothing was changed; try again.');
  return password;
}

async function firstLine(input: Readable): Promise<string> {
  for await (const line of createInterface({ input })) return line;
  throw new InvalidRequestError('There is no password on the standard input. Nothing was changed.');
}

/** Reads a line key by key, without an echo. */
function ask(question: string, input: Terminal, output: Writable): Promise<string> {
  output.write(question);
  input.setRawMode(true);
  input.setEncoding('utf8').resume();
  return new Promise<string>((resolve, reject) => {
    let typed: string[] = [];
    const end = (settle: () => void): void => {
      input.off('data', hear).pause();
      input.setRawMode(false);
      output.write('\n');
      settle();
    };
    const hear = (keys: string): void => {
      for (const key of keys) {
        if (key === '\r' || key === '\n') return end(() => resolve(typed.join('')));
        if (key === INTERRUPT || key === END) return end(() => reject(new InvalidRequestError('Interrupted. Nothing was changed.')));
        if (key === BACKSPACE || key === DELETE) typed = typed.slice(0, -1);
        else typed.push(key);
      }
    };
    input.on('data', hear);
  });
}
