import { randomBytes } from 'node:crypto';
import type { AnyPacket } from 'openpgp';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { PUBLIC_KEYS } from './key-services.ts';
import { fileEncoding, literalMessage, peeked, pgp, pieces, type StreamedMessage, streamed } from './messages.ts';
import { isPackaged } from './packaged.ts';

/** Bits of the key, and the number that OpenPGP gives to the algorithm. */
const ALGORITHMS = { AES_128: { bits: 128, id: 7 }, AES_192: { bits: 192, id: 8 }, AES_256: { bits: 256, id: 9 } } as const;

const properties = {
  algorithm: property.choice('Symmetric-Key Algorithm', 'What content is encrypted with', choices('AES_128', 'AES_192', 'AES_256'), { default: 'AES_256' }),
  encoding: fileEncoding('encrypted'),
  passphrase: property.text('Passphrase', 'Who knows it can decrypt', { sensitive: true }),
  keys: property.service('Public Key Service', 'Holds the keys of those who shall be able to decrypt', PUBLIC_KEYS),
  search: property.text('Public Key Search', "A part of a user id, or a key's id: 16 hexadecimal digits in capitals", {
    expressions: 'flowfile',
    dependsOn: { 'Public Key Service': [] },
  }),
};

type Context = ProcessContext<typeof properties>;

/** Content as a message; what is one already, signed for example, stays as it is. */
async function messageFor(content: AsyncIterable<Uint8Array>, filename: string): Promise<StreamedMessage> {
  const { Message, PacketList } = await pgp();
  const { beginning, whole } = await peeked(content);
  if (!isPackaged(beginning)) return literalMessage(whole, filename);
  class Packaged extends PacketList<AnyPacket> {
    override write = (): Uint8Array => streamed(whole) as unknown as Uint8Array;
  }
  return new Message(new Packaged()) as StreamedMessage;
}

function recipient(flowFile: FlowFile, { keys, search }: Context['properties']) {
  const wanted = keys ? search(flowFile) : undefined;
  if (!keys || !wanted) return {};
  const found = keys.find(wanted);
  if (!found) throw new Error(`Public Key Service has no key for '${wanted}'`);
  return { encryptionKeys: [found.key], ...(found.part ? { encryptionKeyIDs: [found.part] } : {}) };
}

async function* encrypted(content: AsyncIterable<Uint8Array>, flowFile: FlowFile, { properties: values }: Context): AsyncGenerator<Uint8Array> {
  const { encrypt } = await pgp();
  const { bits } = ALGORITHMS[values.algorithm];
  const common = {
    ...recipient(flowFile, values),
    ...(values.passphrase === undefined ? {} : { passwords: [values.passphrase] }),
    message: await messageFor(content, flowFile.getAttribute('filename')!),
    sessionKey: { data: randomBytes(bits / 8), algorithm: `aes${bits}` as const },
  };
  yield* pieces(values.encoding === 'ASCII' ? await encrypt({ ...common, format: 'armored' }) : await encrypt({ ...common, format: 'binary' }));
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.pgp', bundle: 'nifi-pgp-nar' },
  description: 'Encrypts content with OpenPGP, for the owner of a key or for those who know a passphrase. Signed messages are not packaged again.',
  tags: ['PGP', 'GPG', 'OpenPGP', 'Encryption', 'RFC 4880'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'What was encrypted', failure: 'FlowFiles for which there is no key' },
  writesAttributes: {
    'pgp.symmetric.key.algorithm': 'Such as AES_256',
    'pgp.symmetric.key.algorithm.block.cipher': 'AES',
    'pgp.symmetric.key.algorithm.key.size': 'Such as 256',
    'pgp.symmetric.key.algorithm.id': "The algorithm's number in OpenPGP",
    'pgp.file.encoding': 'ASCII or BINARY',
    'pgp.compression.algorithm': 'UNCOMPRESSED',
    'pgp.compression.algorithm.id': '0',
  },
  validate: ({ passphrase, keys, search }) => [
    ...(passphrase === undefined && keys === undefined ? ['neither Passphrase nor Public Key Service is set: set one of them'] : []),
    ...(keys !== undefined && search() === undefined ? ['Public Key Service needs Public Key Search'] : []),
  ],
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const { algorithm, encoding } = context.properties;
    try {
      const written = await session.writeStream(flowFile, encrypted(session.readStream(flowFile), flowFile, context));
      const attributes = {
        'pgp.symmetric.key.algorithm': algorithm,
        'pgp.symmetric.key.algorithm.block.cipher': 'AES',
        'pgp.symmetric.key.algorithm.key.size': String(ALGORITHMS[algorithm].bits),
        'pgp.symmetric.key.algorithm.id': String(ALGORITHMS[algorithm].id),
        'pgp.file.encoding': encoding,
        'pgp.compression.algorithm': 'UNCOMPRESSED',
        'pgp.compression.algorithm.id': '0',
      };
      session.transfer(session.putAttributes(written, attributes), 'success');
    } catch (thrown) {
      context.log.error(`${flowFile.getAttribute('filename')} cannot be encrypted: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
