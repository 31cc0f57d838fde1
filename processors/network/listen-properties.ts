import { checkWritableCharacterSet, encode } from '../../server/extension/character-set.ts';
import { choices } from '../../server/extension/choices.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { type ListenPort, property } from '../../server/extension/property.ts';
import { type ClientCertificate, SSL_CONTEXT } from '../../server/extension/ssl-context.ts';

function some(text: string): void {
  if (text === '') throw new PropertyError('it must not be empty');
}

/** `\n`, `\r` and `\t` stand for the characters. */
export function delimiterBytes(text: string, characterSet: string): Buffer {
  return encode(text.replaceAll('\\n', '\n').replaceAll('\\r', '\r').replaceAll('\\t', '\t'), characterSet);
}

/** What each choice of Client Auth asks for. */
export const CERTIFICATES = { WANT: 'wanted', REQUIRED: 'needed', NONE: 'none' } as const satisfies Record<string, ClientCertificate>;

/** Properties that listeners share. */
export const listening = {
  networkInterface: property.text('Local Network Interface', 'The network interface to listen at, such as eth0; all of them where it is not set', { expressions: 'environment' }),
  bufferSize: property.dataSize('Receive Buffer Size', 'How many bytes a message may have over TCP: a longer one is left out with a warning', { default: '65507 B' }),
  capacity: property.integer('Max Size of Message Queue', 'How many messages wait at most. Then TCP senders wait, and datagrams are dropped with a warning', {
    default: '10000',
    min: 1,
  }),
  characterSet: property.text('Character Set', 'The character set of the delimiter', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  batchSize: property.integer('Max Batch Size', 'How many messages of one sender become one FlowFile at most', { default: '1', min: 1 }),
  socketBuffer: property.dataSize('Max Size of Socket Buffer', 'How many bytes the system keeps for us; for TCP the system decides', { default: '1 MB' }),
  threads: property.integer('Worker Threads', 'Kept for flows made in NiFi: connections need no threads here', { default: '2', min: 1 }),
};

export const port = (listenPort: ListenPort) =>
  property.integer('Port', 'Where messages are expected', { required: true, expressions: 'environment', min: 0, max: 65535, listenPort });

export const delimiter = (name: 'Batching Message Delimiter' | 'Message Delimiter', description: string) => property.text(name, description, { default: '\\n', validate: some });

export const secured = {
  ssl: property.service('SSL Context Service', 'Keys for TLS', SSL_CONTEXT),
  clientAuth: property.choice('Client Auth', 'Whether clients must show a certificate', choices('WANT', 'REQUIRED', 'NONE'), {
    default: 'REQUIRED',
    dependsOn: { 'SSL Context Service': [] },
  }),
};

/** Who alone may send datagrams. */
export const senders = {
  sendingHost: property.text('Sending Host', 'Takes datagrams of this host only; needs Sending Host Port', { expressions: 'environment' }),
  sendingPort: property.integer('Sending Host Port', 'Takes datagrams that come from this port only; needs Sending Host', { expressions: 'environment', min: 1, max: 65535 }),
};

interface Sender {
  readonly sendingHost: string | undefined;
  readonly sendingPort: number | undefined;
}

export const senderProblems = ({ sendingHost, sendingPort }: Sender): string[] =>
  (sendingHost === undefined) === (sendingPort === undefined) ? [] : ['Sending Host and Sending Host Port must be set together'];

export const onlySender = ({ sendingHost: host, sendingPort }: Sender): { host: string; port: number } | undefined =>
  host === undefined || sendingPort === undefined ? undefined : { host, port: sendingPort };
