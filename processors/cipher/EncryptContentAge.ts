import { Readable } from 'node:stream';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { armored } from './age-armor.ts';
import { checkKeys, KEY_SOURCE, RECIPIENT, readKeys } from './age-keys.ts';
import { verifyKeys } from './key-verification.ts';

const properties = {
  encoding: property.choice('File Encoding', 'How what is encrypted is written: in bytes, or as text in ASCII armor', choices('BINARY', 'ASCII'), { default: 'BINARY' }),
  source: property.choice('Public Key Source', 'Where public keys come from: a property, or files and URLs', KEY_SOURCE, { default: 'PROPERTIES' }),
  recipients: property.text('Public Key Recipients', 'Public keys (X25519) of those who shall be able to decrypt, a line each, beginning with age1', {
    required: true,
    sensitive: true,
    dependsOn: { 'Public Key Source': ['PROPERTIES'] },
    validate: checkKeys(RECIPIENT),
  }),
  resources: property.text('Public Key Recipient Resources', 'Files and URLs with public keys, commas between them', {
    required: true,
    dependsOn: { 'Public Key Source': ['RESOURCES'] },
  }),
};

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.cipher', bundle: 'nifi-cipher-nar' },
  description: 'Encrypts content with age (age-encryption.org/v1) for the owners of keys. `age-keygen` makes keys.',
  tags: ['X25519', 'encryption', 'age-encryption.org', 'ChaCha20-Poly1305', 'age'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'What was encrypted', failure: 'FlowFiles that could not be encrypted' },
  verify: ({ properties: { recipients, resources } }) => verifyKeys(RECIPIENT, () => readKeys(RECIPIENT, recipients, resources)),
  async onScheduled({ properties: { recipients, resources } }) {
    const { Encrypter } = await import('age-encryption');
    const encrypter = new Encrypter();
    for (const key of await readKeys(RECIPIENT, recipients, resources)) encrypter.addRecipient(key);
    return encrypter;
  },
  async onTrigger(session, { client, log, properties: { encoding } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const encrypted = (await client.encrypt(Readable.toWeb(session.readStream(flowFile)) as ReadableStream<Uint8Array>)) as unknown as AsyncIterable<Uint8Array>;
      session.transfer(await session.writeStream(flowFile, encoding === 'ASCII' ? armored(encrypted) : encrypted), 'success');
    } catch (thrown) {
      log.error(`${flowFile.getAttribute('filename')} cannot be encrypted: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
