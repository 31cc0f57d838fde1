import { createHash } from 'node:crypto';

/** What stands before the first line. */
export const GENESIS = '0'.repeat(64);

/** What every line of the audit has besides what it tells. */
export interface Line {
  readonly number: number;
  /** When it was written (ISO 8601). */
  readonly time: string;
  /** The hash of the line before. */
  readonly previous: string;
  /** SHA-256 of this line without its hash. */
  readonly hash: string;
}

const HASH_FIELD = /,"hash":"[0-9a-f]{64}"\}$/;
/** The line without its hash. */
export const unsealed = (text: string): string => text.replace(HASH_FIELD, '}');
/** The line with its hash. */
export const sealed = (text: string, hash: string): string => `${text.slice(0, -1)},"hash":"${hash}"}`;
export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

/** The line; undefined where it is none. */
export function parsed(text: string): Line | undefined {
  if (!HASH_FIELD.test(text)) return undefined;
  try {
    return JSON.parse(text) as Line;
  } catch {
    return undefined;
  }
}
