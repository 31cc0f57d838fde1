import { createHash } from 'node:crypto';
import { messageOf, ProcessError } from './errors.ts';

export type FingerprintAlgorithm = 'CRC-64-AVRO' | 'MD5' | 'SHA-256';

const EMPTY = 0xc15d213aa4d7a795n;
const TABLE = Array.from({ length: 256 }, (_, i) => {
  let fingerprint = BigInt(i);
  for (let bit = 0; bit < 8; bit++) fingerprint = (fingerprint >> 1n) ^ (EMPTY & -(fingerprint & 1n));
  return fingerprint;
});

/** Avro's 64-bit fingerprint (Avro specification, "Schema Fingerprints"), its lowest byte first, as Java has it. */
function crc64(text: string): Buffer {
  let fingerprint = EMPTY;
  for (const byte of Buffer.from(text)) fingerprint = (fingerprint >> 8n) ^ TABLE[Number((fingerprint ^ BigInt(byte)) & 0xffn)]!;
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(fingerprint);
  return bytes;
}

export interface SchemaOutline {
  readonly type: string;
  readonly name: string;
  /** In hexadecimal digits. */
  readonly fingerprint: string;
}

/** What identifies an Avro schema: the fingerprint is that of its canonical form, which documentation and defaults do not change. Throws ProcessError. */
export async function outlineOfSchema(text: string, algorithm: FingerprintAlgorithm): Promise<SchemaOutline> {
  const { default: avsc } = await import('avsc');
  try {
    const type = avsc.Type.forSchema(JSON.parse(text), { wrapUnions: true });
    const canonical = JSON.stringify(type.schema());
    const bytes =
      algorithm === 'CRC-64-AVRO'
        ? crc64(canonical)
        : createHash(algorithm === 'MD5' ? 'md5' : 'sha256')
            .update(canonical)
            .digest();
    const kind = type.typeName.replace(/^union:.*/, 'union');
    return { type: kind, name: (type.name ?? kind).replace(/^.*\./, ''), fingerprint: bytes.toString('hex') };
  } catch (thrown) {
    throw new ProcessError(`The schema of the Avro data file is not valid: ${messageOf(thrown)}`, { cause: thrown });
  }
}
