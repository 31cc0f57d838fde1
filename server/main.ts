#!/usr/bin/env node
import { Command } from 'commander';
import { ConfigError, configOf, type StartFlags } from './config.ts';
import { StorageError } from './engine/repositories.ts';
import { readDefinition } from './example.ts';
import { version } from './version.ts';

const DEFAULT_PORT = '8080';

/** Commands load what they need when they run, so that `--help` answers at once. */
const program = new Command('millrace').description("A visual flow runtime for customer data: Apache NiFi's model and REST API in one small Node process.").version(version);

program
  .command('start', { isDefault: true })
  .description('serves the REST API and the canvas')
  .option('--host <host>', 'address to listen on', '127.0.0.1')
  .option('--port <port>', 'port to listen on; 0 for any free one', DEFAULT_PORT)
  .option('--data <directory>', 'where everything is stored', 'data')
  .option('--auth <none|login>', 'who may enter; none is allowed on loopback addresses only', 'none')
  .option('--time-zone <zone>', "time zone of cron schedules; the machine's own if left out")
  .option('--no-example', 'leave an empty canvas empty')
  .action(async (flags: StartFlags) => {
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
  .option('--verbose', 'shows the log')
  .action(async (flow: string, flags: { param?: string[]; data: string; verbose?: boolean }) => {
    const { runCommand } = await import('./run-command.ts');
    process.exitCode = await runCommand(readDefinition(flow), flags);
  });

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

