import { Readable } from 'node:stream';
import type { Decrypter } from 'age-encryption';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { unarmored } from './age-armor.ts';
import { checkKeys, IDENTITY, KEY_SOURCE, readKeys } from './age-keys.ts';
import { verifyKeys } from './key-verification.ts';

/** What a binary file of age begins with. */
const VERSION = 'age-encryption.org';

const properties = {
  source: property.choice('Private Key Source', 'Where private keys come from: a property, or files and URLs', KEY_SOURCE, { default: 'PROPERTIES' }),
  identities: property.text('Private Key Identities', 'Private keys (X25519), a line each, beginning with AGE-SECRET-KEY-1', {
    required: true,
    sensitive: true,
    dependsOn: { 'Private Key Source': ['PROPERTIES'] },
    validate: checkKeys(IDENTITY),
  }),
  resources: property.text('Private Key Identity Resources', 'Files and URLs with private keys, commas between them', {
    required: true,
    dependsOn: { 'Private Key Source': ['RESOURCES'] },
  }),
};

/** Content decrypted, binary or in ASCII armor. Throws an Error where it is broken or changed: at once, or in the middle. */
async function* decrypted(content: Readable, decrypter: Decrypter): AsyncGenerator<Uint8Array> {
  const iterator = content[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const first = await iterator.next();
  if (first.done) throw new Error('it is empty, and so no file of age');
  const whole = async function* (): AsyncGenerator<Uint8Array> {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  const isBinary = Buffer.from(first.value.subarray(0, VERSION.length)).toString('latin1') === VERSION;
  const file = Readable.from(isBinary ? whole() : unarmored(whole()));
  yield* (await decrypter.decrypt(Readable.toWeb(file) as ReadableStream<Uint8Array>)) as unknown as AsyncIterable<Uint8Array>;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.cipher', bundle: 'nifi-cipher-nar' },
  description: 'Decrypts content that was encrypted with age (age-encryption.org/v1), binary or in ASCII armor.',
  tags: ['X25519', 'encryption', 'age-encryption.org', 'ChaCha20-Poly1305', 'age'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'What was decrypted', failure: 'FlowFiles that are no such file, are broken or changed, or for which no key fits' },
  verify: ({ properties: { identities, resources } }) => verifyKeys(IDENTITY, () => readKeys(IDENTITY, identities, resources)),
  async onScheduled({ properties: { identities, resources } }) {
    const age = await import('age-encryption');
    const decrypter = new age.Decrypter();
    for (const key of await readKeys(IDENTITY, identities, resources)) decrypter.addIdentity(key);
    return decrypter;
  },
  async onTrigger(session, { client, log }) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      session.transfer(await session.writeStream(flowFile, decrypted(session.readStream(flowFile), client)), 'success');
    } catch (thrown) {
      log.error(`${flowFile.getAttribute('filename')} cannot be decrypted: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
