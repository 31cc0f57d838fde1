import type { KeyID } from 'openpgp';
import { idOf } from './key-services.ts';

/** What signature packets and one-pass signature packets tell of a signature. */
export interface SignatureFacts {
  readonly signatureType: number | null;
  readonly hashAlgorithm: number | null;
  readonly publicKeyAlgorithm: number | null;
  readonly issuerKeyID: KeyID;
  readonly version?: number | null;
  readonly created?: Date | null;
}

/** Java's names, by the numbers of OpenPGP (RFC 9580, 9.1 and 9.5). */
const KEYS: Readonly<Record<number, string>> = { 1: 'RSA', 3: 'RSA', 17: 'DSA', 19: 'ECDSA', 22: 'EdDSA', 27: 'Ed25519', 28: 'Ed448' };
const HASHES: Readonly<Record<number, string>> = { 1: 'MD5', 2: 'SHA1', 8: 'SHA256', 9: 'SHA384', 10: 'SHA512', 11: 'SHA224' };

/** NiFi's attributes of a signature. */
export function signatureAttributes({ signatureType, hashAlgorithm, publicKeyAlgorithm, issuerKeyID, version, created }: SignatureFacts): Record<string, string> {
  const [hash, key] = [HASHES[hashAlgorithm ?? 0], KEYS[publicKeyAlgorithm ?? 0]];
  return {
    'pgp.signature.hash.algorithm.id': String(hashAlgorithm),
    'pgp.signature.key.algorithm.id': String(publicKeyAlgorithm),
    'pgp.signature.key.id': idOf(issuerKeyID),
    'pgp.signature.type.id': String(signatureType),
    ...(hash && key ? { 'pgp.signature.algorithm': `${hash}with${key}` } : {}),
    ...(created ? { 'pgp.signature.created': String(created.getTime()) } : {}),
    ...(version ? { 'pgp.signature.version': String(version) } : {}),
  };
}

/** What they mean, for the documentation. */
export const SIGNATURE_ATTRIBUTES = {
  'pgp.signature.algorithm': 'Hash and key, such as SHA512withRSA',
  'pgp.signature.created': 'When it was signed, milliseconds since 1970',
  'pgp.signature.hash.algorithm.id': "The hash's number in OpenPGP",
  'pgp.signature.key.algorithm.id': "The key algorithm's number in OpenPGP",
  'pgp.signature.key.id': 'The id of the key, 16 hexadecimal digits',
  'pgp.signature.type.id': 'The kind of signature, 0 for binary content',
  'pgp.signature.version': 'The version of the signature',
};
