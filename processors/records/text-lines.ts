import { ProcessError } from '../../server/extension/errors.ts';
import { decodePieces } from './character-sets.ts';

/** A line of more characters than this is none. */
const MAX_LINE = 16 * 1024 ** 2;

/** The lines of a text in batches, without their line breaks. Throws ProcessError where one is too long. */
export async function* textLines(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of decodePieces(content, characterSet)) {
    const lines = (rest + piece).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_LINE) throw new ProcessError(`A line has more than ${MAX_LINE} characters.`);
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
