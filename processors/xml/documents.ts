import type { Readable } from 'node:stream';
import { xmlCharacterSet } from '../../server/extension/character-set.ts';

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

/** The text of a document. Throws an Error where its bytes are not what it says that they are, or where it has a document type that it must not have. */
export async function documentText(content: Readable, size: number, allowsDtd: boolean): Promise<string> {
  const bytes = await documentBytes(content, size);
  const name = xmlCharacterSet(bytes);
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
