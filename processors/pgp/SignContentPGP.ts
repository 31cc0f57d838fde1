import type { AnyPacket, SignaturePacket } from 'openpgp';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { PRIVATE_KEYS } from './key-services.ts';
import { fileEncoding, literalMessage, pgp, pieces } from './messages.ts';
import { SIGNATURE_ATTRIBUTES, type SignatureFacts, signatureAttributes } from './signature-attributes.ts';

const properties = {
  encoding: fileEncoding('signed'),
  hash: property.choice('Hash Algorithm', 'The hash that is signed; a longer one is taken where the key demands it', choices('SHA256', 'SHA384', 'SHA512'), { default: 'SHA512' }),
  strategy: property.choice('Signing Strategy', 'SIGNED gives the content with its signature as one message; DETACHED gives the signature alone', choices('SIGNED', 'DETACHED'), {
    default: 'SIGNED',
  }),
  keys: property.service('Private Key Service', 'Holds the key', PRIVATE_KEYS, { required: true }),
  keyId: property.text('Private Key ID', "The key's id: 16 hexadecimal digits in capitals", { required: true, expressions: 'flowfile' }),
};

type Context = ProcessContext<typeof properties>;

/** What comes out; `signed` learns of the signature. */
async function* signed(content: AsyncIterable<Uint8Array>, flowFile: FlowFile, { properties: values }: Context, told: { packet?: AnyPacket }): AsyncGenerator<Uint8Array | string> {
  const { armor, config, enums, sign } = await pgp();
  const id = values.keyId(flowFile);
  const found = values.keys.find(id);
  if (!found) throw new Error(`Private Key Service has no key with the id '${id}'`);
  const message = await literalMessage(content, flowFile.getAttribute('filename')!);
  const hash = enums.hash[values.hash.toLowerCase() as 'sha256' | 'sha384' | 'sha512'];
  const common = { message, signingKeys: [found.key], signingKeyIDs: found.part ? [found.part] : [], config: { preferredHashAlgorithm: hash }, format: 'object' as const };
  const isDetached = values.strategy === 'DETACHED';
  const result = isDetached ? ((await sign({ ...common, detached: true })) as unknown as typeof message) : await sign(common);
  told.packet = result.packets.findPacket(enums.packet.signature);
  const kind = isDetached ? enums.armor.signature : enums.armor.message;
  const written = values.encoding === 'ASCII' ? armor(kind, result.write() as object, undefined, undefined, undefined, false, config) : result.write();
  // A detached signature is known when the content has passed by.
  const passed = isDetached ? drain(pieces(message.write())) : undefined;
  passed?.catch(() => undefined);
  yield* written instanceof Uint8Array || typeof written === 'string' ? [written] : pieces(written);
  await passed;
}

async function drain(content: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of content);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.pgp', bundle: 'nifi-pgp-nar' },
  description: 'Signs content with a private key of OpenPGP.',
  tags: ['PGP', 'GPG', 'OpenPGP', 'Encryption', 'Signing', 'RFC 4880'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'What was signed', failure: 'FlowFiles for which there is no key, or a key that does not sign' },
  writesAttributes: {
    ...SIGNATURE_ATTRIBUTES,
    'pgp.file.encoding': 'ASCII or BINARY',
    'pgp.compression.algorithm': 'UNCOMPRESSED',
    'pgp.compression.algorithm.id': '0',
  },
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const told: { packet?: AnyPacket } = {};
      const written = await session.writeStream(flowFile, signed(session.readStream(flowFile), flowFile, context, told));
      const own = { 'pgp.file.encoding': context.properties.encoding, 'pgp.compression.algorithm': 'UNCOMPRESSED', 'pgp.compression.algorithm.id': '0' };
      session.transfer(session.putAttributes(written, { ...signatureAttributes(told.packet as SignaturePacket as unknown as SignatureFacts), ...own }), 'success');
    } catch (thrown) {
      context.log.error(`${flowFile.getAttribute('filename')} cannot be signed: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
