import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { keyringFile, keyWithId, PRIVATE_KEYS, type PrivateKeys, privateKeysOf, readKeyrings, withoutKeys } from './key-services.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.pgp.service.standard', bundle: 'nifi-pgp-service-nar' },
  description: 'Private keys of OpenPGP, from a file or a property.',
  tags: ['PGP', 'GPG', 'OpenPGP', 'Encryption', 'Private', 'Key', 'RFC 4880'],
  provides: [PRIVATE_KEYS],
  properties: {
    file: keyringFile,
    keyring: property.text('Keyring', 'The keys in ASCII armor', { sensitive: true }),
    password: property.text('Key Password', 'What the private keys are encrypted with; it counts for nothing where they are not', { required: true, sensitive: true }),
  },
  validate: ({ file, keyring }) => withoutKeys(file, keyring),
  async onEnabled({ properties: { file, keyring, password } }): Promise<PrivateKeys> {
    const all = await readKeyrings(file, keyring, (bytes) => privateKeysOf(bytes, password));
    return { all, find: (id) => keyWithId(all, id.toUpperCase()) };
  },
});
