import { generateKeyPair } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import ssh2 from 'ssh2';
import { ProcessError } from '../../server/extension/errors.ts';
import { fingerprintOf } from './public-keys.ts';

export interface HostKey {
  readonly type: string;
  readonly fingerprint: string;
  readonly privateKey: string;
}

/** RSA for clients that know nothing newer. */
const RSA_BITS = 3072;
const generate = promisify(generateKeyPair);
const MAKERS: Readonly<Record<string, () => Promise<string>>> = {
  ed25519: async () => ssh2.utils.generateKeyPairSync('ed25519').private,
  rsa: async () => {
    const options = { modulusLength: RSA_BITS, publicKeyEncoding: { type: 'spki', format: 'pem' }, privateKeyEncoding: { type: 'pkcs1', format: 'pem' } } as const;
    return (await generate('rsa', options)).privateKey;
  },
};

/** The keys by which clients know the endpoint: made once, kept in the folder, readable by its owner only. Throws ProcessError. */
export function hostKeysIn(folder: string): Promise<HostKey[]> {
  return Promise.all(Object.entries(MAKERS).map(([name, make]) => hostKey(path.join(folder, `host_${name}_key`), make)));
}

async function hostKey(file: string, make: () => Promise<string>): Promise<HostKey> {
  if (!existsSync(file)) {
    // Half a key must not be taken for one after a kill.
    writeFileSync(`${file}.new`, await make(), { mode: 0o600 });
    renameSync(`${file}.new`, file);
  }
  chmodSync(file, 0o600);
  const privateKey = readFileSync(file, 'utf8');
  const parsed = ssh2.utils.parseKey(privateKey);
  if (parsed instanceof Error)
    throw new ProcessError(`The host key ${file} cannot be read (${parsed.message}). Put the right one back; or remove it, and tell users the new fingerprint.`);
  return { type: parsed.type, fingerprint: fingerprintOf(parsed.getPublicSSH()), privateKey };
}
