import { setTimeout as delay } from 'node:timers/promises';
import type { LogLevel, VerificationStep } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ConnectionPool } from './connection-pool.ts';
import { faultOf, type RemoteAddress, type RemoteConnection } from './remote-files.ts';

/** What a processor needs to reach servers of files, whatever they speak. */
export interface Transfers {
  readonly protocol: 'sftp' | 'ftp';
  readonly pool: ConnectionPool;
  /** Throws ProcessError where a property gives no address. */
  address(flowFile?: FlowFile): RemoteAddress;
}

/** Throws ProcessError where a text is not the number of a port. */
export function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text.trim()) ? Number(text) : 0;
  if (port < 1 || port > 65_535) throw new ProcessError(`Port gives '${text}', which is not a number from 1 to 65535.`);
  return port;
}

/** Log levels by NiFi's names; what is missing is not logged. */
export const LOG_LEVELS: Readonly<Record<string, LogLevel | undefined>> = {
  TRACE: 'debug',
  DEBUG: 'debug',
  INFO: 'info',
  WARN: 'warn',
  ERROR: 'error',
  FATAL: 'error',
};

/** `sftp://host:22/directory/file`, for provenance. */
export function transitUri(protocol: string, { host, port }: RemoteAddress, path: string): string {
  return `${protocol}://${host}:${port}/${encodeURI(path.replace(/^\//, ''))}`;
}

/** A connection that broke meanwhile is no reason to leave a file behind: so many attempts, so many milliseconds apart. */
const ATTEMPTS = 3;
const PAUSE = 500;

/** Runs once what was read is stored; a failure is told, as the FlowFile has gone its way already. */
export function finish(
  { pool }: Transfers,
  address: RemoteAddress,
  log: { warn(message: string): void },
  told: string,
  work: (connection: RemoteConnection) => Promise<void>,
): void {
  const attempt = async (left: number): Promise<void> => {
    try {
      await pool.use(address, new AbortController().signal, work);
    } catch (thrown) {
      if (faultOf(thrown) !== 'lost' || left === 0) return log.warn(`${told}: ${messageOf(thrown)}`);
      await delay(PAUSE);
      await attempt(left - 1);
    }
  };
  void attempt(ATTEMPTS - 1);
}

/** "Test connection": logs in, and looks whether a directory can be listed. */
export async function verifyTransfers({ signal }: { readonly signal: AbortSignal }, { pool, address }: Transfers, directory: string | undefined): Promise<VerificationStep[]> {
  const step = (name: string, outcome: VerificationStep['outcome'], explanation: string): VerificationStep => ({ name, outcome, explanation });
  const steps: VerificationStep[] = [];
  try {
    const to = address();
    await pool.use(to, signal, async (connection) => {
      steps.push(step('Log in', 'SUCCESSFUL', `${to.user} is logged in at ${to.host}:${to.port}`));
      if (directory === undefined) return;
      const found = await connection.list(directory || connection.home);
      steps.push(step('List the directory', 'SUCCESSFUL', `${directory} holds ${found.length} names`));
    });
  } catch (thrown) {
    steps.push(step(steps.length === 0 ? 'Log in' : 'List the directory', 'FAILED', messageOf(thrown)));
  }
  await pool.close();
  return steps;
}
