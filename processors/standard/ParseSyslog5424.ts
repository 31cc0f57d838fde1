import { checkCharacterSet, decode } from '../../server/extension/character-set.ts';
import { choices } from '../../server/extension/choices.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { parseStructured, SYSLOG_MAXIMUM } from '../../server/extension/syslog-message.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads a Syslog message as RFC 5424 writes it, with its structured data, into attributes.',
  tags: ['system', 'syslog5424', 'attributes', 'syslog', 'event', 'message', 'logs'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    characterSet: property.text('Character Set', 'The character set of the content', { default: 'UTF-8', validate: checkCharacterSet }),
    nil: property.choice('NIL Policy', 'What becomes of parts that are - in the message: no attribute, an empty one, or -', choices('OMIT', 'NULL', 'DASH'), { default: 'NULL' }),
    body: property.boolean('Include Message Body in Attributes', 'Whether the message itself becomes an attribute too', { default: 'true', required: false }),
  },
  relationships: { success: 'FlowFiles with the attributes', failure: 'FlowFiles that hold no such message' },
  writesAttributes: {
    'syslog.priority': 'Severity and facility in one number',
    'syslog.severity': 'From 0 (emergency) to 7 (debug)',
    'syslog.facility': 'What kind of program wrote it',
    'syslog.version': 'The version of the format',
    'syslog.timestamp': 'When, as it was written',
    'syslog.hostname': 'Where',
    'syslog.appname': 'Which program',
    'syslog.procid': 'Which process',
    'syslog.messageid': 'What kind of message',
    'syslog.structuredData': 'Each parameter as syslog.structuredData.ELEMENT.NAME',
    'syslog.sender': 'Not known here: for messages that come from a network',
    'syslog.body': 'The message itself',
  },
  onTrigger(session, { properties: { characterSet, nil, body }, log }) {
    for (const flowFile of session.getBatch(50)) {
      const found = flowFile.size <= SYSLOG_MAXIMUM ? parseStructured(decode(session.read(flowFile), characterSet)) : undefined;
      if (!found) {
        log.error(`${flowFile.getAttribute('filename')} holds no Syslog message of RFC 5424`);
        session.transfer(flowFile, 'failure');
        continue;
      }
      const missing = nil === 'OMIT' ? {} : Object.fromEntries(found.missing.map((name) => [name, nil === 'DASH' ? '-' : '']));
      const text: Record<string, string> = body === false || found.body === undefined ? {} : { 'syslog.body': found.body };
      session.transfer(session.putAttributes(flowFile, { ...found.parts, ...missing, ...text }), 'success');
    }
  },
});
