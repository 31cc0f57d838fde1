import { type ChildProcess, spawn } from 'node:child_process';
import { PassThrough, type Readable, type Writable } from 'node:stream';
import { ProcessError } from '../../server/extension/errors.ts';

export interface Command {
  readonly file: string;
  readonly args: readonly string[];
  readonly workingDirectory: string | undefined;
  /** Variables that the flow sets. */
  readonly environment: Readonly<Record<string, string>>;
  /** Whether standard error comes with standard output. */
  readonly joinsErrors: boolean;
}

export interface RunningCommand {
  readonly input: Writable;
  readonly output: Readable;
  /** Standard error, unless it comes with the output. */
  readonly errors: Readable | undefined;
  /** The exit status, when the command has ended and its output too; 128 and its number where a signal ended it, as shells have it. */
  readonly ended: Promise<number>;
  /** Ends the command and what it has started. */
  kill(): void;
}

/** What a program needs to find its way about. Nothing else of our environment is passed on: it holds secrets. */
const INHERITED = ['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LC_ALL', 'LC_CTYPE', 'TZ', 'TMPDIR', 'SystemRoot', 'ComSpec', 'PATHEXT', 'TEMP', 'TMP'];

/** How long a command that is asked to end may take before it is killed, milliseconds. */
const GRACE = 1000;

/** Signals' numbers as Linux has them, for exit statuses. */
const SIGNALS: Readonly<Record<string, number>> = { SIGHUP: 1, SIGINT: 2, SIGQUIT: 3, SIGABRT: 6, SIGKILL: 9, SIGSEGV: 11, SIGPIPE: 13, SIGTERM: 15 };

function environmentOf({ environment }: Command): Record<string, string> {
  const inherited = INHERITED.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]] as const]));
  return { ...Object.fromEntries(inherited), ...environment };
}

/** Starts a command, in a process group of its own. Throws ProcessError where it cannot be started. */
export async function startCommand(command: Command): Promise<RunningCommand> {
  const { file, args, workingDirectory } = command;
  const child = spawn(file, args, { cwd: workingDirectory, env: environmentOf(command), detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<number>((resolve) => child.once('close', (code, signal) => resolve(code ?? 128 + (SIGNALS[signal ?? ''] ?? 0))));
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) =>
      reject(new ProcessError(`The command ${file} cannot be started: ${cause.message}. Check its path, its permissions and the working directory.`, { cause })),
    );
  });
  // A command may end without having read all that it is given.
  child.stdin.on('error', () => undefined);
  const output = command.joinsErrors ? joined(child.stdout, child.stderr) : child.stdout;
  return { input: child.stdin, output, errors: command.joinsErrors ? undefined : child.stderr, ended, kill: () => killGroup(child) };
}

function joined(...sources: readonly Readable[]): Readable {
  const all = new PassThrough();
  let open = sources.length;
  for (const source of sources) source.once('end', () => --open === 0 && all.end()).pipe(all, { end: false });
  return all;
}

function killGroup(child: ChildProcess): void {
  signalGroup(child, 'SIGTERM');
  const timer = setTimeout(() => signalGroup(child, 'SIGKILL'), GRACE);
  child.once('close', () => clearTimeout(timer));
}

/** A group outlives its leader: what a command has left running in the background ends too. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal);
  } catch {
    // All of it has ended.
  }
}

/** Ends the command where the signal fires before `work` has ended, or `work` fails. */
export async function killedWith<T>(signal: AbortSignal, command: RunningCommand, work: () => Promise<T>): Promise<T> {
  const kill = (): void => command.kill();
  if (signal.aborted) kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    return await work();
  } catch (thrown) {
    kill();
    throw thrown;
  } finally {
    signal.removeEventListener('abort', kill);
  }
}

/** The first bytes of a stream, which is read to its end. */
export async function beginning(stream: AsyncIterable<Uint8Array>, maximum: number): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let length = 0;
  for await (const piece of stream) {
    if (length >= maximum) continue;
    pieces.push(piece.subarray(0, maximum - length));
    length += piece.length;
  }
  return Buffer.concat(pieces);
}
