import { createHash } from 'node:crypto';
import { define, type FunctionTable, parsed, text } from './declaration.ts';

/** Java's names of the algorithms to OpenSSL's. MD2 is not among them: OpenSSL has dropped it. */
const ALGORITHMS: Record<string, string> = {
  MD5: 'md5',
  SHA: 'sha1',
  'SHA-1': 'sha1',
  SHA1: 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA-512/224': 'sha512-224',
  'SHA-512/256': 'sha512-256',
  'SHA3-224': 'sha3-224',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
};

const algorithm = parsed((name: string) => {
  const found = ALGORITHMS[name.toUpperCase()];
  if (!found) throw new Error(`'${name}' is not a hash algorithm; known are ${Object.keys(ALGORITHMS).join(', ')}`);
  return found;
});

const namespace = parsed((uuid: string) => {
  if (!/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(uuid)) throw new Error(`'${uuid}' is not a UUID`);
  return Buffer.from(uuid.replaceAll('-', ''), 'hex');
});

/** The Guide's `hash`, `UUID3` and `UUID5`. */
export const hashFunctions: FunctionTable = {
  hash: define(text, [algorithm], 'string', (s, name = 'none') => (s === undefined ? s : createHash(name).update(s).digest('hex'))),
  UUID3: define(text, [namespace], 'string', (s, space) => (s === undefined ? s : nameUuid('md5', 3, space, s))),
  UUID5: define(text, [namespace], 'string', (s, space) => (s === undefined ? s : nameUuid('sha1', 5, space, s))),
};

/** A UUID that follows from a namespace and a name (RFC 4122, 4.3); without a namespace it is all zeros. */
function nameUuid(hash: string, version: number, space: Buffer | undefined, name: string): string {
  const bytes = createHash(hash)
    .update(space ?? Buffer.alloc(16))
    .update(name)
    .digest()
    .subarray(0, 16);
  bytes[6] = (bytes[6]! & 0x0f) | (version << 4);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
