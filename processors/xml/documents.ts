import type { Readable } from 'node:stream';

/** What is parsed as a whole may be so long, bytes: a tree takes twenty times as much memory. */
export const LONGEST_DOCUMENT = 32 * 1024 ** 2;

/** Characters that no XML may have (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** The bytes of a document. Throws an Error where it is longer than can be held. */
export async function documentBytes(content: Readable, size: number): Promise<Buffer> {
  if (size === 0) throw new Error('it is empty, and so no XML');
  if (size > LONGEST_DOCUMENT) throw new Error(`it has ${size} bytes, more than the ${LONGEST_DOCUMENT} that are parsed as a whole: split it before`);
  return Buffer.concat(await content.toArray());
}

/** By the mark of byte order, or by the XML declaration (XML 1.0, appendix F). */
export function characterSet(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  if (bytes[0] === 0x3c && bytes[1] === 0) return 'utf-16le';
  if (bytes[0] === 0 && bytes[1] === 0x3c) return 'utf-16be';
  return /^<\?xml[^>]*\sencoding\s*=\s*["']([\w.-]+)["']/.exec(Buffer.from(bytes.subarray(0, 200)).toString('latin1'))?.[1] ?? 'utf-8';
}

/** The text of a document. Throws an Error where its bytes are not what it says that they are, or where it has a document type that it must not have. */
export async function documentText(content: Readable, size: number, allowsDtd: boolean): Promise<string> {
  const bytes = await documentBytes(content, size);
  const name = characterSet(bytes);
  const text = new TextDecoder(name, { fatal: true }).decode(bytes);
  if (FORBIDDEN.test(text)) throw new Error('it has a control character, which XML does not allow');
  if (!allowsDtd && hasDocumentType(text)) throw new Error('it has a document type declaration: those are not allowed here');
  return text;
}

/** Whether a document type is declared before the root element. */
function hasDocumentType(text: string): boolean {
  for (let from = text.indexOf('<'); from >= 0; ) {
    if (text.startsWith('<!DOCTYPE', from)) return true;
    const end = text.startsWith('<!--', from) ? '-->' : text.startsWith('<?', from) ? '?>' : undefined;
    const close = end === undefined ? -1 : text.indexOf(end, from + 2);
    if (close < 0) return false;
    from = text.indexOf('<', close);
  }
  return false;
}
