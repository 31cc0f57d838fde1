import { createHmac, timingSafeEqual } from 'node:crypto';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const ALGORITHMS = { HmacSHA256: 'sha256', HmacSHA512: 'sha512' } as const;
const ENCODINGS = { HEXADECIMAL: 'hex', BASE64: 'base64', UTF8: 'utf8' } as const;
const VALID = { HEXADECIMAL: /^([0-9a-fA-F]{2})*$/, BASE64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/, UTF8: /^/ } as const;

type Encoding = keyof typeof ENCODINGS;

function decode(text: string, encoding: Encoding): Buffer {
  if (!VALID[encoding].test(text)) throw new Error(`'${text}' is not a valid ${encoding} value`);
  return Buffer.from(text, ENCODINGS[encoding]);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.cipher', bundle: 'nifi-cipher-nar' },
  description: 'Computes a message authentication code of the content with a secret key, and compares it with the one that came along.',
  tags: ['Signing', 'Authentication', 'HMAC', 'MAC'],
  input: 'required',
  supportsBatching: true,
  properties: {
    algorithm: property.choice('Message Authentication Code Algorithm', 'How the code is computed', choices('HmacSHA256', 'HmacSHA512'), { required: true }),
    encoding: property.choice('Message Authentication Code Encoding', 'How the code is written', choices('HEXADECIMAL', 'BASE64'), { default: 'HEXADECIMAL' }),
    code: property.text('Message Authentication Code', 'The code that came along', { required: true, expressions: 'flowfile' }),
    keyEncoding: property.choice('Secret Key Encoding', 'How the secret key is written', choices('UTF8', 'HEXADECIMAL', 'BASE64'), { default: 'HEXADECIMAL' }),
    key: property.text('Secret Key', 'The key that both sides know', { required: true, sensitive: true }),
  },
  relationships: { success: 'FlowFiles whose code is right', failure: 'FlowFiles whose code is wrong or unreadable' },
  writesAttributes: { 'mac.calculated': 'The code that was computed', 'mac.encoding': 'How it is written', 'mac.algorithm': 'How it was computed' },
  validate: ({ key, keyEncoding }) => (VALID[keyEncoding].test(key) ? [] : [`Secret Key is not a valid ${keyEncoding} value`]),
  async onTrigger(session, { log, properties: { algorithm, encoding, code, keyEncoding, key } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    const name = flowFile.getAttribute('filename');
    try {
      const expected = decode(code(flowFile), encoding);
      const hmac = createHmac(ALGORITHMS[algorithm], decode(key, keyEncoding));
      for await (const piece of session.readStream(flowFile)) hmac.update(piece as Buffer);
      const computed = hmac.digest();
      const attributes = { 'mac.calculated': computed.toString(ENCODINGS[encoding]), 'mac.encoding': encoding, 'mac.algorithm': algorithm };
      const isRight = expected.length === computed.length && timingSafeEqual(expected, computed);
      if (!isRight) log.warn(`${name} has not the message authentication code that it came with: it was changed, or the keys differ`);
      session.transfer(session.putAttributes(flowFile, attributes), isRight ? 'success' : 'failure');
    } catch (thrown) {
      log.error(`${name} cannot be verified: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
