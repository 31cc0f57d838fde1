import type { ComponentContext } from '../../server/extension/component.ts';
import { choices } from '../../server/extension/choices.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { property } from '../../server/extension/property.ts';
import { ConnectionPool } from './connection-pool.ts';
import type { RemoteAddress } from './remote-files.ts';
import { connectSftp, type SshSettings } from './sftp-login.ts';
import { compression, connecting, login } from './transfer-properties.ts';
import { portOf, type Transfers } from './transfers.ts';

const CUSTOM = { expressions: 'environment', dependsOn: { 'Algorithm Negotiation': ['CUSTOM'] } } as const;

/** What all processors of SFTP have in common. */
export const sftpProperties = {
  ...login('22'),
  keyFile: property.text('Private Key Path', 'A file with the private key of the user: in the format of OpenSSH, OpenSSL or PuTTY', { expressions: 'flowfile' }),
  passphrase: property.text('Private Key Passphrase', 'What the private key is encrypted with', { sensitive: true, expressions: 'flowfile' }),
  isStrict: property.boolean('Strict Host Key Checking', 'Whether the server must show a key that is known. Without it, whoever answers is trusted', { default: 'false' }),
  hostKeyFile: property.text(
    'Host Key File',
    'With Strict Host Key Checking: a file with the keys of servers, in the format of known_hosts. Where it is not set, known_hosts and known_hosts2 in ~/.ssh are read',
  ),
  ...connecting,
  keepsAlive: property.boolean('Send Keep Alive On Timeout', 'Whether the server is asked every 5 seconds for a sign of life, and given up after five without one', {
    default: 'true',
  }),
  ...compression,
  negotiation: property.choice('Algorithm Negotiation', 'Whether the algorithms of the connection are limited to those named', choices('DEFAULT', 'CUSTOM'), {
    default: 'DEFAULT',
  }),
  ciphers: property.text('Ciphers Allowed', 'Separated by commas; all where it is not set', CUSTOM),
  keyAlgorithms: property.text('Key Algorithms Allowed', 'The kinds of host keys and their signatures, separated by commas; all where it is not set', CUSTOM),
  keyExchanges: property.text('Key Exchange Algorithms Allowed', 'Separated by commas; all where it is not set', CUSTOM),
  authenticationCodes: property.text('Message Authentication Codes Allowed', 'Separated by commas; all where it is not set', CUSTOM),
};

type Context = ComponentContext<typeof sftpProperties>;

const names = (list: string | undefined): string[] | undefined => {
  const found = (list ?? '').split(',').flatMap((name) => name.trim() || []);
  return found.length > 0 ? found : undefined;
};

function settings({ properties: values, log }: Context): SshSettings {
  const isCustom = values.negotiation === 'CUSTOM';
  if (values.hostKeyFile !== undefined && !values.isStrict) log.warn('Host Key File counts only with Strict Host Key Checking: as it is, whoever answers is trusted.');
  return {
    ...values,
    ciphers: isCustom ? names(values.ciphers) : undefined,
    keyAlgorithms: isCustom ? names(values.keyAlgorithms) : undefined,
    keyExchanges: isCustom ? names(values.keyExchanges) : undefined,
    authenticationCodes: isCustom ? names(values.authenticationCodes) : undefined,
  };
}

function address({ properties: { host, port, user, password, keyFile, passphrase } }: Context, flowFile?: FlowFile): RemoteAddress {
  return {
    host: host(flowFile),
    port: portOf(port(flowFile)),
    user: user(flowFile),
    password: password(flowFile),
    keyFile: keyFile(flowFile),
    passphrase: passphrase(flowFile),
  };
}

/** The connections of a processor of SFTP. `maxUses`: how many files go over one. */
export function sftpTransfers(context: Context, maxUses?: number): Transfers {
  const options = settings(context);
  return { protocol: 'sftp', pool: new ConnectionPool((to, signal) => connectSftp(to, options, signal), maxUses), address: (flowFile) => address(context, flowFile) };
}
