import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { keyringFile, keyWithId, PUBLIC_KEYS, type PublicKeys, publicKeysOf, readKeyrings, withoutKeys } from './key-services.ts';

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.pgp.service.standard', bundle: 'nifi-pgp-service-nar' },
  description: 'Public keys of OpenPGP, from a file or a property.',
  tags: ['PGP', 'GPG', 'OpenPGP', 'Encryption', 'Private', 'Key', 'RFC 4880'],
  provides: [PUBLIC_KEYS],
  properties: { file: keyringFile, keyring: property.text('Keyring', 'The keys in ASCII armor') },
  validate: ({ file, keyring }) => withoutKeys(file, keyring),
  async onEnabled({ properties: { file, keyring } }): Promise<PublicKeys> {
    const all = await readKeyrings(file, keyring, publicKeysOf);
    return {
      all,
      find(search) {
        const byId = keyWithId(all, search);
        // The id of a whole key stands for whichever of its parts encrypts.
        if (byId) return { key: byId.key, part: byId.part?.equals(byId.key.getKeyID()) ? undefined : byId.part };
        const key = all.find((each) => each.getUserIDs().some((user) => user.includes(search)));
        return key && { key, part: undefined };
      },
    };
  },
});
