import { createHash, getHashes, type Hash } from 'node:crypto';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

/** NiFi's algorithms, and how OpenSSL calls them. */
const ALGORITHMS = {
  MD2: 'md2',
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
  'SHA-512/224': 'sha512-224',
  'SHA-512/256': 'sha512-256',
  'SHA3-224': 'sha3-224',
  'SHA3-256': 'sha3-256',
  'SHA3-384': 'sha3-384',
  'SHA3-512': 'sha3-512',
  'BLAKE2-160': 'blake2b160',
  'BLAKE2-256': 'blake2b256',
  'BLAKE2-384': 'blake2b384',
  'BLAKE2-512': 'blake2b512',
} as const;

const names = Object.fromEntries(Object.keys(ALGORITHMS).map((name) => [name, name])) as { [K in keyof typeof ALGORITHMS]: string };

/** Content beyond this is streamed. */
const LARGE = 1024 ** 2;

function finish(session: ProcessSession<'success'>, flowFile: FlowFile, hash: Hash, algorithm: string): void {
  session.transfer(session.putAttribute(flowFile, `content_${algorithm}`, hash.digest('hex')), 'success');
}

async function hashLarge(session: ProcessSession<'success'>, flowFile: FlowFile, hash: Hash, algorithm: string): Promise<void> {
  for await (const chunk of session.readStream(flowFile)) hash.update(chunk as Buffer);
  finish(session, flowFile, hash, algorithm);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Computes a cryptographic hash of the content and keeps it as an attribute.',
  tags: ['content', 'hash', 'sha', 'blake2', 'md5', 'cryptography'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    failEmpty: property.boolean('Fail When Content Empty', 'Whether FlowFiles without content go to failure', { default: 'false' }),
    algorithm: property.choice('Hash Algorithm', 'Which hash is computed; take MD5 and SHA-1 only where another system wants them', names, { default: 'SHA-256' }),
  },
  relationships: { success: 'FlowFiles with the hash', failure: 'FlowFiles without content, where those fail' },
  writesAttributes: { 'content_<algorithm>': 'The hash in hexadecimal digits, such as content_SHA-256' },
  validate: ({ algorithm }) => (getHashes().includes(ALGORITHMS[algorithm]) ? [] : [`Hash Algorithm '${algorithm}' is not available in this runtime; choose SHA-256, for example`]),
  onTrigger(session, { name, log, properties: { algorithm, failEmpty } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    if (failEmpty && flowFile.size === 0) {
      log.error(`${name} computes no hash of ${flowFile.getAttribute('filename')}: it has no content. It was routed to failure.`);
      return session.transfer(flowFile, 'failure');
    }
    const hash = createHash(ALGORITHMS[algorithm]);
    if (flowFile.size > LARGE) return hashLarge(session, flowFile, hash, algorithm);
    finish(session, flowFile, hash.update(session.read(flowFile)), algorithm);
  },
});
