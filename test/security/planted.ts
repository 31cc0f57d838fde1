import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A place that was searched. */
export interface Searched {
  readonly name: string;
  readonly bytes: Buffer;
}

/**
 * A secret that occurs nowhere else. What has to be escaped in JSON, URLs and headers surrounds a middle of 20 letters, so that parts
 * of it are found as well.
 */
export function plantedSecret(): string {
  return `q"/+ ł${randomBytes(10)
    .toString('hex')
    .replaceAll(/\d/g, (digit) => 'ghijklmnop'[Number(digit)]!)}\\&=z`;
}

/** Base64 wherever in longer bytes the text begins: the characters that its neighbours have a part in are left out. */
function base64Forms(text: string): string[] {
  return [0, 1, 2].map((shift) => {
    const encoded = Buffer.concat([Buffer.alloc(shift), Buffer.from(text)])
      .toString('base64')
      .replaceAll('=', '');
    return encoded.slice(shift === 0 ? 0 : shift + 1, -1);
  });
}

/** What a secret may look like in bytes. Half of its middle is enough, for messages that quote the beginning or the end. */
export function formsOf(secret: string): Map<string, Buffer> {
  const middle = /[a-p]{20}/.exec(secret)?.[0] ?? secret;
  const forms = new Map<string, Buffer>();
  const add = (name: string, text: string): unknown => forms.set(name, Buffer.from(text));
  add('plain', secret);
  add('first half', middle.slice(0, 10));
  add('second half', middle.slice(-10));
  for (const [name, text] of [
    ['', secret],
    [' of the middle', middle],
  ] as const) {
    base64Forms(text).forEach((form, shift) => {
      add(`base64 at ${shift}${name}`, form);
      add(`base64url at ${shift}${name}`, form.replaceAll('+', '-').replaceAll('/', '_'));
    });
    const hex = Buffer.from(text).toString('hex');
    add(`hex${name}`, hex);
    add(`HEX${name}`, hex.toUpperCase());
  }
  add('URL', encodeURIComponent(secret));
  add('form', new URLSearchParams({ secret }).toString().slice('secret='.length));
  add('JSON', JSON.stringify(secret).slice(1, -1));
  forms.set('UTF-16', Buffer.from(middle, 'utf16le'));
  return forms;
}

/** Where secrets are found, a line each with the bytes before it; the secrets go by their names. */
export function findings(secrets: Readonly<Record<string, string>>, places: readonly Searched[]): string[] {
  return Object.entries(secrets).flatMap(([what, secret]) => {
    const forms = [...formsOf(secret)];
    return places.flatMap(({ name, bytes }) => {
      const found = forms.map(([form, wanted]) => ({ form, at: bytes.indexOf(wanted) })).find(({ at }) => at >= 0);
      return found ? [`${what} (${found.form}) in ${name}: ...${bytes.toString('utf8', Math.max(0, found.at - 120), found.at)}`] : [];
    });
  });
}

/** Every file below a directory, as its bytes: pages of SQLite and its log, blocks of provenance and content are not compressed. */
export function filesBelow(directory: string): Searched[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name))
    .map((file) => ({ name: path.relative(directory, file), bytes: readFileSync(file) }));
}
