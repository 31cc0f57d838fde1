import type { Cells } from './statements.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN = 0x5b;
const CLOSE = 0x5d;

/** The content ended in the middle. */
export class CutOff extends Error {
  override name = 'CutOff';
}

/** Reads a JSON array of rows of texts page by page: a chunk may have 20 MB, of which memory holds a page. Throws CutOff. */
export async function* rowPages(source: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Cells[]> {
  let pending: Buffer[] = [];
  let [depth, rows] = [0, 0];
  let [inText, isEscaped] = [false, false];
  for await (const piece of source) {
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.length);
    let start = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at]!;
      if (inText) {
        if (isEscaped) isEscaped = false;
        else if (byte === BACKSLASH) isEscaped = true;
        else if (byte === QUOTE) inText = false;
      } else if (byte === QUOTE) inText = true;
      else if (byte === OPEN) depth++;
      else if (byte === CLOSE && --depth === 1 && ++rows === size) {
        yield parsed([...pending, bytes.subarray(start, at + 1)], ']');
        pending = [];
        rows = 0;
        start = at + 1;
      }
    }
    pending.push(bytes.subarray(start));
  }
  if (depth > 0 || inText) throw new CutOff('it ends in the middle');
  if (rows > 0) yield parsed(pending, '');
}

/** Rows behind the array's bracket or the comma after the row before. */
function parsed(pieces: readonly Buffer[], end: string): Cells[] {
  const text = Buffer.concat(pieces).toString('utf8').trimStart().slice(1);
  return JSON.parse(`[${text}${end}`) as Cells[];
}
