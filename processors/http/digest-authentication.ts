import { createHash, randomBytes } from 'node:crypto';

/** What a server asks for in `WWW-Authenticate: Digest` (RFC 7616). */
export interface DigestChallenge {
  readonly realm: string;
  readonly nonce: string;
  readonly algorithm: string;
  readonly qop: string | undefined;
  readonly opaque: string | undefined;
}

const HASHES: Readonly<Record<string, string>> = { MD5: 'md5', 'SHA-256': 'sha256', 'SHA-512-256': 'sha512-256' };

/** The first challenge in the headers that can be answered. */
export function digestChallenge(headers: readonly string[]): DigestChallenge | undefined {
  for (const header of headers) {
    for (const [, parameters] of header.matchAll(/\bDigest\s+((?:[\w-]+=(?:"(?:[^"\\]|\\.)*"|[^\s,"]+)(?:\s*,\s*)?)+)/gi)) {
      const values = Object.fromEntries(
        [...parameters!.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/g)].map(([, name, quoted, bare]) => [name!.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? bare!]),
      );
      const { realm, nonce, opaque, algorithm = 'MD5', qop } = values;
      const isKnown = HASHES[algorithm.toUpperCase().replace(/-SESS$/, '')] !== undefined;
      if (realm !== undefined && nonce !== undefined && isKnown && (qop === undefined || /\bauth\b/.test(qop))) return { realm, nonce, opaque, algorithm, qop: qop && 'auth' };
    }
  }
  return undefined;
}

/** The header Authorization that answers a challenge; `count` is how often its nonce was used, this time included. */
export function digestAnswer(challenge: DigestChallenge, request: { method: string; path: string }, user: string, password: string, count: number): string {
  const { realm, nonce, algorithm, qop, opaque } = challenge;
  const hash = (text: string): string =>
    createHash(HASHES[algorithm.toUpperCase().replace(/-SESS$/, '')]!)
      .update(text)
      .digest('hex');
  const cnonce = randomBytes(12).toString('hex');
  const nc = count.toString(16).padStart(8, '0');
  const secret = hash(`${user}:${realm}:${password}`);
  const ha1 = /-sess$/i.test(algorithm) ? hash(`${secret}:${nonce}:${cnonce}`) : secret;
  const ha2 = hash(`${request.method}:${request.path}`);
  const response = hash(qop ? `${ha1}:${nonce}:${nc}:${cnonce}:${qop}:${ha2}` : `${ha1}:${nonce}:${ha2}`);
  const quote = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const parts = [`username=${quote(user)}`, `realm=${quote(realm)}`, `nonce=${quote(nonce)}`, `uri=${quote(request.path)}`, `algorithm=${algorithm}`, `response="${response}"`];
  if (qop) parts.push(`qop=${qop}`, `nc=${nc}`, `cnonce="${cnonce}"`);
  if (opaque !== undefined) parts.push(`opaque=${quote(opaque)}`);
  return `Digest ${parts.join(', ')}`;
}
