import type { SecureContextOptions } from 'node:tls';
import { serviceContract } from './service.ts';

/** Keys and trusted certificates as Node's tls takes them. */
export type SslContext = SecureContextOptions;

export const SSL_CONTEXT = serviceContract<SslContext>('org.apache.nifi.ssl.SSLContextProvider');

/** The same by the older names that NiFi has for it; the restricted one speaks TLS 1.2 and 1.3 only. */
export const SSL_CONTEXT_SERVICE = serviceContract<SslContext>('org.apache.nifi.ssl.SSLContextService');
export const RESTRICTED_SSL_CONTEXT_SERVICE = serviceContract<SslContext>('org.apache.nifi.ssl.RestrictedSSLContextService');
