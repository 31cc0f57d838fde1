import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { temporaryDirectory } from './temporary-directory.ts';

const KEYS = { ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'], rsa: ['-newkey', 'rsa:2048'] } as const;

/** A key and a certificate for 127.0.0.1 that it has signed itself, as PEM and in PKCS12 stores (password `secret`). */
export function certificate(name = 'localhost', kind: keyof typeof KEYS = 'ec') {
  const folder = temporaryDirectory();
  mkdirSync(folder, { recursive: true });
  const file = (each: string): string => path.join(folder, each);
  const openssl = (...args: string[]): void => void execFileSync('openssl', args, { stdio: 'ignore' });
  const names = ['-subj', `/O=Millrace Test/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1'];
  openssl('req', '-x509', ...KEYS[kind], '-nodes', '-keyout', file('key'), '-out', file('cert'), '-days', '2', ...names);
  const exported = (target: string, ...args: string[]): string => {
    openssl('pkcs12', '-export', '-in', file('cert'), '-out', file(target), '-passout', 'pass:secret', ...args);
    return file(target);
  };
  return {
    keyFile: file('key'),
    certFile: file('cert'),
    key: readFileSync(file('key'), 'utf8'),
    cert: readFileSync(file('cert'), 'utf8'),
    /** The key with its certificate. */
    keyStore: (...args: string[]) => exported('key.p12', '-inkey', file('key'), ...args),
    /** The certificate alone. */
    trustStore: () => exported('trust.p12', '-nokeys'),
  };
}
