import { ProcessError } from '../../server/extension/errors.ts';

/** One line may have so many characters: beyond that it is no text. */
const LONGEST = 64 * 1024 * 1024;
const LINE = /[^\r\n]*(?:\r\n|[\r\n])/g;

/** The bytes of a stream as text, piece by piece, in a character set that TextDecoder knows. */
async function* decoded(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(characterSet.trim());
  for await (const chunk of content) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Lines with their line breaks (LF, CR LF or CR), many at a time. Throws ProcessError where a line is longer than 64 Mi characters. */
export async function* linesOf(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string[]> {
  let rest = '';
  for await (const piece of decoded(content, characterSet)) {
    const text = rest + piece;
    // What a final CR belongs to is known with the next piece.
    const whole = text.endsWith('\r') ? text.slice(0, -1) : text;
    const lines = whole.match(LINE) ?? [];
    rest = text.slice(lines.reduce((length, line) => length + line.length, 0));
    if (rest.length > LONGEST) throw new ProcessError(`A line is longer than ${LONGEST} characters: this is not text with lines.`);
    if (lines.length > 0) yield lines;
  }
  const last = rest.match(/[^\r\n]*(?:\r\n|[\r\n])|[^\r\n]+$/g);
  if (last) yield last;
}

/** The line without its line break. */
export const withoutBreak = (line: string): string => line.replace(/[\r\n]+$/, '');
