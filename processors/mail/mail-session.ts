import { PropertyError } from '../../server/extension/errors.ts';
import type { SmtpServer } from '../../server/extension/smtp.ts';

const NAME = /^mail\.smtps?\.([a-z0-9.]+)$/i;
/** Those that properties of their own say. */
const STANDARD = new Set(['host', 'port', 'socketfactory.port', 'socketfactory.class', 'auth', 'starttls.enable', 'user', 'password']);
/** Names of JavaMail's that have an effect here, in lower case. */
const KNOWN = new Set([
  'connectiontimeout',
  'timeout',
  'localhost',
  'localaddress',
  'from',
  'auth.mechanisms',
  'starttls.required',
  'ssl.enable',
  'ssl.trust',
  'ssl.checkserveridentity',
  'socketfactory.fallback',
]);

const CONNECT_TIMEOUT = 30_000;
const READ_TIMEOUT = 120_000;

/** Whether JavaMail has such a property. Throws PropertyError. */
export function checkMailProperty(name: string): void {
  const key = NAME.exec(name)?.[1]?.toLowerCase();
  if (key === undefined) throw new PropertyError(`'${name}' does not start with mail.smtp. or mail.smtps.`);
  if (STANDARD.has(key)) throw new PropertyError(`'${name}' has a property of its own in PutEmail`);
  if (!KNOWN.has(key)) throw new PropertyError(`this runtime does not know '${name}'; it knows ${[...KNOWN].map((each) => `mail.smtp.${each}`).join(', ')}`);
}

/** What properties of JavaMail (`mail.smtp.timeout` ...) say of a connection. */
export interface MailSession extends Pick<SmtpServer, 'tls' | 'mechanism' | 'connectTimeout' | 'readTimeout' | 'clientName' | 'localAddress'> {
  readonly envelopeFrom: string | undefined;
  readonly requiresStartTls: boolean;
  readonly requiresTls: boolean;
}

/** `told` by name, as texts. Names are compared without regard to case. Throws PropertyError. */
export function mailSession(told: ReadonlyMap<string, string>, host: string): MailSession {
  const values = new Map([...told].map(([name, value]) => [NAME.exec(name)?.[1]?.toLowerCase() ?? name, value.trim()]));
  const isTrue = (key: string): boolean => values.get(key)?.toLowerCase() === 'true';
  return {
    connectTimeout: millis(values.get('connectiontimeout'), CONNECT_TIMEOUT),
    readTimeout: millis(values.get('timeout'), READ_TIMEOUT),
    clientName: values.get('localhost'),
    localAddress: values.get('localaddress'),
    envelopeFrom: values.get('from'),
    mechanism: values.get('auth.mechanisms')?.split(/\s+/, 1)[0],
    requiresStartTls: isTrue('starttls.required'),
    requiresTls: isTrue('ssl.enable') || values.get('socketfactory.fallback')?.toLowerCase() === 'false',
    tls: tlsOptions(values.get('ssl.trust'), values.get('ssl.checkserveridentity'), host),
  };
}

function millis(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new PropertyError(`'${text}' is not a number of milliseconds`);
  // JavaMail's 0 and less is no limit; a task that waits for ever could not be stopped.
  return Number(text) || otherwise;
}

function tlsOptions(trust: string | undefined, identity: string | undefined, host: string): SmtpServer['tls'] {
  const trusts = trust === '*' || trust?.split(/\s+/).includes(host) === true;
  return { ...(trusts ? { rejectUnauthorized: false } : {}), ...(identity?.toLowerCase() === 'false' ? { checkServerIdentity: () => undefined } : {}) };
}
