import { checkWritableCharacterSet } from '../../server/extension/character-set.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { RECORD_READER, RECORD_SET_WRITER, type RecordSet } from '../../server/extension/record-io.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { SSL_CONTEXT } from '../../server/extension/ssl-context.ts';
import { delimiterBytes } from './listen-properties.ts';
import { sendBuffer, sending } from './send-properties.ts';
import { TcpConnections } from './tcp-connections.ts';

const byFlowFile = { dependsOn: { 'Transmission Strategy': ['FLOWFILE_ORIENTED'] } } as const;
const byRecord = { required: true, dependsOn: { 'Transmission Strategy': ['RECORD_ORIENTED'] } } as const;

const properties = {
  ...sending,
  sendBuffer,
  single: property.boolean('Connection Per FlowFile', 'Whether each FlowFile is sent over a connection of its own', { default: 'false' }),
  ssl: property.service('SSL Context Service', 'Keys and trusted certificates for TLS', SSL_CONTEXT),
  strategy: property.choice(
    'Transmission Strategy',
    'Whether content is sent as it is, or its records as a writer writes them',
    { FLOWFILE_ORIENTED: 'FlowFile-oriented', RECORD_ORIENTED: 'Record-oriented' },
    { default: 'FLOWFILE_ORIENTED' },
  ),
  delimiter: property.text('Outgoing Message Delimiter', 'What is sent after each FlowFile; \\n, \\r and \\t stand for the characters', { expressions: 'flowfile', ...byFlowFile }),
  characterSet: property.text('Character Set', 'The character set of the delimiter', {
    default: 'UTF-8',
    expressions: 'environment',
    validate: checkWritableCharacterSet,
    ...byFlowFile,
  }),
  reader: property.service('Record Reader', 'What reads the content', RECORD_READER, byRecord),
  writer: property.service('Record Writer', 'What writes what is sent', RECORD_SET_WRITER, byRecord),
};

type Context = ProcessContext<typeof properties, TcpConnections>;

async function* delimited(content: AsyncIterable<Uint8Array>, delimiter: Buffer): AsyncGenerator<Uint8Array> {
  yield* content;
  yield delimiter;
}

async function sendContent(session: ProcessSession, flowFile: FlowFile, { client, properties: { delimiter, characterSet } }: Context): Promise<number> {
  const text = delimiter(flowFile);
  const content = session.readStream(flowFile);
  await client.send(text === undefined ? content : delimited(content, delimiterBytes(text, characterSet)));
  return 0;
}

async function sendRecords(session: ProcessSession, flowFile: FlowFile, { client, properties: { reader, writer } }: Context): Promise<number> {
  const { schema, batches } = await reader!.read(() => session.readStream(flowFile), flowFile);
  let count = 0;
  const counted = async function* (): RecordSet['batches'] extends AsyncIterable<infer B> ? AsyncGenerator<B> : never {
    for await (const batch of batches) {
      yield batch;
      count += batch.length;
    }
  };
  await client.send(writer!.write({ schema, batches: counted() }, flowFile));
  return count;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Sends content, or its records, over TCP.',
  tags: ['remote', 'egress', 'put', 'tcp'],
  input: 'required',
  supportsBatching: true,
  properties,
  relationships: { success: 'FlowFiles that were sent', failure: 'FlowFiles that could not be sent, or not whole' },
  writesAttributes: { 'record.count.transmitted': 'How many records were sent; 0 for content' },
  onScheduled: ({ properties: { host, port, ssl, timeout = 0, idleExpiration, single } }) => new TcpConnections({ host, port, ssl, timeout, idleExpiration, single }),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const { host, port, strategy } = context.properties;
    try {
      const count = await (strategy === 'RECORD_ORIENTED' ? sendRecords : sendContent)(session, flowFile, context);
      session.report('SEND', flowFile, `TCP://${host}:${port}`);
      session.transfer(session.putAttribute(flowFile, 'record.count.transmitted', String(count)), 'success');
    } catch (thrown) {
      context.log.error(`${context.name} cannot send ${flowFile.getAttribute('filename')} to ${host}:${port}: ${messageOf(thrown)}`);
      session.transfer(session.penalize(flowFile), 'failure');
      context.yield();
    }
  },
  onStopped: (connections) => connections.close(),
});
