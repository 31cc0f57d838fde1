import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { Datagrams } from './datagrams.ts';
import { sendBuffer, sending } from './send-properties.ts';

/** What an IPv4 datagram holds at most, bytes (RFC 768). */
const MAXIMUM = 65_507;

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Sends the content of each FlowFile as one datagram. Nobody knows whether it arrives.',
  tags: ['remote', 'egress', 'put', 'udp'],
  input: 'required',
  supportsBatching: true,
  properties: { ...sending, sendBuffer },
  relationships: { success: 'FlowFiles that were sent', failure: 'FlowFiles that could not be sent, such as those of more than 65,507 bytes' },
  onScheduled: ({ properties: { host, port, sendBuffer: size } }) => Datagrams.open(host, port, size),
  async onTrigger(session, context) {
    const { client, log, name } = context;
    const { host, port } = context.properties;
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      if (flowFile.size > MAXIMUM) throw new ProcessError(`it has ${flowFile.size} bytes, and a datagram holds ${MAXIMUM} at most`);
      await (client as Datagrams).send(session.read(flowFile));
      session.report('SEND', flowFile, `UDP://${host}:${port}`);
      session.transfer(flowFile, 'success');
    } catch (thrown) {
      log.error(`${name} cannot send ${flowFile.getAttribute('filename')} to ${host}:${port}: ${messageOf(thrown)}`);
      session.transfer(session.penalize(flowFile), 'failure');
      context.yield();
    }
  },
  onStopped: (datagrams) => (datagrams as Datagrams).close(),
});
