import { createPrivateKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { PRIVATE_KEY_SERVICE, type PrivateKeyService } from '../../server/extension/private-key.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';

interface Source {
  readonly file: string | undefined;
  readonly key: string | undefined;
  readonly password: string | undefined;
}

/** Throws an Error where there is no key, or where the password does not open it. */
function readKey({ file, key, password }: Source): KeyObject {
  const text = file === undefined ? key : readFileSync(file, 'utf8');
  if (text === undefined) throw new Error('neither Key File nor Key is set');
  return createPrivateKey({ key: text, format: 'pem', ...(password === undefined ? {} : { passphrase: password }) });
}

/** A private key that cannot be used is told when the service is configured. */
function problems(source: Source): string[] {
  if (source.file !== undefined && source.key !== undefined) return ['Both Key File and Key are set: set one of them'];
  try {
    readKey(source);
    return [];
  } catch (thrown) {
    return [`The private key cannot be read: ${messageOf(thrown)}`];
  }
}

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.key.service', bundle: 'nifi-key-service-nar' },
  description: 'Hands a private key to other components.',
  tags: ['PEM', 'PKCS8'],
  provides: [PRIVATE_KEY_SERVICE],
  properties: {
    file: property.text('Key File', 'A file with the private key in PEM, as PKCS8'),
    key: property.text('Key', 'The private key in PEM, as PKCS8', { sensitive: true, language: 'text' }),
    password: property.text('Key Password', 'What the key is encrypted with', { sensitive: true }),
  },
  validate: problems,
  onEnabled({ name, properties }): PrivateKeyService {
    try {
      return { privateKey: readKey(properties) };
    } catch (cause) {
      throw new ProcessError(`${name} cannot read its private key: ${messageOf(cause)}`, { cause });
    }
  },
});
