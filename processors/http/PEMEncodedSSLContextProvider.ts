import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { choices } from '../../server/extension/choices.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { SSL_CONTEXT, type SslContext } from '../../server/extension/ssl-context.ts';

const PROTOCOLS = { TLS: ['TLSv1.2', 'TLSv1.3'], 'TLSv1.3': ['TLSv1.3', 'TLSv1.3'], 'TLSv1.2': ['TLSv1.2', 'TLSv1.2'] } as const;

const properties = {
  protocol: property.choice('TLS Protocol', 'Which versions are spoken; TLS means 1.2 and 1.3', choices('TLS', 'TLSv1.3', 'TLSv1.2'), { default: 'TLS' }),
  keySource: property.choice(
    'Private Key Source',
    'Where the private key and its certificates come from; Undefined has none',
    { UNDEFINED: 'Undefined', PROPERTIES: 'Properties', FILES: 'Files' },
    { default: 'PROPERTIES' },
  ),
  key: property.text('Private Key', 'The private key in PEM, not encrypted', { required: true, sensitive: true, dependsOn: { 'Private Key Source': ['PROPERTIES'] } }),
  keyLocation: property.text('Private Key Location', 'The file with the private key', { required: true, dependsOn: { 'Private Key Source': ['FILES'] } }),
  chain: property.text('Certificate Chain', 'The certificates of the key in PEM, its own first', { required: true, dependsOn: { 'Private Key Source': ['PROPERTIES'] } }),
  chainLocation: property.text('Certificate Chain Location', 'The file with the certificates', { required: true, dependsOn: { 'Private Key Source': ['FILES'] } }),
  authoritiesSource: property.choice(
    'Certificate Authorities Source',
    'Whom to trust: certificates given here, or those that the system trusts',
    { PROPERTIES: 'Properties', SYSTEM: 'System' },
    { default: 'PROPERTIES' },
  ),
  authorities: property.text('Certificate Authorities', 'Certificates in PEM, or the file that holds them', {
    required: true,
    dependsOn: { 'Certificate Authorities Source': ['PROPERTIES'] },
  }),
};

const inline = (text: string): boolean => text.includes('-----BEGIN ');

/** Never looked up as a file: the message of a file that is missing would tell the secret. */
function inlineKey(text: string): string {
  if (inline(text)) return text;
  throw new ProcessError('Private Key is not in PEM. Give it with its line -----BEGIN PRIVATE KEY-----, or choose Files and give its location.');
}

const pem = async (text: string): Promise<string> => (inline(text) ? text : await readFile(text, 'utf8'));

export default defineControllerService({
  nifi: { package: 'org.apache.nifi.ssl', bundle: 'nifi-ssl-context-service-nar' },
  description: 'Keys and trusted certificates in PEM for TLS.',
  tags: ['RSA', 'X.509', 'PKCS8', 'Ed25519', 'PEM', 'TLS', 'PKCS1', 'SSL'],
  provides: [SSL_CONTEXT],
  properties,
  async onEnabled({ properties: values }): Promise<SslContext> {
    const [minVersion, maxVersion] = PROTOCOLS[values.protocol];
    const isInline = values.keySource === 'PROPERTIES';
    const key = values.keySource === 'UNDEFINED' ? undefined : isInline ? inlineKey(values.key!) : await pem(values.keyLocation!);
    const cert = values.keySource === 'UNDEFINED' ? undefined : await pem((isInline ? values.chain : values.chainLocation)!);
    const ca = values.authoritiesSource === 'SYSTEM' ? undefined : await pem(values.authorities!);
    const context: SslContext = { minVersion, maxVersion, key, cert, ca };
    // Says now what is wrong with the keys, not at the first connection.
    createSecureContext(context);
    return context;
  },
});
