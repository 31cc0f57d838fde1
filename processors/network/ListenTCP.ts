import type { ComponentContext } from '../../server/extension/component.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { choices } from '../../server/extension/choices.ts';
import { property } from '../../server/extension/property.ts';
import { CERTIFICATES, delimiter, delimiterBytes, listening, port, secured } from './listen-properties.ts';
import { joinedFlowFile, reportReceived, takeMessages } from './message-batches.ts';
import { listenTcp, type MessageServer } from './message-server.ts';

const properties = {
  ...listening,
  delimiter: delimiter('Batching Message Delimiter', 'What ends each message in a connection, and stands between the messages of a FlowFile'),
  port: port({ transport: 'TCP' }),
  idleTimeout: property.duration('Idle Connection Timeout', 'How long a connection may be silent before it is closed; 0 for ever', { default: '0 seconds' }),
  poolsBuffers: property.choice('Pool Receive Buffers', 'Kept for flows made in NiFi', choices('True', 'False'), { default: 'True' }),
  ...secured,
};

function open({ properties: values, log }: ComponentContext<typeof properties>): Promise<MessageServer> {
  const { networkInterface, capacity, bufferSize: maximum, idleTimeout, ssl, clientAuth } = values;
  const bytes = delimiterBytes(values.delimiter, values.characterSet);
  const clientCertificate = CERTIFICATES[clientAuth];
  return listenTcp({ port: values.port, networkInterface, capacity, maximum, idleTimeout, ssl, clientCertificate, delimiter: bytes, log });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes messages over TCP: what stands before each delimiter becomes a FlowFile.',
  tags: ['listen', 'tcp', 'tls', 'ssl'],
  input: 'forbidden',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles with messages' },
  writesAttributes: {
    'tcp.sender': "The sender's address",
    'tcp.port': 'The port at which it listens',
    'client.certificate.issuer.dn': "Who issued the sender's certificate",
    'client.certificate.subject.dn': "The name in the sender's certificate",
  },
  onScheduled: open,
  async onTrigger(session, { client, signal, properties: { batchSize, delimiter: text, characterSet } }) {
    const server = client as MessageServer;
    await takeMessages(session, server, { max: batchSize, signal }, (messages, sender) => {
      const flowFile = joinedFlowFile(session, messages, delimiterBytes(text, characterSet));
      if (!flowFile) return;
      const { subject, issuer = '' } = messages[0]!;
      const names: Record<string, string> = subject === undefined ? {} : { 'client.certificate.subject.dn': subject, 'client.certificate.issuer.dn': issuer };
      const told = session.putAttributes(flowFile, { 'tcp.sender': sender, 'tcp.port': String(server.port), ...names });
      reportReceived(session, told, `tcp://${sender}:${server.port}`);
      session.transfer(told, 'success');
    });
  },
  onStopped: (server) => (server as MessageServer).close(),
});
