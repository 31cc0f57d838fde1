import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER, RECORD_SET_WRITER } from '../../server/extension/record-io.ts';
import { listening, onlySender, port, senderProblems, senders } from './listen-properties.ts';
import { reportReceived, takeMessages } from './message-batches.ts';
import { listenUdp, type MessageServer } from './message-server.ts';
import { readMessages } from './message-records.ts';

const { threads: _threads, batchSize: _batchSize, ...shared } = listening;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Takes datagrams that hold records: those of one sender become one FlowFile.',
  tags: ['ingest', 'udp', 'listen', 'source', 'record'],
  input: 'forbidden',
  supportsBatching: true,
  properties: {
    ...shared,
    port: port({ transport: 'UDP' }),
    patience: property.duration('Poll Timeout', 'How long to wait for another datagram when some are there', { default: '50 ms' }),
    batchSize: property.integer('Batch Size', 'How many datagrams become one FlowFile at most', { default: '1000', min: 1 }),
    reader: property.service('Record Reader', 'What reads the datagrams', RECORD_READER, { required: true }),
    writer: property.service('Record Writer', 'What writes the FlowFiles', RECORD_SET_WRITER, { required: true }),
    ...senders,
  },
  relationships: { success: 'FlowFiles with records', 'parse.failure': 'A FlowFile with each datagram that holds no records' },
  writesAttributes: {
    'udp.sender': "The sender's address",
    'udp.port': 'The port at which it listens',
    'record.count': 'How many records there are',
    'mime.type': 'The kind of content',
  },
  validate: (values) => senderProblems(values),
  onScheduled: ({ properties: values, log }) => {
    const { networkInterface, capacity, socketBuffer } = values;
    return listenUdp({ port: values.port, networkInterface, capacity, socketBuffer, log, from: onlySender(values) });
  },
  async onTrigger(session, { client, signal, properties: { batchSize: max, patience, reader, writer }, log }) {
    const server = client as MessageServer;
    await takeMessages(session, server, { max, signal, patience }, async (messages, sender) => {
      const told = { 'udp.sender': sender, 'udp.port': String(server.port) };
      const uri = `udp://${sender}:${server.port}`;
      const flowFile = session.putAttributes(session.create(), told);
      const { set, count, failed } = await readMessages(messages, reader, flowFile);
      for (const { message, reason } of failed) {
        log.error(`A datagram of ${sender} holds no records: ${messageOf(reason)}`);
        const bad = session.putAttributes(session.write(session.create(), message.bytes), told);
        session.report('RECEIVE', bad, uri);
        session.transfer(bad, 'parse.failure');
      }
      if (!set) return session.remove(flowFile);
      const written = await session.writeStream(flowFile, writer.write(set, flowFile));
      const attributes = { 'record.count': String(count), 'mime.type': writer.mimeType, ...writer.attributes?.(set.schema, flowFile) };
      reportReceived(session, written, uri);
      session.transfer(session.putAttributes(written, attributes), 'success');
    });
  },
  onStopped: (server) => (server as MessageServer).close(),
});
