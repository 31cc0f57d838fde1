import { readFile } from 'node:fs/promises';
import { Deadline } from '../../server/extension/deadline.ts';
import { ProcessError, PropertyError } from '../../server/extension/errors.ts';

/** Keys of age (X25519), each on a line of its own; lines that begin otherwise are comments. */
export const RECIPIENT = { begin: 'age1', pattern: /^age1[qpzry9x8gf2tvdw0s3jn54khce6mua7l]{58}$/, name: 'Public Key Recipients' };
export const IDENTITY = { begin: 'AGE-SECRET-KEY-1', pattern: /^AGE-SECRET-KEY-1[QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L]{58}$/, name: 'Private Key Identities' };
export type KeyKind = typeof RECIPIENT;

export const KEY_SOURCE = { PROPERTIES: 'PROPERTIES', RESOURCES: 'RESOURCES' } as const;

/** How long a key may take to come from a URL, milliseconds, and how long it may be, bytes. */
const PATIENCE = 30_000;
const LONGEST = 1024 ** 2;

export const keysIn = (text: string, { pattern }: KeyKind): string[] => [...new Set(text.split(/\r?\n/).filter((line) => pattern.test(line)))];

/** Checks a property's text. */
export const checkKeys =
  (kind: KeyKind) =>
  (text: string): void => {
    if (keysIn(text, kind).length === 0) throw new PropertyError(`it holds no key of age: a line must begin with ${kind.begin}`);
  };

/** The keys of a property, or of files and URLs with commas between them. Throws ProcessError where one of them has none. */
export async function readKeys(kind: KeyKind, inline: string | undefined, resources: string | undefined): Promise<string[]> {
  if (inline !== undefined) return keysIn(inline, kind);
  const places = (resources ?? '').split(',').map((place) => place.trim());
  const keys = await Promise.all(
    places.map(async (place) => {
      const found = keysIn(await textAt(place), kind);
      if (found.length === 0) throw new ProcessError(`${kind.name} not found in ${place}: a line must begin with ${kind.begin}`);
      return found;
    }),
  );
  return keys.flat();
}

async function textAt(place: string): Promise<string> {
  if (!/^https?:/i.test(place)) return readFile(place.startsWith('file:') ? new URL(place) : place, 'utf8');
  const { request } = await import('undici');
  const deadline = new Deadline(undefined, PATIENCE);
  try {
    const { statusCode, body } = await request(place, { signal: deadline.signal });
    if (statusCode !== 200) throw new ProcessError(`${place} answered ${statusCode}: check the URL of the keys`);
    const text = await body.text();
    if (text.length > LONGEST) throw new ProcessError(`${place} holds ${text.length} characters, too many for keys`);
    return text;
  } finally {
    deadline.close();
  }
}
