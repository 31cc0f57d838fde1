import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import path from 'node:path';

/** Key and certificate, PEM. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const DAY_MILLIS = 86_400_000;
/** Apple's limit for certificates that people trust by hand (support.apple.com/103214). */
const LIFE_DAYS = 825;
/** A start that finds less left makes a new one. */
const RENEWED_BEFORE_DAYS = 30;

/**
 * The certificate that a server has signed for itself, made once and kept in the data directory, readable by its owner only. A new
 * one is made where the old one ends soon or lacks a name that the server is reached under. `host`: what the server listens on.
 */
export async function selfSigned(directory: string, host: string, now: number): Promise<KeyPair> {
  const file = path.join(directory, 'tls.pem');
  const names = namesOf(host);
  const known = existsSync(file) ? read(file) : undefined;
  if (known && isGood(known.cert, names, now)) return known;
  const made = await make(names, now);
  // Whole or not at all: a start that is killed leaves the old one.
  writeFileSync(`${file}.new`, `${made.key.trim()}\n${made.cert.trim()}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

/** What a browser of this people will see, to be compared when it warns. */
export function fingerprintOf({ cert }: KeyPair): string {
  return new X509Certificate(cert).fingerprint256;
}

/** The names and addresses of this machine, and those it always has. */
function namesOf(host: string): string[] {
  const own = Object.values(networkInterfaces()).flatMap((each) => (each ?? []).filter(({ internal }) => !internal).map(({ address }) => address));
  const isAny = host === '0.0.0.0' || host === '::';
  const addresses = own.filter((address) => !address.includes('%') && !address.toLowerCase().startsWith('fe80:'));
  return [...new Set(['localhost', hostname(), '127.0.0.1', '::1', ...(isAny ? addresses : [host])])];
}

function read(file: string): KeyPair | undefined {
  const text = readFileSync(file, 'utf8');
  const [key, cert] = [/-----BEGIN PRIVATE KEY-----.*?-----END PRIVATE KEY-----/s, /-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/s].map((part) => part.exec(text)?.[0]);
  return key && cert ? { key, cert } : undefined;
}

function isGood(cert: string, names: readonly string[], now: number): boolean {
  try {
    const certificate = new X509Certificate(cert);
    const isNamed = (name: string): boolean => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name)) !== undefined;
    return Date.parse(certificate.validFrom) <= now && Date.parse(certificate.validTo) - now > RENEWED_BEFORE_DAYS * DAY_MILLIS && names.every(isNamed);
  } catch {
    return false;
  }
}

/** P-256 and SHA-256, for servers only (RFC 5280, 4.2.1). */
async function make(names: readonly string[], now: number): Promise<KeyPair> {
  // Only whoever asks for it pays for the library: 100 ms.
  const { generate } = await import('selfsigned');
  const altNames = names.map((name) => (isIP(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name }));
  const { private: key, cert } = await generate([{ name: 'commonName', value: `Millrace on ${hostname()}`.slice(0, 64) }], {
    keyType: 'ec',
    curve: 'P-256',
    algorithm: 'sha256',
    // Clocks of clients may be slow.
    notBeforeDate: new Date(now - DAY_MILLIS),
    notAfterDate: new Date(now + (LIFE_DAYS - 1) * DAY_MILLIS),
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true },
      { name: 'subjectAltName', altNames },
    ],
  });
  return { key, cert };
}
