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

/** The character set of XML, from its first bytes: by the mark of byte order, or by the XML declaration (XML 1.0, appendix F). */
export function xmlCharacterSet(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))?.[1] ?? 'utf-8';
}
