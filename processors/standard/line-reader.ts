import { ProcessError } from '../../server/extension/errors.ts';
import { LineCutter } from './line-cutter.ts';

/** One line may have so many characters: beyond that it is no text. */
const LONGEST = 64 * 1024 * 1024;

/** The bytes of a stream as text, piece by piece, in a character set that TextDecoder knows. */
async function* decoded(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(characterSet.trim());
  for await (const chunk of content) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Lines with their line breaks (LF, CR LF or CR), many at a time. Throws ProcessError where a line is longer than 64 Mi characters. */
export async function* linesOf(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string[]> {
  const cutter = new LineCutter();
  for await (const piece of decoded(content, characterSet)) {
    const lines = cutter.take(piece);
    if (cutter.pending > LONGEST) throw new ProcessError(`A line is longer than ${LONGEST} characters: this is not text with lines.`);
    if (lines.length > 0) yield lines;
  }
  const last = cutter.end();
  if (last.length > 0) yield last;
}

/** The line without its line break. */
export const withoutBreak = (line: string): string => line.replace(/[\r\n]+$/, '');
