import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Proof } from './public-keys.ts';

/** The flag by which a key says that somebody touched it (WebAuthn's "user presence"). */
const USER_PRESENT = 1;

export const isSecurityKey = (type: string): boolean => type.startsWith('sk-');

/** Strings of SSH's wire format (RFC 4251, section 5), one after the other. */
class Reader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Throws RangeError where there are not so many bytes. */
  take(length: number): Buffer {
    if (this.#at + length > this.#bytes.length) throw new RangeError('too short');
    return this.#bytes.subarray(this.#at, (this.#at += length));
  }

  string(): Buffer {
    return this.take(this.take(4).readUInt32BE());
  }

  get rest(): number {
    return this.#bytes.length - this.#at;
  }
}

/**
 * How keys that live in a FIDO device are verified (OpenSSH's PROTOCOL.u2f): what is signed is the SHA-256 of the application, flags,
 * a counter, and the SHA-256 of what SSH wants signed. Touching the device is asked for. ssh2 knows these keys not, but hands over what the
 * client sent. Throws where the key is damaged.
 */
export function verifySecurityKey(blob: Buffer): (proof: Proof) => boolean {
  const reader = new Reader(blob);
  const isEd25519 = reader.string().toString() === 'sk-ssh-ed25519@openssh.com';
  if (!isEd25519 && reader.string().toString() !== 'nistp256') throw new RangeError('another curve');
  const key = isEd25519 ? ed25519(reader.string()) : nistp256(reader.string());
  const application = createHash('sha256').update(reader.string()).digest();
  if (reader.rest > 0) throw new RangeError('too long');
  return ({ blob: signed, signature }) => {
    try {
      // What is behind the signature itself: flags and counter.
      const [of, tail] = [signature.subarray(0, -5), signature.subarray(-5)];
      if (tail.length < 5 || (tail[0]! & USER_PRESENT) === 0) return false;
      const data = Buffer.concat([application, tail, createHash('sha256').update(signed).digest()]);
      return isEd25519 ? verify(null, data, key, of) : verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, pairOf(of));
    } catch {
      return false;
    }
  };
}

function ed25519(point: Buffer): KeyObject {
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: point.toString('base64url') }, format: 'jwk' });
}

/** The uncompressed point: 4, x, y. */
function nistp256(point: Buffer): KeyObject {
  if (point.length !== 65 || point[0] !== 4) throw new RangeError('no point of the curve');
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString('base64url')) as [string, string];
  return createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
}

/** r and s, as SSH writes numbers, as 32 bytes each. */
function pairOf(signature: Buffer): Buffer {
  const reader = new Reader(signature);
  return Buffer.concat([reader.string(), reader.string()].map(fixed));
}

function fixed(number: Buffer): Buffer {
  const digits = number[0] === 0 ? number.subarray(1) : number;
  if (digits.length > 32) throw new RangeError('too long');
  return Buffer.concat([Buffer.alloc(32 - digits.length), digits]);
}
