import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { StorageError } from '../engine/repositories.ts';
import type { Secrets } from '../engine/runtime.ts';

/** Marks what was encrypted by which scheme, so that a later one can be told apart. */
const SCHEME = 'aes256gcm:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for each value. `key`: 32 bytes. */
export function secretsWith(key: Uint8Array): Secrets {
  return {
    encrypt(text) {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce);
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return SCHEME + sealed.toString('base64');
    },
    decrypt(text) {
      const sealed = Buffer.from(text.slice(SCHEME.length), 'base64');
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE_BYTES));
      decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
      try {
        return Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new StorageError(
          'A sensitive value cannot be decrypted: it was stored with another key. Start Millrace with the secret.key (or MILLRACE_KEY) that belongs to this data directory.',
          { cause },
        );
      }
    },
  };
}

/**
 * The key for sensitive values: 64 hexadecimal digits from `given` (the environment), else from the file, which is made where
 * it is missing, readable by its owner only. Throws StorageError.
 */
export function loadKey(file: string, given: string | undefined): Uint8Array {
  if (given !== undefined) return parseKey(given, 'MILLRACE_KEY');
  if (existsSync(file)) return parseKey(readFileSync(file, 'utf8').trim(), file);
  const key = randomBytes(32);
  writeFileSync(file, `${key.toString('hex')}\n`, { mode: 0o600, flag: 'wx' });
  chmodSync(file, 0o600);
  return key;
}

/** The bytes of 64 hexadecimal digits. `where`: what has them. Throws StorageError. */
export function parseKey(text: string, where: string): Uint8Array {
  if (!/^[0-9a-f]{64}$/i.test(text))
    throw new StorageError(`The key in ${where} is not 64 hexadecimal digits. Put the right one there; without it sensitive values cannot be read.`);
  return Buffer.from(text, 'hex');
}
