import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import { ProcessError } from '../../server/extension/errors.ts';
import type { SslContext } from '../../server/extension/ssl-context.ts';

export interface AssertionRules {
  readonly key: KeyObject;
  /** As RFC 7518 names it. */
  readonly algorithm: string;
  readonly keyId: string | undefined;
  readonly thumbprint: string | undefined;
  readonly issuer: string | undefined;
  readonly subject: string | undefined;
  readonly audience: string | undefined;
  readonly scope: string | undefined;
  readonly id: string | undefined;
  readonly claims: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly lifetime: number;
}

const KINDS: Readonly<Record<string, string>> = { RS: 'rsa', PS: 'rsa', ES: 'ec', Ed: 'ed25519' };

/** What keeps a key from signing so; undefined where it can. */
export function keyProblem({ asymmetricKeyType: type }: KeyObject, algorithm: string): string | undefined {
  const wanted = KINDS[algorithm.slice(0, 2)];
  return type === wanted ? undefined : `Signing Algorithm ${algorithm} needs a key of type ${wanted}, and that of Private Key Service is ${type}`;
}

/** A signed JSON Web Token that says who asks (RFC 7523). `now` in milliseconds. */
export async function signedAssertion(rules: AssertionRules, now: number): Promise<string> {
  const { SignJWT } = await import('jose');
  const seconds = Math.floor(now / 1000);
  const { issuer, subject, audience, scope, id } = rules;
  const told = { iss: issuer, sub: subject, aud: audience?.split(' '), scope, jti: id };
  const claims = { ...known(told), exp: seconds + Math.floor(rules.lifetime / 1000), iat: seconds, nbf: seconds, ...rules.claims };
  const header = { alg: rules.algorithm, typ: 'JWT', ...known({ kid: rules.keyId, 'x5t#S256': rules.thumbprint }) };
  return new SignJWT(claims).setProtectedHeader(header).sign(rules.key);
}

function known(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** The SHA-256 thumbprint of the certificate of the key (RFC 7515 4.1.8). Throws ProcessError. */
export function thumbprintOf(ssl: SslContext): string {
  const cert = [ssl.cert].flat()[0];
  if (cert === undefined) throw new ProcessError('The SSL Context Service has no key whose certificate Set JWT Header X.509 Cert Thumbprint could tell of.');
  return createHash('sha256').update(new X509Certificate(cert).raw).digest('base64url');
}
