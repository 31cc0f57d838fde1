import type { LogLevel } from '../../server/extension/component.ts';
import { ProcessError, PropertyError } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

/** NiFi's levels, and those of the log. */
const LEVELS: Readonly<Record<string, LogLevel>> = { trace: 'debug', debug: 'debug', info: 'info', warn: 'warn', error: 'error' };

function checkLevel(text: string): void {
  if (!Object.hasOwn(LEVELS, text.toLowerCase())) throw new PropertyError(`it must be one of ${Object.keys(LEVELS).join(', ')}`);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Writes a message for each FlowFile to the log.',
  tags: ['attributes', 'logging'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    level: property.text('Log Level', 'At which level the message is logged: trace, debug, info, warn or error', {
      default: 'info',
      expressions: 'flowfile',
      validate: checkLevel,
    }),
    prefix: property.text('Log Prefix', 'Stands before the message, to tell the output of several of these processors apart', { expressions: 'flowfile' }),
    message: property.text('Log Message', 'What to log', { expressions: 'flowfile' }),
  },
  relationships: { success: 'All FlowFiles' },
  onTrigger(session, { log, name, properties: { level, prefix, message } }) {
    const flowFiles = session.getBatch(50);
    for (const flowFile of flowFiles) {
      const wanted = LEVELS[level(flowFile).toLowerCase()];
      if (!wanted) throw new ProcessError(`${name} cannot log at the level '${level(flowFile)}': make Log Level give trace, debug, info, warn or error.`);
      log[wanted](`${prefix(flowFile) ?? ''}${message(flowFile) ?? ''}`);
    }
    session.transfer(flowFiles, 'success');
  },
});
