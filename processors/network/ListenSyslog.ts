import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';
import { choices } from '../../server/extension/choices.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { parseSyslog } from '../../server/extension/syslog-message.ts';
import { CERTIFICATES, delimiter, delimiterBytes, listening } from './listen-properties.ts';
import { joinedFlowFile, reportReceived, takeMessages } from './message-batches.ts';
import { listenTcp, listenUdp, type MessageServer } from './message-server.ts';

const overTcp = { required: true, dependsOn: { Protocol: ['TCP'] } } as const;
const port = { required: true, expressions: 'environment', min: 0, max: 65535 } as const;
const UDP_BUFFER = 1_000_000;

const properties = {
  protocol: property.choice('Protocol', 'How messages come', choices('TCP', 'UDP'), { default: 'UDP' }),
  tcpPort: property.integer('TCP Port', 'Where connections are expected', { ...port, ...overTcp, listenPort: { transport: 'TCP', applications: ['syslog'] } }),
  udpPort: property.integer('UDP Port', 'Where datagrams are expected', { ...port, dependsOn: { Protocol: ['UDP'] }, listenPort: { transport: 'UDP', applications: ['syslog'] } }),
  networkInterface: listening.networkInterface,
  ssl: property.service('SSL Context Service', 'Keys for TLS', SSL_CONTEXT, { dependsOn: { Protocol: ['TCP'] } }),
  clientAuth: property.choice('Client Auth', 'Whether clients must show a certificate', choices('WANT', 'REQUIRED', 'NONE'), {
    default: 'REQUIRED',
    required: false,
    dependsOn: { 'SSL Context Service': [] },
  }),
  bufferSize: listening.bufferSize,
  capacity: listening.capacity,
  socketBuffer: property.dataSize('Max Size of Socket Buffer', 'Kept for flows made in NiFi: for TCP the system decides', { default: '1 MB', dependsOn: overTcp.dependsOn }),
  threads: property.integer('Worker Threads', 'Kept for flows made in NiFi: connections need no threads here', { default: '2', min: 1, dependsOn: overTcp.dependsOn }),
  batchSize: property.integer('Max Batch Size', 'How many messages of one sender become one FlowFile at most; more than 1 only where messages are not parsed', {
    default: '1',
    min: 1,
  }),
  delimiter: delimiter('Message Delimiter', 'What ends each message in a connection, and stands between the messages of a FlowFile'),
  parses: property.boolean('Parse Messages', 'Whether what the message tells becomes attributes', { default: 'true' }),
  characterSet: property.text('Character Set', 'The character set of the messages', { default: 'UTF-8', expressions: 'environment', validate: checkCharacterSet }),
};

function open({ properties: values, log }: ComponentContext<typeof properties>): Promise<MessageServer> {
  const { networkInterface, capacity, bufferSize: maximum, ssl, clientAuth = 'REQUIRED' } = values;
  if (values.protocol === 'UDP') return listenUdp({ port: values.udpPort, networkInterface, capacity, log, socketBuffer: UDP_BUFFER, from: undefined });
  const bytes = delimiterBytes(values.delimiter, values.characterSet);
  return listenTcp({ port: values.tcpPort, networkInterface, capacity, log, maximum, ssl, clientCertificate: CERTIFICATES[clientAuth], delimiter: bytes, idleTimeout: 0 });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes Syslog messages over TCP or UDP, as RFC 3164 or RFC 5424 write them.',
  tags: ['syslog', 'listen', 'udp', 'tcp', 'logs'],
  input: 'forbidden',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with messages', invalid: 'FlowFiles with what is no Syslog message' },
  writesAttributes: {
    'syslog.priority': 'Severity and facility in one number',
    'syslog.severity': 'From 0 (emergency) to 7 (debug)',
    'syslog.facility': 'What kind of program wrote it',
    'syslog.version': 'The version of the format',
    'syslog.timestamp': 'When, as it was written',
    'syslog.hostname': 'Where, as it was written',
    'syslog.sender': "The sender's address",
    'syslog.body': 'The message itself',
    'syslog.valid': 'true for what could be parsed',
    'syslog.protocol': 'TCP or UDP',
    'syslog.port': 'The port at which it listens',
    'mime.type': 'text/plain',
  },
  validate: ({ parses, batchSize }) => (parses && batchSize > 1 ? ['Parse Messages must be false where Max Batch Size is more than 1'] : []),
  onScheduled: open,
  async onTrigger(session, { client, signal, properties: { batchSize, protocol, parses, delimiter: text, characterSet }, log }) {
    const server = client as MessageServer;
    await takeMessages(session, server, { max: batchSize, signal }, (messages, sender) => {
      const flowFile = joinedFlowFile(session, messages, delimiterBytes(text, characterSet));
      if (!flowFile) return;
      const parsed = parses ? parseSyslog(decode(messages[0]!.bytes, characterSet)) : {};
      const told = { 'syslog.protocol': protocol, 'syslog.port': String(server.port), 'mime.type': 'text/plain', 'syslog.sender': sender };
      const made = session.putAttributes(flowFile, { ...told, ...parsed, ...(parses && parsed ? { 'syslog.valid': 'true' } : {}) });
      if (!parsed) log.warn(`What ${sender} sends is no Syslog message.`);
      reportReceived(session, made, `${protocol.toLowerCase()}://${sender}:${server.port}`);
      session.transfer(made, parsed ? 'success' : 'invalid');
    });
  },
  onStopped: (server) => (server as MessageServer).close(),
});
