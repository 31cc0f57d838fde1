import type { PrivateKey, SessionKey } from 'openpgp';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { growing } from '../../server/extension/growth.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { PRIVATE_KEYS } from './key-services.ts';
import { literalAttributes, packetBytes, pgp, pieces, READING, readMessage, readToEnd, type StreamedMessage } from './messages.ts';

/** As Java names the ciphers of OpenPGP, by their numbers (RFC 9580, 9.3). */
const CIPHERS: Readonly<Record<number, string>> = { 2: 'DESede', 3: 'CAST5', 4: 'Blowfish', 7: 'AES', 8: 'AES', 9: 'AES', 10: 'Twofish' };

const properties = {
  strategy: property.choice(
    'Decryption Strategy',
    'DECRYPTED gives the content and looks at no signature. PACKAGED gives what was encrypted as an OpenPGP message',
    {
      DECRYPTED: 'DECRYPTED',
      PACKAGED: 'PACKAGED',
    },
    { default: 'DECRYPTED' },
  ),
  passphrase: property.text('Passphrase', 'Decrypts what was encrypted with a passphrase', { sensitive: true }),
  keys: property.service('Private Key Service', 'Holds the keys for which content may be encrypted', PRIVATE_KEYS),
};

type Context = ProcessContext<typeof properties>;
type Attributes = Record<string, string>;

/** The key that the content itself is encrypted with: found by a private key, or else by the passphrase. */
async function sessionKeyOf(message: StreamedMessage, { passphrase, keys }: Context['properties']): Promise<SessionKey> {
  const { decryptSessionKeys } = await pgp();
  const found = (by: { decryptionKeys: PrivateKey[] } | { passwords: string[] }) => decryptSessionKeys({ message, config: READING, ...by });
  const byPassphrase = () => found({ passwords: [passphrase!] });
  if (!keys) return (await byPassphrase())[0] as SessionKey;
  const byKey = found({ decryptionKeys: [...keys.all] });
  const [key] = await (passphrase === undefined ? byKey : byKey.catch((unfit) => byPassphrase().catch(() => Promise.reject(unfit))));
  return key as SessionKey;
}

/** What comes out; `told` learns what the message says of it before. Throws an Error at the end where the content was changed. */
async function* decrypted(content: AsyncIterable<Uint8Array>, { properties: values }: Context, told: Attributes): AsyncGenerator<Uint8Array> {
  const { config, enums } = await pgp();
  const message = await readMessage(content);
  const key = await sessionKeyOf(message, values);
  // Without a name: content of the newest kind (SEIPD version 2), which names its algorithm itself.
  const id = key.algorithm ? enums.symmetric[key.algorithm] : undefined;
  if (id !== undefined) Object.assign(told, { 'pgp.symmetric.key.algorithm.block.cipher': CIPHERS[id] ?? '', 'pgp.symmetric.key.algorithm.id': String(id) });
  const opened = (await message.decrypt(undefined, undefined, [key], undefined, { ...config, ...READING })) as StreamedMessage;
  // Compression is taken off on the way: what is left is the same message.
  if (values.strategy === 'PACKAGED') yield* packetBytes(opened.unwrapCompressed());
  else {
    Object.assign(told, await literalAttributes(opened));
    yield* pieces(opened.getLiteralData());
  }
  await readToEnd(opened.unwrapCompressed(), opened, message);
}

async function decrypt(content: AsyncIterable<Uint8Array>, flowFile: FlowFile, context: Context, write: (source: AsyncIterable<Uint8Array>) => Promise<FlowFile>) {
  const told: Attributes = {};
  const written = await write(growing(decrypted(content, context, told), flowFile.size));
  return { written, told };
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.pgp', bundle: 'nifi-pgp-nar' },
  description: 'Decrypts OpenPGP messages, binary or in ASCII armor.',
  tags: ['PGP', 'GPG', 'OpenPGP', 'Encryption', 'RFC 4880'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'What was decrypted', failure: 'FlowFiles that are no such message, are broken or changed, or for which key and passphrase do not fit' },
  writesAttributes: {
    'pgp.literal.data.filename': 'The name that the message keeps',
    'pgp.literal.data.modified': 'When the content was changed, milliseconds since 1970',
    'pgp.symmetric.key.algorithm.block.cipher': 'Such as AES',
    'pgp.symmetric.key.algorithm.id': "The algorithm's number in OpenPGP",
  },
  validate: ({ passphrase, keys }) => (passphrase === undefined && keys === undefined ? ['neither Passphrase nor Private Key Service is set: set one of them'] : []),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const { written, told } = await decrypt(session.readStream(flowFile), flowFile, context, (source) => session.writeStream(flowFile, source));
      session.transfer(session.putAttributes(written, told), 'success');
    } catch (thrown) {
      context.log.error(`${flowFile.getAttribute('filename')} cannot be decrypted: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
