import { ProcessError, PropertyError } from '../../server/extension/errors.ts';

/** Java's names of the character sets that Node can write, and how Node calls them. */
const WRITABLE: Readonly<Record<string, BufferEncoding>> = { 'utf-8': 'utf8', utf8: 'utf8', 'us-ascii': 'ascii', 'iso-8859-1': 'latin1', 'utf-16le': 'utf16le' };

/** Throws PropertyError where text cannot be read in this character set. */
export function checkReadable(name: string): void {
  try {
    new TextDecoder(name.trim());
  } catch {
    throw new PropertyError(`'${name}' is not a character set that this runtime knows, such as UTF-8, ISO-8859-1 or UTF-16LE`);
  }
}

/** Throws PropertyError where text cannot be written in this character set. */
export function checkWritable(name: string): void {
  if (!Object.hasOwn(WRITABLE, name.trim().toLowerCase()))
    throw new PropertyError(`'${name}' is not a character set that can be written; choose UTF-8, US-ASCII, ISO-8859-1 or UTF-16LE`);
}

export function encodeText(text: string, characterSet: string): Buffer {
  return Buffer.from(text, WRITABLE[characterSet.trim().toLowerCase()]);
}

/**
 * What is decoded at once: the text, joined with what was left over, stays below the 128 KB from which V8 keeps a value in its space for
 * large objects. There it outlives every small collection: whatever is read would add to the memory until the next full one.
 */
const PIECE_BYTES = 32 * 1024;

/** Bytes to text, piece by piece; a mark of byte order at the beginning is left out. Throws ProcessError where they are not of this character set. */
export async function* decodePieces(content: AsyncIterable<Uint8Array>, characterSet: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(characterSet.trim(), { fatal: true });
  const decoded = (chunk?: Uint8Array): string => {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new ProcessError(
        `The content is not ${characterSet.trim()} text: it has bytes that mean nothing there. Set Character Set to what it is, or convert it with ConvertCharacterSet.`,
      );
    }
  };
  for await (const chunk of content) for (let at = 0; at < chunk.length; at += PIECE_BYTES) yield decoded(chunk.subarray(at, at + PIECE_BYTES));
  yield decoded();
}
