import { inUnits } from './byte-pieces.ts';

export type ContentEncoding = 'base64' | 'base32' | 'hex';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** How many bytes make a whole number of characters, and the other way round (RFC 4648). */
const UNITS = { base64: { bytes: 3, characters: 4 }, base32: { bytes: 5, characters: 8 }, hex: { bytes: 1, characters: 2 } } as const;
const VALID = { base64: /^[A-Za-z0-9+/_-]*={0,2}$/, base32: /^[A-Z2-7]*={0,6}$/, hex: /^([0-9A-Fa-f]{2})*$/ } as const;

/** Bytes to text, piece by piece. */
export async function* encoded(content: AsyncIterable<Uint8Array>, encoding: ContentEncoding): AsyncGenerator<string> {
  for await (const piece of inUnits(content, UNITS[encoding].bytes)) yield encoding === 'base32' ? base32(piece) : piece.toString(encoding);
}

/** Text to bytes, piece by piece; line breaks and spaces count for nothing. Throws an Error where it is not such text. */
export async function* decoded(content: AsyncIterable<Uint8Array>, encoding: ContentEncoding): AsyncGenerator<Buffer> {
  let isOver = false;
  for await (const piece of inUnits(withoutSpace(content), UNITS[encoding].characters)) {
    const text = piece.toString('latin1');
    if (isOver || !VALID[encoding].test(text)) throw new Error(`it is not ${encoding} text`);
    isOver = text.endsWith('=');
    yield encoding === 'base32' ? fromBase32(text) : Buffer.from(text, encoding);
  }
}

/** The same text with a line break after so many characters each, and at the end. */
export async function* inLines(text: AsyncIterable<string>, length: number): AsyncGenerator<string> {
  let rest = '';
  for await (const piece of text) {
    const all = rest + piece;
    let from = 0;
    let lines = '';
    for (; all.length - from >= length; from += length) lines += `${all.slice(from, from + length)}\n`;
    if (lines !== '') yield lines;
    rest = all.slice(from);
  }
  if (rest !== '') yield `${rest}\n`;
}

async function* withoutSpace(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const piece of content)
    yield piece.includes(0x0a) || piece.includes(0x0d) || piece.includes(0x20) ? piece.filter((byte) => byte !== 0x0a && byte !== 0x0d && byte !== 0x20) : piece;
}

function base32(bytes: Buffer): string {
  let text = '';
  let bits = 0;
  let value = 0;
  for (const byte of bytes) {
    value = ((value << 8) | byte) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(value >> (bits - 5)) & 31];
  }
  if (bits > 0) text += ALPHABET[(value << (5 - bits)) & 31];
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=');
}

function fromBase32(text: string): Buffer {
  const bytes: number[] = [];
  let bits = 0;
  let value = 0;
  for (const character of text.replace(/=+$/, '')) {
    value = ((value << 5) | ALPHABET.indexOf(character)) & 0xfff;
    bits += 5;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push((value >> bits) & 0xff);
  }
  return Buffer.from(bytes);
}
