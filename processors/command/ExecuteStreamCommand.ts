import { mkdir } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { choices } from '../../server/extension/choices.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { argumentsOf, type DynamicArguments, dynamicArguments } from './command-arguments.ts';
import { beginning, killedWith, type RunningCommand, startCommand } from './child-process.ts';
import { oneCharacter, RESTRICTIONS } from './command-properties.ts';

/** Bytes of standard error that become an attribute. */
const ERRORS = 4000;
/** A command that ends before it has read everything, such as head, is no failure. */
const ENDED_EARLY = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ERR_STREAM_DESTROYED']);

const properties = {
  workingDirectory: property.text('Working Directory', 'Where the command runs; it is made where it does not exist', { expressions: 'flowfile' }),
  command: property.text('Command Path', 'The program', { required: true, expressions: 'flowfile' }),
  strategy: property.choice('Command Arguments Strategy', 'Where arguments come from', choices('Command Arguments Property', 'Dynamic Property Arguments'), {
    default: 'Command Arguments Property',
    required: false,
  }),
  args: property.text('Command Arguments', 'The arguments, with the delimiter between them; double quotes hold one together', {
    expressions: 'flowfile',
    dependsOn: { 'Command Arguments Strategy': ['Command Arguments Property'] },
  }),
  delimiter: property.text('Argument Delimiter', 'One character', {
    default: ';',
    validate: oneCharacter,
    dependsOn: { 'Command Arguments Strategy': ['Command Arguments Property'] },
  }),
  ignoresInput: property.boolean('Ignore STDIN', 'Whether the content is kept from the command', { default: 'false', required: false }),
  attribute: property.text('Output Destination Attribute', 'The attribute of the FlowFile that gets the output, instead of a new FlowFile'),
  attributeSize: property.integer('Max Attribute Length', 'How many bytes of the output an attribute gets at most', { default: '256', required: false }),
  mimeType: property.text('Output MIME Type', 'The kind of the output: the attribute mime.type of the new FlowFile'),
};

const original = 'The FlowFiles whose content was given to the command, with how it ended';
const relationships = {
  'output stream': 'FlowFiles with the output of commands that ended with status 0',
  original,
  'nonzero status': 'FlowFiles with the output of commands that ended with another status',
};

type Context = ProcessContext<typeof properties, DynamicArguments>;
type StreamSession = ProcessSession<keyof typeof relationships>;

async function start(flowFile: FlowFile, args: readonly string[], { properties: values, client, dynamic, log }: Context): Promise<RunningCommand> {
  const folder = values.workingDirectory(flowFile)?.trim() || undefined;
  if (folder !== undefined) await mkdir(folder, { recursive: true }).catch((cause: Error) => log.warn(`The working directory ${folder} cannot be made: ${cause.message}`));
  const variables = [...dynamic].filter(([name]) => !client.has(name)).map(([name, value]) => [name, value()] as const);
  return startCommand({ file: values.command(flowFile), args, workingDirectory: folder, environment: Object.fromEntries(variables), joinsErrors: false });
}

async function feed(session: StreamSession, flowFile: FlowFile, { input }: RunningCommand, ignores: boolean): Promise<void> {
  if (ignores || flowFile.size === 0) input.end();
  else
    await pipeline(session.readStream(flowFile), input).catch((cause: NodeJS.ErrnoException) => {
      if (!ENDED_EARLY.has(cause.code ?? '')) throw cause;
    });
}

/** Where the output goes: a new FlowFile, or an attribute of the old one. */
async function collect(session: StreamSession, flowFile: FlowFile, { output }: RunningCommand, { properties: { attribute, attributeSize = 256 } }: Context): Promise<FlowFile> {
  if (attribute === undefined) return session.writeStream(session.create(flowFile), output);
  const bytes = await beginning(output, attributeSize);
  return session.putAttribute(flowFile, attribute, new TextDecoder().decode(bytes, { stream: true }));
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Gives the content of each FlowFile to a command, and makes a FlowFile of its output. A property that you add is a variable of its environment.',
  tags: ['command execution', 'command', 'stream', 'execute', 'restricted'],
  restrictions: RESTRICTIONS,
  input: 'required',
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'A variable of the environment; command.argument.N an argument, in the order of the numbers, which may look at the FlowFile',
    name: 'An environment variable name',
    value: 'An environment variable value',
    expressions: 'none',
  },
  relationships,
  relationshipsFor: (texts) => (texts.has('Output Destination Attribute') ? { original } : relationships),
  writesAttributes: {
    'execution.command': 'The program',
    'execution.command.args': 'Its arguments; secrets are masked',
    'execution.status': 'The exit status',
    'execution.error': 'The beginning of standard error',
    'mime.type': 'What Output MIME Type says',
  },
  onScheduled: (context: ComponentContext<typeof properties>) => dynamicArguments(context),
  async onTrigger(session, context) {
    const given = session.get();
    if (!given) return;
    const { properties: values, client, signal, name, log } = context;
    const { args, told } = argumentsOf(given, { ...values, byProperty: values.strategy === 'Dynamic Property Arguments' ? client : undefined });
    const command = await start(given, args, context);
    const [output, status, errors] = await killedWith(signal, command, () =>
      Promise.all([collect(session, given, command, context), command.ended, beginning(command.errors!, ERRORS), feed(session, given, command, values.ignoresInput === true)]),
    );
    if (signal.aborted) throw new ProcessError(`${name} was stopped while its command ran: the command was ended, and the FlowFile stays.`);
    const attributes = { 'execution.status': String(status), 'execution.error': errors.toString(), 'execution.command': values.command(given), 'execution.command.args': told };
    if (status !== 0) log.error(`${name}: the command ended with status ${status}: ${attributes['execution.error']}`);
    const kind: Record<string, string> = values.mimeType === undefined || values.attribute !== undefined ? {} : { 'mime.type': values.mimeType };
    const made = session.putAttributes(output, { ...attributes, ...kind });
    if (values.attribute !== undefined) return session.transfer(made, 'original');
    session.transfer(status === 0 ? made : session.penalize(made), status === 0 ? 'output stream' : 'nonzero status');
    session.transfer(session.putAttributes(given, attributes), 'original');
  },
});
