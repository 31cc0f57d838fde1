import { Readable } from 'node:stream';
import { encode } from '../../server/extension/character-set.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessContext } from '../../server/extension/processor.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import type { Mail, MailContent, SmtpServer } from '../../server/extension/smtp.ts';
import { mailSession, type MailSession } from './mail-session.ts';
import type { properties } from './put-email-properties.ts';

type Context = ProcessContext<typeof properties>;

const SEPARATOR = `\n\n${'-'.repeat(50)}\n`;
const SSL_SOCKETS = 'javax.net.ssl.SSLSocketFactory';
const isTrue = (text: string): boolean => text.trim().toLowerCase() === 'true';

/** The mail server for a FlowFile, with who we are there. Throws ProcessError. */
export async function mailServer(flowFile: FlowFile, context: Context): Promise<SmtpServer> {
  const { properties: values } = context;
  const host = values.host(flowFile).trim();
  const session = sessionOf(flowFile, host, context);
  const tls = values.socketFactory(flowFile).trim() === SSL_SOCKETS ? 'first' : 'none';
  return {
    ...session,
    host,
    port: values.port(flowFile),
    implicitTls: session.requiresTls ? 'only' : tls,
    startTls: session.requiresStartTls ? 'always' : isTrue(values.startTls(flowFile)) ? 'offered' : 'never',
    credentials: isTrue(values.authenticates(flowFile)) ? await credentials(flowFile, context) : undefined,
  };
}

function sessionOf(flowFile: FlowFile, host: string, { dynamic }: Context): MailSession {
  return mailSession(new Map([...dynamic].map(([name, value]) => [name, value(flowFile)])), host);
}

async function credentials(flowFile: FlowFile, { properties: values }: Context): Promise<SmtpServer['credentials']> {
  const user = values.username(flowFile);
  if (!user) throw new ProcessError('SMTP Auth is true, but SMTP Username gives nothing: set it, or set SMTP Auth to false.');
  if (values.authorization === 'oauth-based-authorization-mode') return { user, token: await values.tokens!.token() };
  const password = values.password(flowFile);
  if (!password) throw new ProcessError('SMTP Auth is true, but SMTP Password gives nothing: set it, or set SMTP Auth to false.');
  return { user, password };
}

/** The mail for a FlowFile. Its content is not read before it is sent. */
export function composeMail(session: ProcessSession, flowFile: FlowFile, context: Context): Mail {
  const { properties: values, now, dynamic } = context;
  const read: MailContent = () => session.readStream(flowFile);
  const mimeType = flowFile.getAttribute('mime.type') || 'application/octet-stream';
  return {
    from: values.from(flowFile),
    to: values.to(flowFile),
    cc: values.cc(flowFile),
    bcc: values.bcc(flowFile),
    replyTo: values.replyTo(flowFile),
    subject: values.subject(flowFile),
    envelopeFrom: dynamic.size > 0 ? sessionOf(flowFile, '', context).envelopeFrom : undefined,
    headers: [...attributeHeaders(flowFile, values.headerPattern), ['X-Mailer', values.mailer(flowFile)]],
    date: new Date(now()),
    contentType: `${values.contentType(flowFile).trim()}; charset=${values.characterSet.trim()}`,
    content: messageOf(flowFile, context, read),
    attachments: values.attaches ? [{ filename: flowFile.getAttribute('filename')!, contentType: mimeType, content: read }] : [],
  };
}

function messageOf(flowFile: FlowFile, { properties: values }: Context, read: MailContent): MailContent {
  const end = values.tellsAttributes ? encode(attributesText(flowFile), values.characterSet) : Buffer.alloc(0);
  if (!isTrue(values.contentAsMessage(flowFile))) return () => Buffer.concat([encode(values.message(flowFile) ?? '', values.characterSet), end]);
  if (end.length === 0) return read;
  return () => Readable.from(followed(read() as Readable, end), { objectMode: false });
}

async function* followed(content: AsyncIterable<Buffer>, end: Buffer): AsyncGenerator<Buffer> {
  yield* content;
  yield end;
}

function attributeHeaders({ attributes }: FlowFile, pattern: RegExp | undefined): [string, string][] {
  const whole = pattern && new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  return whole ? [...attributes].filter(([name]) => whole.test(name)) : [];
}

/** As NiFi words it. */
function attributesText({ uuid, entryDate, size, attributes }: FlowFile): string {
  const line = (name: string, value: string): string => `\n\t${name} = '${value}'`;
  const metadata = [line('id', uuid), line('entryDate', new Date(entryDate).toString()), line('fileSize', String(size))];
  const told = [...attributes].map(([name, value]) => line(name, value));
  return `${SEPARATOR}\nStandard FlowFile Metadata:${metadata.join('')}\nFlowFile Attributes:${told.join('')}\n`;
}
