import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { sendMail } from '../../server/extension/smtp.ts';
import { composeMail, mailServer } from './compose-mail.ts';
import { checkMailProperty } from './mail-session.ts';
import { properties } from './put-email-properties.ts';

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Sends a mail for each FlowFile. A property that you add is one of JavaMail, such as mail.smtp.timeout.',
  tags: ['email', 'put', 'notify', 'smtp'],
  input: 'required',
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'A property of JavaMail, such as mail.smtp.timeout or mail.smtp.ssl.trust',
    name: 'mail.propertyName',
    value: 'Value for a specific property to be set in the JavaMail Session object',
    expressions: 'flowfile',
    checkName: checkMailProperty,
  },
  relationships: { success: 'FlowFiles whose mail the server has taken', failure: 'FlowFiles whose mail cannot be sent, or not to all' },
  validate: ({ to, cc, bcc }) => ([to(), cc(), bcc()].some((list) => list !== undefined) ? [] : ["'To, CC, BCC' is invalid because at least one of To, CC and BCC must be set"]),
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const mail = composeMail(session, flowFile, context);
      const [first] = await sendMail(await mailServer(flowFile, context), mail);
      session.report('SEND', flowFile, `mailto:${first}`);
      session.transfer(flowFile, 'success');
    } catch (thrown) {
      context.log.error(`${context.name} cannot send the mail for ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}`);
      context.yield();
      session.transfer(flowFile, 'failure');
    }
  },
});
