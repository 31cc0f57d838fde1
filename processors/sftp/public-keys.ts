import { createHash, timingSafeEqual } from 'node:crypto';
import ssh2, { type ParsedKey } from 'ssh2';
import { UserProblem, type UploadKey } from '../../server/extension/file-imports.ts';
import { isSecurityKey, verifySecurityKey } from './security-keys.ts';

/** Below this RSA is refused, as OpenSSH will (RequiredRSASize), and NIST SP 800-131A since 2013. */
const LEAST_RSA_BITS = 2048;
const KINDS = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'ssh-rsa'];
const SECURITY_KINDS = ['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com'];

/** What a client signed to prove that it has a key. */
export interface Proof {
  /** What was signed. */
  readonly blob: Buffer;
  readonly signature: Buffer;
  /** For RSA: `sha256` or `sha512`; undefined for SHA-1, which is refused. */
  readonly hash: string | undefined;
}

/** A public key that a user may log in with. */
export interface PublicKey extends UploadKey {
  /** Whether it is the key that a client shows, in SSH's wire format. */
  is(shown: Buffer): boolean;
  verify(proof: Proof): boolean;
}

const fingerprintOf = (blob: Buffer): string => `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** How `ssh-keygen -l` shows a key in SSH's wire format. */
export { fingerprintOf };

/** Lines of OpenSSH's authorized_keys, without options. Throws UserProblem that names the line. */
export function parsePublicKeys(text: string): PublicKey[] {
  if (/PRIVATE KEY/.test(text)) throw new UserProblem('invalid', 'This is a private key. Keep it to yourself, and give the public one: the line in the file that ends in .pub.');
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  const keys = lines.flatMap((line, index) => (line === '' || line.startsWith('#') ? [] : [parseLine(line, index + 1)]));
  if (keys.length === 0) throw new UserProblem('invalid', 'There is no public key. Give at least one, a line each, as in a file that ends in .pub.');
  const prints = keys.map(({ fingerprint }) => fingerprint);
  const twice = prints.find((print, index) => prints.indexOf(print) !== index);
  if (twice) throw new UserProblem('invalid', `The key ${twice} is there twice.`);
  return keys;
}

function parseLine(line: string, number: number): PublicKey {
  const refuse = (why: string): never => {
    throw new UserProblem('invalid', `Line ${number} is no key that can be used: ${why}`);
  };
  const [type = '', base64 = '', ...rest] = line.split(/\s+/);
  if (![...KINDS, ...SECURITY_KINDS].includes(type))
    return refuse(`it begins with '${type.slice(0, 40)}'. It must begin with ${KINDS.join(', ')}, ${SECURITY_KINDS.join(' or ')}; options and certificates are not supported.`);
  const blob = Buffer.from(base64, 'base64');
  if (blob.length < 8 || blob.toString('base64').replace(/=+$/, '') !== base64.replace(/=+$/, '')) return refuse('what follows the type is not base64. Copy the whole line.');
  const isNamed = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString() === type;
  if (!isNamed) return refuse('its content is of another type than it says.');
  const verify = isSecurityKey(type) ? securityKey(blob, refuse) : commonKey(`${type} ${base64}`, refuse);
  return {
    type,
    fingerprint: fingerprintOf(blob),
    comment: rest.join(' '),
    text: line,
    is: (shown) => shown.length === blob.length && timingSafeEqual(shown, blob),
    verify,
  };
}

type Refuse = (why: string) => never;

function securityKey(blob: Buffer, refuse: Refuse): PublicKey['verify'] {
  try {
    return verifySecurityKey(blob);
  } catch {
    return refuse('it is damaged. Copy the whole line.');
  }
}

function commonKey(text: string, refuse: Refuse): PublicKey['verify'] {
  const parsed = ssh2.utils.parseKey(text);
  if (parsed instanceof Error) return refuse('it is damaged. Copy the whole line.');
  const isRsa = parsed.type === 'ssh-rsa';
  if (isRsa && rsaBits(parsed) < LEAST_RSA_BITS) return refuse(`RSA keys must have at least ${LEAST_RSA_BITS} bits. Make another one: ssh-keygen -t ed25519`);
  return ({ blob, signature, hash }) => (!isRsa || hash !== undefined) && parsed.verify(blob, signature, hash) === true;
}

function rsaBits(key: ParsedKey): number {
  const blob = key.getPublicSSH();
  let at = 4 + blob.readUInt32BE(0);
  at += 4 + blob.readUInt32BE(at);
  const modulus = blob.subarray(at + 4, at + 4 + blob.readUInt32BE(at));
  return (modulus[0] === 0 ? modulus.length - 1 : modulus.length) * 8;
}
