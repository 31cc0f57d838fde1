import { createInterface } from 'node:readline';
import type { ComponentContext, ComponentLog } from '../../server/extension/component.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { splitArguments } from './arguments.ts';
import { killedWith, type RunningCommand, startCommand } from './child-process.ts';
import { oneCharacter, RESTRICTIONS } from './command-properties.ts';
import { LineBatches } from './line-batches.ts';

const properties = {
  command: property.text('Command', 'The program', { required: true, expressions: 'environment' }),
  args: property.text('Command Arguments', 'The arguments, with the delimiter between them; double quotes hold one together', { expressions: 'environment' }),
  batch: property.duration('Batch Duration', 'For commands that run for long: how long lines are gathered for one FlowFile'),
  joinsErrors: property.boolean('Redirect Error Stream', 'Whether standard error comes with the output; otherwise its lines are warnings', { default: 'false', required: false }),
  workingDirectory: property.text('Working Directory', 'Where the command runs', { expressions: 'environment' }),
  delimiter: property.text('Argument Delimiter', 'One character', { default: ' ', validate: oneCharacter }),
  mimeType: property.text('MIME Type', 'The kind of the output: the attribute mime.type, unless lines are gathered'),
};

/** A command that runs for long, from one task to the next. */
interface Running {
  current: { readonly command: RunningCommand; readonly lines: LineBatches } | undefined;
  isBusy: boolean;
}

type Context = ProcessContext<typeof properties, Running>;

async function start({ properties: { command: file, args, delimiter, joinsErrors = false, workingDirectory }, dynamic, log }: Context): Promise<RunningCommand> {
  const environment = Object.fromEntries([...dynamic].map(([name, value]) => [name, value()]));
  const split = args === undefined ? [] : splitArguments(args, delimiter);
  const command = await startCommand({ file, args: split, workingDirectory: workingDirectory || undefined, environment, joinsErrors });
  command.input.end();
  if (command.errors) createInterface({ input: command.errors }).on('line', (line) => line !== '' && log.warn(line));
  void command.ended.then((status) => tellEnd(log, file, status));
  return command;
}

function tellEnd(log: ComponentLog, file: string, status: number): void {
  if (status === 0) log.info(`The command ${file} has ended.`);
  else log.warn(`The command ${file} has ended with status ${status}.`);
}

async function deliver(session: ProcessSession<'success'>, output: AsyncIterable<Uint8Array>, { properties: { command, args, batch, mimeType } }: Context): Promise<void> {
  const flowFile = await session.writeStream(session.create(), output);
  if (flowFile.size === 0) return session.remove(flowFile);
  const attributes: Record<string, string> = { command };
  if (args !== undefined) attributes['command.arguments'] = args;
  if (batch === undefined && mimeType !== undefined) attributes['mime.type'] = mimeType;
  session.transfer(session.putAttributes(flowFile, attributes), 'success');
}

/** One command a task: its whole output is one FlowFile. */
async function runOnce(session: ProcessSession<'success'>, context: Context): Promise<void> {
  const command = await start(context);
  await killedWith(context.signal, command, async () => {
    await deliver(session, command.output, context);
    await command.ended;
  });
}

/** One command for many tasks: each takes what it has written meanwhile. */
async function runOn(session: ProcessSession<'success'>, context: Context, batch: number): Promise<void> {
  const { client, signal } = context;
  if (client.isBusy) return context.yield();
  client.isBusy = true;
  try {
    if (!client.current || client.current.lines.isDone) {
      const command = await start(context);
      client.current = { command, lines: new LineBatches(command.output) };
    }
    await deliver(session, client.current.lines.next(batch, signal), context);
  } finally {
    client.isBusy = false;
  }
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Runs a command and makes a FlowFile of its output. A property that you add is a variable of its environment.',
  tags: ['command', 'process', 'source', 'external', 'invoke', 'script', 'restricted'],
  restrictions: RESTRICTIONS,
  input: 'forbidden',
  properties,
  dynamicProperties: { description: 'A variable of the environment', name: 'An environment variable name', value: 'An environment variable value', expressions: 'none' },
  relationships: { success: 'FlowFiles with output' },
  writesAttributes: { command: 'The program', 'command.arguments': 'Its arguments', 'mime.type': 'What MIME Type says' },
  onScheduled: (_: ComponentContext<typeof properties>): Running => ({ current: undefined, isBusy: false }),
  async onTrigger(session, context) {
    const { batch } = context.properties;
    await (batch === undefined ? runOnce(session, context) : runOn(session, context, batch));
  },
  onStopped: async ({ current }) => {
    current?.command.kill();
    current?.command.output.resume();
    await current?.command.ended;
  },
});
