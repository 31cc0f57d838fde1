import { PropertyError } from './errors.ts';

/** Java's names of the character sets that Node can write, and how Node calls them. */
const WRITABLE: Readonly<Record<string, BufferEncoding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'us-ascii': 'ascii',
  ascii: 'ascii',
  'iso-8859-1': 'latin1',
  latin1: 'latin1',
  'utf-16le': 'utf16le',
};

/** Whether text can be read in this character set. Throws PropertyError. */
export function checkCharacterSet(name: string): void {
  try {
    new TextDecoder(name.trim());
  } catch {
    throw new PropertyError(`'${name}' is not a character set that this runtime knows, such as UTF-8, ISO-8859-1 or UTF-16LE`);
  }
}

/** Whether text can be written in this character set. Throws PropertyError. */
export function checkWritableCharacterSet(name: string): void {
  if (!Object.hasOwn(WRITABLE, name.trim().toLowerCase()))
    throw new PropertyError(`'${name}' is not a character set that can be written; choose UTF-8, US-ASCII, ISO-8859-1 or UTF-16LE`);
}

/** Text to bytes. */
export function encode(text: string, characterSet: string): Buffer {
  return Buffer.from(text, WRITABLE[characterSet.trim().toLowerCase()] ?? 'utf8');
}

/** Bytes to text. */
export function decode(bytes: Uint8Array, characterSet: string): string {
  return new TextDecoder(characterSet.trim()).decode(bytes);
}
