import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { growing } from '../../server/extension/growth.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { PUBLIC_KEYS, type PublicKeys } from './key-services.ts';
import { literalAttributes, pgp, pieces, READING, readMessage } from './messages.ts';
import { SIGNATURE_ATTRIBUTES, type SignatureFacts, signatureAttributes } from './signature-attributes.ts';

type Attributes = Record<string, string>;

/** The content of a signed message. Throws an Error at its end where the signature is missing, wrong, or of an unknown key; `told` learns of it before. */
async function* verified(content: AsyncIterable<Uint8Array>, keys: PublicKeys, told: Attributes): AsyncGenerator<Uint8Array> {
  const { enums, verify } = await pgp();
  const message = await readMessage(content);
  const announced = message.unwrapCompressed().packets.findPacket(enums.packet.onePassSignature) as unknown as SignatureFacts | undefined;
  Object.assign(told, announced ? signatureAttributes(announced) : {}, await literalAttributes(message));
  const { data, signatures } = await verify({ message, verificationKeys: [...keys.all], format: 'binary', config: READING });
  for (const each of signatures) for (const promise of [each.verified, each.signature]) (promise as Promise<unknown>).catch(() => undefined);
  yield* pieces(data);
  const [first] = signatures;
  if (!first) throw new Error('it is not signed');
  const packet = (await first.signature).packets[0] as unknown as SignatureFacts;
  Object.assign(told, signatureAttributes(packet));
  await first.verified;
}

async function check(session: ProcessSession<'success' | 'failure'>, flowFile: FlowFile, keys: PublicKeys, told: Attributes): Promise<FlowFile> {
  const written = await session.writeStream(flowFile, growing(verified(session.readStream(flowFile), keys, told), flowFile.size));
  return session.putAttributes(written, told);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.pgp', bundle: 'nifi-pgp-nar' },
  description: 'Verifies the signature of OpenPGP messages, and takes the content out of them.',
  tags: ['PGP', 'GPG', 'OpenPGP', 'Encryption', 'Signing', 'RFC 4880'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: { keys: property.service('Public Key Service', 'Holds the keys of those whose signatures count', PUBLIC_KEYS, { required: true }) },
  relationships: { success: 'What was signed, by a key that counts', failure: 'FlowFiles that are not signed, were changed, or are signed by somebody else' },
  writesAttributes: {
    ...SIGNATURE_ATTRIBUTES,
    'pgp.literal.data.filename': 'The name that the message keeps',
    'pgp.literal.data.modified': 'When the content was changed, milliseconds since 1970',
  },
  async onTrigger(session, { log, properties: { keys } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const told: Attributes = {};
    try {
      session.transfer(await check(session, flowFile, keys, told), 'success');
    } catch (thrown) {
      log.error(`${flowFile.getAttribute('filename')} cannot be verified: ${messageOf(thrown)}`);
      session.transfer(session.putAttributes(flowFile, told), 'failure');
    }
  },
});
