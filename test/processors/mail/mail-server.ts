import { SMTPServer } from 'smtp-server';
import { generate } from 'selfsigned';
import type { AddressInfo } from 'node:net';

export interface ReceivedMail {
  readonly from: string;
  readonly to: readonly string[];
  readonly user: string | undefined;
  readonly isEncrypted: boolean;
  readonly text: string;
}

export interface MailServerOptions {
  /** TLS from the first byte. */
  readonly secure?: boolean;
  readonly offersStartTls?: boolean;
  /** Names and passwords, or tokens; nobody needs to log in where there are none. */
  readonly users?: Readonly<Record<string, string>>;
  readonly refuses?: readonly string[];
}

/** A mail server on a free port of the loopback interface, which keeps what it is sent. */
export async function mailServer({ secure = false, offersStartTls = true, users, refuses = [] }: MailServerOptions = {}) {
  const received: ReceivedMail[] = [];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'localhost' }], { keyType: 'ec' });
  const server = new SMTPServer({
    secure,
    key,
    cert,
    disabledCommands: [...(offersStartTls ? [] : ['STARTTLS']), ...(users ? [] : ['AUTH'])],
    authOptional: users === undefined,
    allowInsecureAuth: true,
    authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onAuth({ username, password, accessToken, validatePassword }, _session, done) {
      const known = users?.[username ?? ''];
      const fits = known !== undefined && (accessToken === known || password === known || (password === undefined && accessToken === undefined && validatePassword(known)));
      done(fits ? null : new Error('Invalid username or password'), fits ? { user: username } : undefined);
    },
    onRcptTo: ({ address }, _session, done) => done(refuses.includes(address) ? new Error(`550 ${address} is unknown here`) : null),
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        received.push({
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          user: session.user as string | undefined,
          isEncrypted: session.secure === true,
          text: Buffer.concat(pieces).toString('latin1'),
        });
        done(null);
      });
    },
  });
  // A client that turns away from the certificate is what some tests want.
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return { port: String(port), received, cert, close: () => new Promise<void>((resolve) => server.close(resolve)) };
}
