import { existsSync } from 'node:fs';
import { createSecureContext, type SecureVersion } from 'node:tls';
import type { PropertyValues } from '../../server/extension/property.ts';
import { property } from '../../server/extension/property.ts';
import { choices } from '../../server/extension/choices.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { SslContext } from '../../server/extension/ssl-context.ts';
import { readStore } from './key-store.ts';

const TYPES = choices('BCFKS', 'PKCS12', 'JKS');

/** The properties of both services but the protocol. */
export const stores = {
  keyStore: property.text('Keystore Filename', 'The file with the private key and its certificates', { expressions: 'environment' }),
  keyStorePassword: property.text('Keystore Password', 'Its password', { sensitive: true }),
  keyPassword: property.text('Key Password', 'The password of the key, where it has one of its own; in PKCS12 it is that of the store', { sensitive: true }),
  keyStoreType: property.choice('Keystore Type', 'Its format; this runtime reads PKCS12', TYPES),
  trustStore: property.text('Truststore Filename', 'The file with the certificates that are trusted; where there is none, those are that the system trusts', {
    expressions: 'environment',
  }),
  trustStorePassword: property.text('Truststore Password', 'Its password', { sensitive: true }),
  trustStoreType: property.choice('Truststore Type', 'Its format; this runtime reads PKCS12', TYPES),
};

type Stores = PropertyValues<typeof stores>;

/** What is wrong with the stores, as sentences. */
export function storeProblems(values: Stores): string[] {
  const { keyStore, keyStorePassword, keyStoreType, trustStore, trustStoreType } = values;
  if (keyStore === undefined && trustStore === undefined) return ['Keystore Filename or Truststore Filename must be set'];
  return [
    ...(keyStore === undefined || (keyStorePassword !== undefined && keyStoreType !== undefined)
      ? []
      : ['Keystore Password and Keystore Type must be set where Keystore Filename is']),
    ...(trustStore === undefined || trustStoreType !== undefined ? [] : ['Truststore Type must be set where Truststore Filename is']),
    ...fileProblems('Keystore', keyStore, keyStoreType),
    ...fileProblems('Truststore', trustStore, trustStoreType),
    ...(values.keyPassword !== undefined && values.keyPassword !== keyStorePassword ? ['Key Password must be that of the store: PKCS12 has one for both'] : []),
  ];
}

function fileProblems(name: string, file: string | undefined, type: Stores['keyStoreType']): string[] {
  if (file === undefined || type === undefined) return [];
  if (type !== 'PKCS12') return [`${name} Type ${type} is Java's own, which this runtime does not read. ${conversion(file, type)}, then name that file and PKCS12`];
  return existsSync(file) ? [] : [`${name} Filename '${file}' is no file that this runtime can see`];
}

function conversion(file: string, type: string): string {
  const target = `${file.replace(/\.(jks|bcfks|keystore|ks|ts)$/i, '')}.p12`;
  return `Convert it by: keytool -importkeystore -srckeystore '${file}' -srcstoretype ${type} -destkeystore '${target}' -deststoretype PKCS12`;
}

type Versions = Pick<SslContext, 'minVersion' | 'maxVersion' | 'ciphers'>;

/** Java's TLS and SSL are what both sides know; OpenSSL speaks what is older than 1.2 at its lowest level of security only. */
function versions(protocol: string): Versions {
  const only: SecureVersion | undefined = protocol === 'TLSv1' || protocol === 'TLSv1.1' || protocol === 'TLSv1.2' || protocol === 'TLSv1.3' ? protocol : undefined;
  if (!only) return { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' };
  return { minVersion: only, maxVersion: only, ...(only === 'TLSv1' || only === 'TLSv1.1' ? { ciphers: 'DEFAULT@SECLEVEL=0' } : {}) };
}

/** Opens both stores. Throws ProcessError. */
export async function openStores(values: Stores & { readonly protocol?: string }): Promise<SslContext> {
  const own = values.keyStore === undefined ? undefined : await readStore(values.keyStore, values.keyStorePassword ?? '');
  if (own && own.key === undefined) throw new ProcessError(`The store ${values.keyStore} has no private key. Name it as Truststore Filename, or another one here.`);
  const trusted = values.trustStore === undefined ? undefined : await readStore(values.trustStore, values.trustStorePassword ?? '');
  if (trusted?.certificates.length === 0) throw new ProcessError(`The store ${values.trustStore} has no certificate to trust.`);
  const context: SslContext = { ...versions(values.protocol ?? 'TLS'), key: own?.key, cert: own?.certificates.join(''), ca: trusted && [...trusted.certificates] };
  // Says now what is wrong with the keys, not at the first connection.
  createSecureContext(context);
  return context;
}
