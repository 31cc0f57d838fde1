import type { Readable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { messageOf, ProcessError } from './errors.ts';

/** How to reach a mail server. Times in milliseconds. */
export interface SmtpServer {
  readonly host: string;
  readonly port: number;
  /**
   * `first`: TLS from the first byte, and without it where the server turns out not to speak it; `only`: never without; `none`: not from the
   * first byte.
   */
  readonly implicitTls: 'first' | 'only' | 'none';
  /** Whether STARTTLS is used: where the server offers it, or always. */
  readonly startTls: 'never' | 'offered' | 'always';
  readonly tls?: ConnectionOptions;
  readonly credentials?: { readonly user: string; readonly password: string } | { readonly user: string; readonly token: string };
  /** The mechanism of RFC 4954 to log in with, such as PLAIN, LOGIN or CRAM-MD5; otherwise the best that the server offers. */
  readonly mechanism?: string;
  readonly connectTimeout: number;
  readonly readTimeout: number;
  /** What the client calls itself in EHLO. */
  readonly clientName?: string;
  readonly localAddress?: string;
}

/** Bytes of a mail; asked for again where it must be sent anew. */
export type MailContent = () => Readable | Buffer;

/** A mail whose parts are in their final form: nothing is decoded or guessed. */
export interface Mail {
  /** Lists of addresses as RFC 5322 writes them, with commas between. */
  readonly from: string;
  readonly to?: string;
  readonly cc?: string;
  readonly bcc?: string;
  readonly replyTo?: string;
  readonly subject: string;
  /** Where answers about delivery go, in place of the first of `from`. */
  readonly envelopeFrom?: string;
  /** Further headers; they cannot take the place of those above. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly date: Date;
  /** With its character set, such as `text/plain; charset=UTF-8`. */
  readonly contentType: string;
  readonly content: MailContent;
  readonly attachments?: readonly { readonly filename: string; readonly contentType: string; readonly content: MailContent }[];
}

type Mailer = typeof import('nodemailer');
type MimeNode = import('nodemailer/lib/mime-node').default;

/** Who sends, who gets it, and of what kind it is says nobody but the mail itself. */
const RESERVED = /^(from|sender|to|cc|bcc|reply-to|subject|date|message-id|mime-version|content-.*|return-path)$/i;
const HEADER_NAME = /^[\x21-\x39\x3b-\x7e]+$/;
const ADDRESS = /^[^\s<>@,;]+(@[^\s<>@,;]+)?$/;

/**
 * Sends one mail over a connection of its own and returns who it goes to. Throws ProcessError that says what keeps it from being sent; a server
 * that refuses some of the recipients has sent it to the others.
 */
export async function sendMail(server: SmtpServer, mail: Mail): Promise<readonly string[]> {
  const nodemailer = await import('nodemailer');
  const { default: Node } = await import('nodemailer/lib/mime-node');
  const { default: parse } = await import('nodemailer/lib/addressparser');
  const recipients = [...addresses(mail.to, 'To', parse), ...addresses(mail.cc, 'CC', parse), ...addresses(mail.bcc, 'BCC', parse)];
  if (recipients.length === 0) throw new ProcessError('The mail has no recipient: To, CC and BCC give nothing.');
  const [sender] = addresses(mail.from, 'From', parse);
  if (sender === undefined) throw new ProcessError('The mail has no sender: From gives nothing.');
  addresses(mail.replyTo, 'Reply-To', parse);
  const envelope = { from: mail.envelopeFrom ?? sender, to: recipients };
  const send = (secure: boolean): Promise<void> => deliver(nodemailer, { server, secure }, envelope, () => compose(Node, mail));
  if (server.implicitTls === 'none') await send(false);
  else
    await send(true).catch((thrown: unknown) => {
      if (server.implicitTls === 'only' || !speaksNoTls(thrown)) throw thrown;
      return send(false);
    });
  return recipients;
}

/** A server that greets in the clear. One whose certificate is not trusted is another matter: nothing is sent to it. */
const speaksNoTls = (thrown: unknown): boolean => /wrong version number|packet length too long/i.test(messageOf(thrown));

function addresses(text: string | undefined, property: string, parse: typeof import('nodemailer/lib/addressparser').default): string[] {
  if (text === undefined || text.trim() === '') return [];
  const parsed = parse(text, { flatten: true });
  // The parser makes the best of anything: of `ann@exam ple.org` it would make ann@exam.
  const isGuessed = ({ name, address = '' }: { name: string; address?: string }): boolean => name !== '' && !text.includes(`<${address}>`) && !text.includes('(');
  if (parsed.length === 0 || parsed.some((one) => !ADDRESS.test(one.address ?? '') || isGuessed(one)))
    throw new ProcessError(`${property} '${text}' is not a list of mail addresses.`);
  return parsed.map(({ address }) => address!);
}

async function deliver(
  nodemailer: Mailer,
  { server, secure }: { server: SmtpServer; secure: boolean },
  envelope: { from: string; to: string[] },
  open: () => MimeNode,
): Promise<void> {
  const transport = nodemailer.createTransport({ ...settings(server), secure, ...login(server) });
  try {
    const { rejected, response } = await transport.sendMail({ envelope, raw: open().createReadStream() });
    if (rejected.length > 0) throw new ProcessError(`${server.host} has sent the mail, but not to ${rejected.join(', ')}, whom it refuses: ${response}`);
  } catch (thrown) {
    if (thrown instanceof ProcessError) throw thrown;
    throw new ProcessError(`${server.host}:${server.port} does not take the mail: ${messageOf(thrown)}`, { cause: thrown });
  } finally {
    transport.close();
  }
}

function settings({ host, port, startTls, tls, connectTimeout, readTimeout, clientName, localAddress }: SmtpServer) {
  return {
    host,
    port,
    tls,
    name: clientName,
    localAddress,
    ignoreTLS: startTls === 'never',
    requireTLS: startTls === 'always',
    connectionTimeout: connectTimeout,
    greetingTimeout: readTimeout,
    socketTimeout: readTimeout,
  };
}

function login({ credentials, mechanism }: SmtpServer) {
  if (!credentials) return {};
  if ('token' in credentials) return { auth: { type: 'OAuth2', user: credentials.user, accessToken: credentials.token } };
  return { auth: { user: credentials.user, pass: credentials.password, method: mechanism } };
}

function compose(Node: typeof import('nodemailer/lib/mime-node').default, mail: Mail): MimeNode {
  const { attachments = [] } = mail;
  const root = new Node(attachments.length > 0 ? 'multipart/mixed' : mail.contentType);
  for (const [name, value] of mail.headers ?? []) if (HEADER_NAME.test(name) && !RESERVED.test(name)) root.setHeader(name, value);
  root.setHeader({ from: mail.from, subject: mail.subject, date: mail.date.toUTCString().replace('GMT', '+0000') });
  const { to, cc, replyTo } = mail;
  for (const [name, value] of Object.entries({ to, cc, 'reply-to': replyTo })) if (value !== undefined && value.trim() !== '') root.setHeader(name, value);
  encoded(attachments.length > 0 ? root.createChild(mail.contentType) : root, mail.content);
  for (const { filename, contentType, content } of attachments) {
    const part = root.createChild(contentType, { filename });
    part.setHeader('Content-Disposition', 'attachment');
    encoded(part, content);
  }
  return root;
}

/** Base64 carries bytes as they are, whatever their character set and line ends. */
function encoded(part: MimeNode, content: MailContent): void {
  part.setHeader('Content-Transfer-Encoding', 'base64');
  part.setContent(content());
}
