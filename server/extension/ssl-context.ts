import type { SecureContextOptions, TLSSocket } from 'node:tls';
import { serviceContract } from './service.ts';

/** Keys and trusted certificates as Node's tls takes them. */
export type SslContext = SecureContextOptions;

export const SSL_CONTEXT = serviceContract<SslContext>('org.apache.nifi.ssl.SSLContextProvider');

/** The same by the older names that NiFi has for it; the restricted one speaks TLS 1.2 and 1.3 only. */
export const SSL_CONTEXT_SERVICE = serviceContract<SslContext>('org.apache.nifi.ssl.SSLContextService');
export const RESTRICTED_SSL_CONTEXT_SERVICE = serviceContract<SslContext>('org.apache.nifi.ssl.RestrictedSSLContextService');

/** Whether a server asks clients for a certificate. */
export type ClientCertificate = 'none' | 'wanted' | 'needed';

/** What a TLS server is opened with. */
export function askingForCertificate(certificate: ClientCertificate): { requestCert: boolean; rejectUnauthorized: boolean } {
  return { requestCert: certificate !== 'none', rejectUnauthorized: certificate === 'needed' };
}

/** Where a certificate is wanted, a client may show none, but not one that nobody trusts (as in Java): Node would let it in. */
export function showsUntrustedCertificate(socket: TLSSocket): boolean {
  return !socket.authorized && Object.keys(socket.getPeerCertificate() ?? {}).length > 0;
}

/** A name of a certificate as Java writes it, the most special part first; undefined where there is none. */
export function distinguishedName(name: object | undefined): string | undefined {
  const parts = Object.entries(name ?? {}).reverse();
  return parts.length === 0 ? undefined : parts.map(([key, value]) => `${key}=${[value].flat().join('+')}`).join(', ');
}

/** Subject and issuer of the other side's certificate, where it has shown one. */
export function peerNames(socket: object): { subject: string | undefined; issuer: string | undefined } {
  const certificate = 'getPeerCertificate' in socket ? (socket as TLSSocket).getPeerCertificate() : undefined;
  return { subject: distinguishedName(certificate?.subject), issuer: distinguishedName(certificate?.issuer) };
}
