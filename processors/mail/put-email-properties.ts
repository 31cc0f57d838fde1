import { checkWritableCharacterSet } from '../../server/extension/character-set.ts';
import { PropertyError } from '../../server/extension/errors.ts';
import { ACCESS_TOKEN_PROVIDER } from '../../server/extension/http-services.ts';
import { property } from '../../server/extension/property.ts';

const flag = (text: string): void => {
  if (!/^(true|false)$/i.test(text.trim())) throw new PropertyError('it must be true or false');
};

/** PutEmail's properties. */
export const properties = {
  host: property.text('SMTP Hostname', 'The mail server', { required: true, expressions: 'flowfile' }),
  port: property.integer('SMTP Port', 'The port of the mail server', { default: '25', expressions: 'flowfile', min: 1, max: 65535 }),
  authorization: property.choice(
    'Authorization Mode',
    'How to log in at the mail server',
    { 'password-based-authorization-mode': 'Use Password', 'oauth-based-authorization-mode': 'Use OAuth2' },
    { default: 'password-based-authorization-mode' },
  ),
  tokens: property.service('OAuth2 Access Token Provider', 'Who gives the token that is shown in place of a password (XOAUTH2)', ACCESS_TOKEN_PROVIDER, {
    required: true,
    dependsOn: { 'Authorization Mode': ['oauth-based-authorization-mode'] },
  }),
  username: property.text('SMTP Username', 'The account at the mail server', { expressions: 'flowfile' }),
  password: property.text('SMTP Password', 'Its password', {
    sensitive: true,
    expressions: 'flowfile',
    dependsOn: { 'Authorization Mode': ['password-based-authorization-mode'] },
  }),
  authenticates: property.text('SMTP Auth', 'Whether to log in: true or false', { default: 'true', expressions: 'flowfile', validate: flag }),
  startTls: property.text('SMTP START TLS', 'Whether the connection is encrypted by STARTTLS where the server offers it: true or false', {
    default: 'false',
    expressions: 'flowfile',
    validate: flag,
  }),
  socketFactory: property.text(
    'SMTP Socket Factory',
    'As in Java: javax.net.ssl.SSLSocketFactory begins with TLS, and goes on without it where the server does not speak TLS; any other begins without',
    { default: 'javax.net.ssl.SSLSocketFactory', expressions: 'flowfile' },
  ),
  mailer: property.text('SMTP X-Mailer Header', 'The header X-Mailer', { default: 'NiFi', expressions: 'flowfile' }),
  headerPattern: property.regex('Attributes to Send as Headers Regular Expression', 'Attributes whose whole name matches become headers, those apart that say who gets the mail'),
  contentType: property.text('Content Type', 'The kind of the message, such as text/plain or text/html', { default: 'text/plain', expressions: 'flowfile' }),
  from: property.text('From', 'The address of the sender, or several with commas between', { required: true, expressions: 'flowfile' }),
  to: property.text('To', 'Addresses of recipients, with commas between', { expressions: 'flowfile' }),
  cc: property.text('CC', 'Addresses of those who get a copy', { expressions: 'flowfile' }),
  bcc: property.text('BCC', 'Addresses of those who get a copy that nobody sees', { expressions: 'flowfile' }),
  replyTo: property.text('Reply-To', 'Addresses that answers go to, in place of the sender', { expressions: 'flowfile' }),
  subject: property.text('Subject', 'The subject', { default: 'Message from NiFi', expressions: 'flowfile' }),
  message: property.text('Message', 'The text of the mail', { expressions: 'flowfile', language: 'text' }),
  contentAsMessage: property.text('FlowFile Content as Message', "Whether the FlowFile's content is the text of the mail, in place of Message: true or false", {
    default: 'false',
    expressions: 'flowfile',
    validate: flag,
  }),
  characterSet: property.text('Input Character Set', 'The character set of the text of the mail', { default: 'UTF-8', validate: checkWritableCharacterSet }),
  attaches: property.boolean('Attach File', "Whether the FlowFile's content is attached", { default: 'false' }),
  tellsAttributes: property.boolean('Include All Attributes In Message', 'Whether the text of the mail ends with all attributes', { default: 'false' }),
};
