import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto';
import { InvalidRequestError } from '../engine/errors.ts';

/** The least that NiFi takes for its single user; NIST SP 800-63B 5.1.1.2 asks for 8 at least, and for no rules of composition. */
const LEAST_CHARACTERS = 12;
/** Nobody types more; a longer text only costs time. */
const MOST_CHARACTERS = 1024;
/** Crockford's base 32: no letter that looks like a digit. A byte modulo 32 is even, 24 letters are 120 bits. */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const GENERATED_CHARACTERS = 24;

/** scrypt (RFC 7914) as OWASP's Password Storage Cheat Sheet allows it for logins: 32 MiB and some 80 ms a try. */
const COST = { ln: 15, r: 8, p: 1 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
/** What `hashPassword` writes: the PHC string format, which names the cost, so that a later one can be told apart. */
const STORED = /^\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;

/** A password that nobody guesses. */
export function generatePassword(): string {
  return [...randomBytes(GENERATED_CHARACTERS)].map((byte) => ALPHABET[byte % ALPHABET.length]).join('');
}

/** Throws InvalidRequestError for a password that is easily guessed. */
export function checkPassword(identity: string, password: string): void {
  const length = lengthOf(password);
  if (length < LEAST_CHARACTERS) throw new InvalidRequestError(`The password has ${length} characters. Give at least ${LEAST_CHARACTERS}; a few unrelated words will do.`);
  if (length > MOST_CHARACTERS) throw new InvalidRequestError(`The password has ${length} characters. Give at most ${MOST_CHARACTERS}.`);
  if (normal(password).toLowerCase() === normal(identity).toLowerCase()) throw new InvalidRequestError("The password is the user's name. Give another one.");
}

/** What is stored instead of a password. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await derive(password, salt, HASH_BYTES, COST);
  return `$scrypt$ln=${COST.ln},r=${COST.r},p=${COST.p}$${unpadded(salt)}$${unpadded(hash)}`;
}

/** Whether it is the password that was stored; takes the same time for any other. */
export async function isPassword(password: string, stored: string): Promise<boolean> {
  const [, ln, r, p, salt, hash] = STORED.exec(stored) ?? [];
  if (salt === undefined || hash === undefined) throw new Error('The stored password is not in the form that Millrace writes. Set it anew with: millrace user set-password');
  if (lengthOf(password) > MOST_CHARACTERS) return false;
  const expected = Buffer.from(hash, 'base64');
  const actual = await derive(password, Buffer.from(salt, 'base64'), expected.length, { ln: Number(ln), r: Number(r), p: Number(p) });
  return timingSafeEqual(actual, expected);
}

interface Cost {
  /** log2 of the number of rounds. */
  readonly ln: number;
  readonly r: number;
  readonly p: number;
}

function derive(password: string, salt: Buffer, bytes: number, { ln, r, p }: Cost): Promise<Buffer> {
  const N = 2 ** ln;
  const options: ScryptOptions = { N, r, p, maxmem: 2 * 128 * N * r };
  return new Promise((resolve, reject) => {
    scrypt(normal(password), salt, bytes, options, (failure, key) => (failure ? reject(failure) : resolve(key)));
  });
}

/** The same password from every keyboard (NIST SP 800-63B 5.1.1.2: NFKC or NFKD before hashing). */
function normal(text: string): string {
  return text.normalize('NFKC');
}

function lengthOf(password: string): number {
  return [...normal(password)].length;
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}
