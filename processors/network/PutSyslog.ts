import { checkWritableCharacterSet, encode } from '../../server/extension/character-set.ts';
import { choices } from '../../server/extension/choices.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { parseSyslog } from '../../server/extension/syslog-message.ts';
import { Datagrams } from './datagrams.ts';
import { sending } from './send-properties.ts';
import { TcpConnections } from './tcp-connections.ts';

const properties = {
  ...sending,
  protocol: property.choice('Protocol', 'How messages go', choices('TCP', 'UDP'), { default: 'UDP' }),
  sendBuffer: property.dataSize('Max Size of Socket Send Buffer', 'How many bytes the system keeps for us; for TCP the system decides', {
    default: '1 MB',
    expressions: 'environment',
  }),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for TLS', SSL_CONTEXT, { dependsOn: { Protocol: ['TCP'] } }),
  idleExpiration: property.duration('Idle Connection Expiration', 'How long a connection is kept without use; 0 for ever', { default: '5 seconds', expressions: 'environment' }),
  batchSize: property.integer('Batch Size', 'How many FlowFiles are taken at once', { default: '25', expressions: 'environment', min: 1 }),
  characterSet: property.text('Character Set', 'The character set of the messages', { default: 'UTF-8', expressions: 'environment', validate: checkWritableCharacterSet }),
  priority: property.text('Message Priority', 'Eight times the facility and the severity, without angle brackets', { required: true, expressions: 'flowfile' }),
  version: property.text('Message Version', 'The version of the format; nothing for RFC 3164', { expressions: 'flowfile' }),
  timestamp: property.text('Message Timestamp', 'When, as RFC 5424 or RFC 3164 writes it', { default: "${now():format('MMM d HH:mm:ss')}", expressions: 'flowfile' }),
  hostname: property.text('Message Hostname', 'Where', { default: '${hostname(true)}', expressions: 'flowfile' }),
  body: property.text('Message Body', 'The message itself', { required: true, expressions: 'flowfile' }),
};

type Values = ComponentContext<typeof properties>['properties'];

/** Sends one message. */
interface Sender {
  send(bytes: Buffer): Promise<void>;
  close(): void;
}

async function open({ properties: values }: ComponentContext<typeof properties>): Promise<Sender> {
  const { host, port, protocol, sendBuffer, ssl, timeout = 0, idleExpiration } = values;
  if (protocol === 'UDP') return Datagrams.open(host, port, sendBuffer);
  const connections = new TcpConnections({ host, port, ssl, timeout, idleExpiration, single: false });
  return { send: (bytes) => connections.send([Buffer.concat([bytes, Buffer.from('\n')])]), close: () => connections.close() };
}

function messageFor(flowFile: FlowFile, { priority, version, timestamp, hostname, body }: Values): string {
  const number = version(flowFile);
  return `<${priority(flowFile)}>${number === undefined ? '' : `${number} `}${timestamp(flowFile)} ${hostname(flowFile)} ${body(flowFile)}`;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Sends a Syslog message for each FlowFile over TCP or UDP. The message comes from the properties, not from the content.',
  tags: ['syslog', 'put', 'udp', 'tcp', 'logs'],
  input: 'required',
  triggerWhenEmpty: true,
  properties,
  relationships: {
    success: 'FlowFiles whose message was sent',
    failure: 'FlowFiles whose message could not be sent',
    invalid: 'FlowFiles whose properties make no Syslog message',
  },
  onScheduled: open,
  async onTrigger(session, context) {
    const { properties: values, log, name } = context;
    const sender = context.client as Sender;
    const { host, port, protocol, characterSet, batchSize } = values;
    const flowFiles = session.getBatch(batchSize);
    if (flowFiles.length === 0) context.yield();
    for (const flowFile of flowFiles) {
      const message = messageFor(flowFile, values);
      // A line break would be the beginning of another message.
      if (!parseSyslog(message) || /[\r\n]/.test(message)) {
        log.debug(`'${message}' is no Syslog message`);
        session.transfer(flowFile, 'invalid');
        continue;
      }
      try {
        await sender.send(encode(message, characterSet));
        session.report('SEND', flowFile, `${protocol}://${host}:${port}`);
        session.transfer(flowFile, 'success');
      } catch (thrown) {
        log.error(`${name} cannot send a message to ${host}:${port}: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
  },
  onStopped: (sender) => (sender as Sender).close(),
});
