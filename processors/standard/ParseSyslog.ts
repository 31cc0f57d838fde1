import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { parseSyslog, SYSLOG_MAXIMUM } from '../../server/extension/syslog-message.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads a Syslog message, as RFC 3164 or RFC 5424 write it, into attributes.',
  tags: ['system', 'attributes', 'syslog', 'event', 'message', 'logs'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    characterSet: property.text('Character Set', 'The character set of the content', { default: 'UTF-8', validate: checkCharacterSet }),
  },
  relationships: { success: 'FlowFiles with the attributes', failure: 'FlowFiles that hold no Syslog message' },
  writesAttributes: {
    'syslog.priority': 'Severity and facility in one number',
    'syslog.severity': 'From 0 (emergency) to 7 (debug)',
    'syslog.facility': 'What kind of program wrote it',
    'syslog.version': 'The version of the format; empty for RFC 3164',
    'syslog.timestamp': 'When, as it was written',
    'syslog.hostname': 'Where',
    'syslog.sender': 'Not known here: for messages that come from a network',
    'syslog.body': 'The message itself',
  },
  onTrigger(session, { properties: { characterSet }, log }) {
    for (const flowFile of session.getBatch(50)) {
      const found = flowFile.size <= SYSLOG_MAXIMUM ? parseSyslog(decode(session.read(flowFile), characterSet)) : undefined;
      if (!found) {
        log.error(`${flowFile.getAttribute('filename')} holds no Syslog message`);
        session.transfer(flowFile, 'failure');
      } else session.transfer(session.putAttributes(flowFile, found), 'success');
    }
  },
});
