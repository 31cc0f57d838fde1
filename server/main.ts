#!/usr/bin/env node
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Command } from 'commander';
import { AUDIT_FILE, ConfigError, configOf, keyOf, type StartFlags } from './config.ts';
import { StorageError } from './engine/repositories.ts';
import { readDefinition } from './example.ts';
import { version } from './version.ts';

const DEFAULT_PORT = '8080';

/**
 * How much the old objects may grow beyond those that are alive before V8 collects them, percent. Its own choice, 300 where the machine has
 * memory, let the conversion of 120 MB of CSV into Parquet have 240 MB instead of 190; the processor time is the same.
 */
const HEAP_GROWTH = 100;

/** Commands load what they need when they run, so that `--help` answers at once. */
const program = new Command('millrace').description("A visual flow runtime for customer data: Apache NiFi's model and REST API in one small Node process.").version(version);

program
  .command('start', { isDefault: true })
  .description('serves the REST API and the canvas')
  .option('--host <host>', 'address to listen on', '127.0.0.1')
  .option('--port <port>', 'port to listen on; 0 for any free one', DEFAULT_PORT)
  .option('--data <directory>', 'where everything is stored', 'data')
  .option('--auth <none|login>', 'whether users must log in; none is allowed on loopback addresses only', 'login')
  .option('--tls-key <file>', 'serves HTTPS with this private key (PEM)')
  .option('--tls-cert <file>', 'and this certificate (PEM)')
  .option('--tls-self-signed', 'serves HTTPS with a certificate that the server signs for itself')
  .option('--time-zone <zone>', "time zone of cron schedules; the machine's own if left out")
  .option('--allow-outgoing <hosts>', 'components connect to these hosts only, such as api.example.com:443,*.example.org,10.1.0.0/16; to any if left out')
  .option('--no-example', 'leave an empty canvas empty')
  .action(async (flags: StartFlags) => {
    setFlagsFromString(`--heap-growing-percent=${HEAP_GROWTH}`);
    const config = configOf(flags, process.env);
    const { serve } = await import('./serve.ts');
    await serve(config);
  });

program
  .command('run')
  .description('runs a flow definition without a server until its queues are empty')
  .argument('<flow>', 'a NiFi flow definition, such as flows/customer-segments.json')
  .option('--param <Context.Name=value...>', 'sets parameters')
  .option('--data <directory>', "where the flow's embedded databases are kept", 'data')
  .option('--allow-outgoing <hosts>', 'components connect to these hosts only, such as api.example.com:443,*.example.org,10.1.0.0/16; to any if left out')
  .option('--verbose', 'shows the log')
  .action(async (flow: string, flags: { param?: string[]; data: string; verbose?: boolean; allowOutgoing?: string }) => {
    const { runCommand } = await import('./run-command.ts');
    process.exitCode = await runCommand(readDefinition(flow), flags);
  });

const user = program.command('user').description('who may log in');

user
  .command('set-password')
  .description('reads a password from the terminal or the standard input and sets it; makes the user where there is none')
  .argument('<name>', 'such as admin')
  .option('--data <directory>', 'where everything is stored', 'data')
  .action(async (name: string, { data }: { data: string }) => {
    const [{ askPassword }, { Users }] = await Promise.all([import('./security/ask-password.ts'), import('./security/users.ts')]);
    const password = await askPassword(name, process.stdin, process.stderr);
    const db = await userDatabase(data);
    const done = await new Users(db, Date.now).setPassword(name, password).finally(() => db.close());
    console.log(
      done === 'created'
        ? `The user ${name} was made, and may do what policies allow.`
        : `The password of ${name} was changed; whoever was logged in with the old one is not any more.`,
    );
  });

user
  .command('list')
  .description('shows the users, their groups, and who administers')
  .option('--data <directory>', 'where everything is stored', 'data')
  .action(async ({ data }: { data: string }) => {
    const { AccessControl } = await import('./security/access-control.ts');
    const db = await userDatabase(data);
    try {
      for (const line of new AccessControl(db).describeUsers()) console.log(line);
    } finally {
      db.close();
    }
  });

program
  .command('key')
  .description('the key that sensitive values are encrypted with')
  .command('rotate')
  .description('encrypts everything with a new key, while the server is stopped; run it again where it was interrupted')
  .option('--data <directory>', 'where everything is stored', 'data')
  .action(async ({ data }: { data: string }) => {
    const [{ lockDirectory, openDatabase }, { rotateKey }] = await Promise.all([import('./repository/database.ts'), import('./security/rotate-key.ts')]);
    const [key, nextKey] = [keyOf(process.env, 'MILLRACE_KEY'), keyOf(process.env, 'MILLRACE_NEW_KEY')];
    const lock = lockDirectory(data);
    const db = openDatabase(path.join(data, 'millrace.db'));
    try {
      const steps = rotateKey({ directory: data, db, key, nextKey });
      let step = steps.next();
      while (!step.done) step = steps.next();
      const where = nextKey === undefined ? `in ${path.join(data, 'secret.key')}` : 'the one that you gave: start Millrace with it from now on';
      console.log(`${step.value} sensitive values are encrypted with a new key, ${where}. Backups made before need the old one.`);
    } finally {
      db.close();
      lock.release();
    }
  });

const audit = program.command('audit').description('who did what to this data directory, and when');

audit
  .command('verify')
  .description('checks that no line of the audit was changed, taken out or put in; exits with 1 and names the first line that is not as it was written')
  .option('--head <hash>', 'a head that an earlier verification told: shows whether lines were cut off at the end')
  .option('--after <hash>', 'the head of the files that were moved to an archive, which the first line must follow')
  .option('--data <directory>', 'where everything is stored', 'data')
  .action(async ({ data, ...known }: { data: string; head?: string; after?: string }) => {
    const { verifyAudit } = await import('./security/verify-audit.ts');
    const verdict = await verifyAudit(path.join(data, AUDIT_FILE), known);
    const isBroken = 'broken' in verdict;
    if (isBroken) console.error(`The audit is broken at line ${verdict.broken} of ${verdict.file}: ${verdict.reason}.`);
    else if (verdict.hasHead) console.log(`All ${verdict.lines} lines of the audit are as they were written. Head: ${verdict.head}`);
    else console.error(`The ${verdict.lines} lines of the audit follow one another, but the head ${known.head} is not among them: lines were cut off, or all were written anew.`);
    process.exitCode = isBroken || !verdict.hasHead ? 1 : 0;
  });

audit
  .command('export')
  .description('writes the audit to the standard output as JSON lines')
  .option('--data <directory>', 'where everything is stored', 'data')
  .action(async ({ data }: { data: string }) => {
    const [{ presentFiles }, { readFiles }, { pipeline }] = await Promise.all([
      import('./security/verify-audit.ts'),
      import('./security/audit-files.ts'),
      import('node:stream/promises'),
    ]);
    await pipeline(readFiles(presentFiles(path.join(data, AUDIT_FILE))), process.stdout);
  });

/** Opens the users of a data directory: its database is made or brought up to date first, unless a running server has it and did so. */
async function userDatabase(directory: string) {
  const [{ lockDirectory, openDatabase }, { openUserDatabase }] = await Promise.all([import('./repository/database.ts'), import('./security/users.ts')]);
  const file = path.join(directory, 'millrace.db');
  const lock = unlessInUse(() => lockDirectory(directory));
  try {
    if (lock) openDatabase(file).close();
    return openUserDatabase(file);
  } finally {
    lock?.release();
  }
}

function unlessInUse<T>(take: () => T): T | undefined {
  try {
    return take();
  } catch (failure) {
    if (failure instanceof StorageError) return undefined;
    throw failure;
  }
}

try {
  await program.parseAsync();
} catch (thrown) {
  // What a person did wrong is told in a sentence; what we did wrong with its stack.
  const expected = thrown instanceof ConfigError || thrown instanceof StorageError || !isBug(thrown);
  console.error(expected ? `millrace: ${(thrown as Error).message}` : thrown);
  process.exitCode = 1;
}

function isBug(thrown: unknown): boolean {
  return !(thrown instanceof Error) || thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError;
}
