import { readFile } from 'node:fs/promises';
import type { KeyID, PrivateKey, PublicKey } from 'openpgp';
import { ProcessError } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import { serviceContract } from '../../server/extension/service.ts';
import { isArmored, pgp } from './messages.ts';

/** A key of a keyring, and which of its parts was asked for: the subkey with this id, or whatever part fits. */
export interface Found<K extends PublicKey> {
  readonly key: K;
  readonly part: KeyID | undefined;
}

/** What an enabled service with public keys hands out. */
export interface PublicKeys {
  /** The key whose id is this (16 hexadecimal digits in capitals), or one of whose user ids contains it. */
  find(search: string): Found<PublicKey> | undefined;
  readonly all: readonly PublicKey[];
}

/** What an enabled service with private keys hands out; they are decrypted. */
export interface PrivateKeys {
  /** The key with this id, 16 hexadecimal digits. */
  find(id: string): Found<PrivateKey> | undefined;
  readonly all: readonly PrivateKey[];
}

export const PUBLIC_KEYS = serviceContract<PublicKeys>('org.apache.nifi.pgp.service.api.PGPPublicKeyService');
export const PRIVATE_KEYS = serviceContract<PrivateKeys>('org.apache.nifi.pgp.service.api.PGPPrivateKeyService');

/** The properties that say where keys come from. */
export const keyringFile = property.text('Keyring File', 'The file with the keys, binary or in ASCII armor', { expressions: 'environment' });

/** A sentence where no keys are given; empty where they are. */
export const withoutKeys = (file: string | undefined, keyring: string | undefined): string[] =>
  file === undefined && keyring === undefined ? ['neither Keyring File nor Keyring is set: set one of them'] : [];

/** The keys of a file and of a property, whichever are set. Throws ProcessError where there is none. */
export async function readKeyrings<K extends PublicKey>(file: string | undefined, keyring: string | undefined, read: (bytes: Uint8Array) => Promise<K[]>): Promise<K[]> {
  const rings = [...(file === undefined ? [] : [await readFile(file)]), ...(keyring === undefined ? [] : [Buffer.from(keyring, 'latin1')])];
  const keys = (await Promise.all(rings.map(read))).flat();
  if (keys.length === 0) throw new ProcessError('The keyring holds no keys: export them with `gpg --export`, or `gpg --export-secret-keys` for private ones');
  return keys;
}

/** Public keys of a keyring; of private ones, their public part. */
export async function publicKeysOf(bytes: Uint8Array): Promise<PublicKey[]> {
  const { readKeys } = await pgp();
  const keys = await (isArmored(bytes) ? readKeys({ armoredKeys: Buffer.from(bytes).toString('latin1') }) : readKeys({ binaryKeys: bytes }));
  return keys.map((key) => key.toPublic());
}

/** Private keys of a keyring, decrypted. Throws ProcessError where the password is wrong. */
export async function privateKeysOf(bytes: Uint8Array, passphrase: string): Promise<PrivateKey[]> {
  const { decryptKey, readPrivateKeys } = await pgp();
  const keys = await (isArmored(bytes) ? readPrivateKeys({ armoredKeys: Buffer.from(bytes).toString('latin1') }) : readPrivateKeys({ binaryKeys: bytes }));
  return Promise.all(
    keys.map((privateKey) => {
      if (privateKey.isDecrypted()) return privateKey;
      return decryptKey({ privateKey, passphrase }).catch((cause) => {
        throw new ProcessError(`The private key ${idOf(privateKey.getKeyID())} cannot be decrypted: check Key Password`, { cause });
      });
    }),
  );
}

/** As NiFi writes it: 16 hexadecimal digits in capitals. */
export const idOf = (id: KeyID): string => id.toHex().toUpperCase();

/** The key of which a part has this id. */
export function keyWithId<K extends PublicKey>(keys: readonly K[], id: string): Found<K> | undefined {
  for (const key of keys) {
    const part = key.getKeyIDs().find((each) => idOf(each) === id);
    if (part) return { key, part };
  }
  return undefined;
}
