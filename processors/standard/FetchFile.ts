import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import path from 'node:path';
import type { LogLevel } from '../../server/extension/component.ts';
import { choices } from '../../server/extension/choices.ts';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { complete } from './file-completion.ts';

const LEVELS: Readonly<Record<string, LogLevel | undefined>> = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error', FATAL: 'error' };

const properties = {
  file: property.text('File to Fetch', 'The file, with its whole path', { default: '${absolute.path}/${filename}', expressions: 'flowfile' }),
  completion: property.choice('Completion Strategy', 'What becomes of the file once its content is stored', choices('None', 'Move File', 'Delete File'), { default: 'None' }),
  destination: property.text('Move Destination Directory', 'Where it is moved; the directory is made where it is missing', { expressions: 'flowfile' }),
  conflict: property.choice('Move Conflict Strategy', 'What to do where a file of this name is there already', choices('Rename', 'Replace File', 'Keep Existing', 'Fail'), {
    default: 'Rename',
  }),
  missingLevel: property.choice('File not Found Log Level', 'How loudly a file is missed', choices('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE'), {
    default: 'ERROR',
  }),
  deniedLevel: property.choice(
    'Permission Denied Log Level',
    'How loudly a file that may not be read is told of',
    choices('TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL', 'NONE'),
    { default: 'ERROR' },
  ),
};

type Session = ProcessSession<'success' | 'not.found' | 'permission.denied' | 'failure'>;
type Context = ProcessContext<typeof properties>;

/** Where a FlowFile goes whose file cannot be read. */
function refuse(session: Session, flowFile: FlowFile, file: string, thrown: unknown, { log, properties: { missingLevel, deniedLevel } }: Context): void {
  const { code } = thrown as NodeJS.ErrnoException;
  const [way, level] =
    code === 'ENOENT' || code === 'ENOTDIR'
      ? (['not.found', missingLevel] as const)
      : code === 'EACCES' || code === 'EPERM'
        ? (['permission.denied', deniedLevel] as const)
        : (['failure', 'ERROR'] as const);
  const told = LEVELS[level];
  if (told) log[told](`${file} cannot be read: ${messageOf(thrown)}`);
  session.transfer(session.penalize(flowFile), way);
}

async function fetch(session: Session, flowFile: FlowFile, file: string, { properties: { completion, destination, conflict }, log }: Context): Promise<void> {
  const folder = destination(flowFile);
  if (completion === 'Move File' && conflict === 'Fail') {
    const taken = await access(path.join(folder!, path.basename(file))).then(
      () => true,
      () => false,
    );
    if (taken) throw new Error(`${folder} holds a file of this name already`);
  }
  const fetched = await session.writeStream(flowFile, createReadStream(file));
  session.report('FETCH', fetched, `file://${file}`);
  session.transfer(fetched, 'success');
  if (completion === 'None') return;
  session.afterCommit(() => {
    complete(file, completion === 'Delete File' ? undefined : { folder: folder!, conflict }).catch((thrown: unknown) =>
      log.warn(`${file} was fetched, but stays where it is: ${messageOf(thrown)}`),
    );
  });
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Reads the file that a FlowFile names, such as those that ListFile has listed.',
  tags: ['ingress', 'input', 'restricted', 'get', 'fetch', 'files', 'source', 'local'],
  restrictions: {
    'read-filesystem': 'Lets whoever configures it read any file that the server may read.',
    'write-filesystem': 'Lets whoever configures it remove any file that the server may remove.',
  },
  input: 'required',
  properties,
  relationships: {
    success: 'FlowFiles with the content of the file',
    'not.found': 'FlowFiles whose file does not exist',
    'permission.denied': 'FlowFiles whose file may not be read',
    failure: 'FlowFiles whose file cannot be read for another reason',
  },
  validate: ({ completion, destination }) =>
    completion === 'Move File' && destination() === undefined ? ['Move Destination Directory must be set for Completion Strategy Move File'] : [],
  async onTrigger(session, context) {
    for (const flowFile of session.getBatch(10)) {
      const file = context.properties.file(flowFile);
      await fetch(session, flowFile, file, context).catch((thrown: unknown) => refuse(session, flowFile, file, thrown, context));
    }
  },
});
