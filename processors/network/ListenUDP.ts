import { defineProcessor } from '../../server/extension/processor.ts';
import { delimiter, delimiterBytes, listening, onlySender, port, senderProblems, senders } from './listen-properties.ts';
import { joinedFlowFile, reportReceived, takeMessages } from './message-batches.ts';
import { listenUdp, type MessageServer } from './message-server.ts';

const { threads: _, ...shared } = listening;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes datagrams: each becomes a FlowFile, or several of the same sender become one.',
  tags: ['ingest', 'udp', 'listen', 'source'],
  input: 'forbidden',
  supportsBatching: true,
  properties: {
    ...shared,
    port: port({ transport: 'UDP' }),
    delimiter: delimiter('Batching Message Delimiter', 'What stands between the messages of a FlowFile'),
    ...senders,
  },
  relationships: { success: 'FlowFiles with messages' },
  writesAttributes: { 'udp.sender': "The sender's address", 'udp.port': 'The port at which it listens', 'udp.sender.port': "The sender's port" },
  validate: (values) => senderProblems(values),
  onScheduled: ({ properties: values, log }) => {
    const { networkInterface, capacity, socketBuffer } = values;
    return listenUdp({ port: values.port, networkInterface, capacity, socketBuffer, log, from: onlySender(values) });
  },
  async onTrigger(session, { client, signal, properties: { batchSize, delimiter: text, characterSet } }) {
    const server = client as MessageServer;
    await takeMessages(session, server, { max: batchSize, signal }, (messages, sender) => {
      const flowFile = joinedFlowFile(session, messages, delimiterBytes(text, characterSet));
      if (!flowFile) return;
      const told = session.putAttributes(flowFile, { 'udp.sender': sender, 'udp.sender.port': String(messages[0]!.senderPort), 'udp.port': String(server.port) });
      reportReceived(session, told, `udp://${sender}:${server.port}`);
      session.transfer(told, 'success');
    });
  },
  onStopped: (server) => (server as MessageServer).close(),
});
