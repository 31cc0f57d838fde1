import { readFileSync } from 'node:fs';
import path from 'node:path';
import { createSecureContext } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { OutgoingRules } from './extension/outgoing-rules.ts';
import { keyFromCommand } from './security/key-command.ts';

/** Everything that flags and environment decide, once and for all. */
export interface Config {
  readonly host: string;
  /** 0 means any free port. */
  readonly port: number;
  readonly dataDirectory: string;
  readonly auth: 'none' | 'login';
  /** Key and certificate (PEM) to serve HTTPS with, or whether the server signs its own; undefined for HTTP. */
  readonly tls: { readonly key: string; readonly cert: string } | 'self-signed' | undefined;
  /** Time zone of cron schedules; undefined for the machine's own. */
  readonly timeZone: string | undefined;
  /** The key for sensitive values, where the environment gives it. */
  readonly key: string | undefined;
  /** Whether an empty data directory gets the example connector. */
  readonly example: boolean;
  /** Which hosts components may connect to; undefined for all. */
  readonly outgoing: OutgoingRules | undefined;
}

/** Flags as the command line gives them. */
export interface StartFlags {
  readonly host: string;
  readonly port: string;
  readonly data: string;
  readonly auth: string;
  /** Files. */
  readonly tlsKey?: string;
  readonly tlsCert?: string;
  readonly tlsSelfSigned?: boolean;
  readonly timeZone?: string;
  readonly example: boolean;
  readonly allowOutgoing?: string;
}

/** What is wrong with flags or environment, worded for the person who typed them. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** The folder of the installation: the project's own, or dist/ when compiled. */
const codeDirectory = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const projectDirectory = path.basename(codeDirectory) === 'dist' ? path.dirname(codeDirectory) : codeDirectory;

/** Where the parts of the installation are. */
export const places = {
  project: projectDirectory,
  processors: path.join(codeDirectory, 'processors'),
  flows: path.join(projectDirectory, 'flows'),
  ui: path.join(projectDirectory, 'dist', 'ui'),
} as const;

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|::1)$/;

/** Whether only this machine can reach the address. */
export function isLoopback(host: string): boolean {
  return LOOPBACK.test(host);
}

/** Checks the flags. Throws ConfigError. */
export function configOf(flags: StartFlags, environment: NodeJS.ProcessEnv): Config {
  const port = Number(flags.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new ConfigError(`--port ${flags.port} is not a port. Give a number from 0 (any free one) to 65535.`);
  checkAuth(flags.auth, flags.host);
  checkTimeZone(flags.timeZone);
  return Object.freeze({
    host: flags.host,
    port,
    dataDirectory: path.resolve(flags.data),
    auth: flags.auth as Config['auth'],
    tls: tlsOf(flags),
    timeZone: flags.timeZone,
    key: keyOf(environment, 'MILLRACE_KEY'),
    example: flags.example,
    outgoing: outgoingRules(flags.allowOutgoing ?? environment.MILLRACE_ALLOW_OUTGOING),
  });
}

/** A list of hosts that may be connected to. Throws ConfigError. */
export function outgoingRules(text: string | undefined): OutgoingRules | undefined {
  try {
    return text === undefined ? undefined : OutgoingRules.parse(text);
  } catch (cause) {
    throw new ConfigError(
      `--allow-outgoing: ${(cause as Error).message}. Give hosts, patterns and addresses with commas between, such as api.example.com:443,*.example.org,10.1.0.0/16.`,
      {
        cause,
      },
    );
  }
}

function checkAuth(auth: string, host: string): void {
  if (auth === 'login') return;
  if (auth !== 'none') throw new ConfigError(`--auth ${auth} is unknown. Use none or login.`);
  if (!isLoopback(host))
    throw new ConfigError(`--auth none lets everybody in, so it is allowed on a loopback address only, not on ${host}. Use --host 127.0.0.1, or --auth login.`);
}

function tlsOf({ tlsKey, tlsCert, tlsSelfSigned }: StartFlags): Config['tls'] {
  if (tlsSelfSigned && (tlsKey !== undefined || tlsCert !== undefined))
    throw new ConfigError('--tls-self-signed makes a key and a certificate. Give either that, or --tls-key and --tls-cert.');
  if (tlsSelfSigned) return 'self-signed';
  if (tlsKey === undefined && tlsCert === undefined) return undefined;
  if (tlsKey === undefined || tlsCert === undefined) throw new ConfigError('HTTPS takes a key and its certificate. Give both --tls-key and --tls-cert.');
  const [key, cert] = [readPem('--tls-key', tlsKey), readPem('--tls-cert', tlsCert)];
  try {
    createSecureContext({ key, cert });
  } catch (cause) {
    throw new ConfigError(
      `--tls-key ${tlsKey} and --tls-cert ${tlsCert} do not make a key and its certificate (${(cause as Error).message}). Give two PEM files that belong together.`,
      { cause },
    );
  }
  return { key, cert };
}

function readPem(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${flag} ${file} cannot be read (${(cause as Error).message}). Give a PEM file that this user may read.`, { cause });
  }
}

function checkTimeZone(timeZone: string | undefined): void {
  if (timeZone === undefined) return;
  try {
    new Intl.DateTimeFormat('en', { timeZone });
  } catch {
    throw new ConfigError(`--time-zone ${timeZone} is unknown. Give a name of the IANA time zone database, such as Europe/Berlin.`);
  }
}

/**
 * The key for sensitive values that the environment gives, or a command that it names (`<name>_COMMAND`). Throws ConfigError
 * and StorageError.
 */
export function keyOf(environment: NodeJS.ProcessEnv, name: 'MILLRACE_KEY' | 'MILLRACE_NEW_KEY'): string | undefined {
  const [given, command] = [environment[name], environment[`${name}_COMMAND`]];
  if (given !== undefined && command !== undefined) throw new ConfigError(`Both ${name} and ${name}_COMMAND give a key. Leave one of them out.`);
  return given ?? keyFromCommand(command, `${name}_COMMAND`);
}

/** The audit's name in the data directory. */
export const AUDIT_FILE = 'audit.jsonl';
