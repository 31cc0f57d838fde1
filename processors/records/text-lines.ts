import { ProcessError } from '../../server/extension/errors.ts';
import { decodePieces } from './character-sets.ts';

/** A line of more characters than this is none. */
const MAX_LINE = 16 * 1024 ** 2;

/** The lines of a text in batches, without their line breaks. Throws ProcessError where one is too long. */
export async function* textLines(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of decodePieces(content, characterSet)) {
    const isEnd = piece.includes('\n');
    // A long line is put together without being looked at again for each piece.
    const lines = isEnd ? (rest + piece).split('\n') : [];
    rest = isEnd ? lines.pop()! : rest + piece;
    if (rest.length > MAX_LINE) throw new ProcessError(`A line has more than ${MAX_LINE} characters.`);
    if (lines.length > 0) yield lines.map(withoutReturn);
  }
  if (rest !== '') yield [withoutReturn(rest)];
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
