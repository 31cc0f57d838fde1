import type { SecureContextOptions } from 'node:tls';
import { serviceContract } from './service.ts';

/** Keys and trusted certificates as Node's tls takes them. */
export type SslContext = SecureContextOptions;

export const SSL_CONTEXT = serviceContract<SslContext>('org.apache.nifi.ssl.SSLContextProvider');
