import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { type ScriptResult, scriptResults } from './script-results.ts';
import type { ScriptRunner } from './script-runner.ts';
import { scriptLimits, scriptSource, sourceProblems, startScript } from './script-source.ts';

const BATCH = 20;

const properties = {
  ...scriptSource('Defines function transform(flowFile), which returns what is to become of the FlowFile'),
  content: property.choice('Content', 'What the script gets, and gives back, as content', { text: 'Text in UTF-8', base64: 'Base64', none: 'Nothing' }, { default: 'text' }),
  ...scriptLimits('How long the script may take for a FlowFile'),
  maximum: property.dataSize('Max Content Size', 'The largest content that a script gets', { default: '10 MB' }),
};

type Session = ProcessSession<'success' | 'failure'>;
type Context = ProcessContext<typeof properties, ScriptRunner>;

function input(session: Session, flowFile: FlowFile, { properties: { content, maximum } }: Context) {
  if (content !== 'none' && flowFile.size > maximum) throw new Error(`its ${flowFile.size} bytes are more than the ${maximum} of Max Content Size`);
  const bytes = content === 'none' ? null : session.read(flowFile);
  const text = bytes && (content === 'base64' ? bytes.toString('base64') : new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  return { attributes: Object.fromEntries(flowFile.attributes), content: text, size: flowFile.size };
}

function apply(session: Session, flowFile: FlowFile, { content, attributes, relationship }: ScriptResult, isBase64: boolean): void {
  const written = content === undefined ? flowFile : session.write(flowFile, isBase64 ? Buffer.from(content, 'base64') : content);
  const { set, removed } = attributes;
  const updated = Object.keys(set).length > 0 ? session.putAttributes(written, set) : written;
  session.transfer(removed.length > 0 ? session.removeAttributes(updated, removed) : updated, relationship);
}

async function run(session: Session, flowFiles: readonly FlowFile[], context: Context): Promise<void> {
  const outcomes = await context.client.call(flowFiles.map((flowFile) => input(session, flowFile, context)));
  outcomes.forEach((outcome, index) => {
    const flowFile = flowFiles[index]!;
    for (const line of outcome.log) context.log.info(line);
    try {
      if ('error' in outcome) throw new Error(outcome.error);
      const results = scriptResults(outcome.result);
      if (results.length === 0) return session.remove(flowFile);
      const copies = results.slice(1).map(() => session.clone(flowFile));
      results.forEach((result, place) => apply(session, place === 0 ? flowFile : copies[place - 1]!, result, context.properties.content === 'base64'));
    } catch (thrown) {
      context.log.error(`The script failed for ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  });
}

export default defineProcessor({
  description: 'Runs a script in JavaScript or TypeScript for each FlowFile, shut off from the process, files and network, with limits on time and memory.',
  tags: ['script', 'javascript', 'typescript', 'execute', 'code', 'restricted'],
  restrictions: { 'execute-code': 'Lets whoever configures it run code on the server.' },
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { success: 'What the script returned', failure: 'FlowFiles for which the script failed, or which it sent here' },
  details:
    'The script defines `function transform(flowFile)`. `flowFile` has `attributes` (an object), `content` and `size`. It returns an object with any of `content`, `attributes` (null removes one) and `relationship` (`success` or `failure`), a list of such objects for several FlowFiles, an empty list for none, or nothing for the FlowFile as it came. `log(text)` writes to the log. The script runs in QuickJS: the language of ES2023 without timers, modules, process, files and network; nothing can be granted.',
  validate: sourceProblems,
  onScheduled: ({ properties: values }) => startScript(values),
  async onTrigger(session, context) {
    const usable: FlowFile[] = [];
    for (const flowFile of session.getBatch(BATCH)) {
      try {
        input(session, flowFile, context);
        usable.push(flowFile);
      } catch (thrown) {
        context.log.error(`The script cannot read ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}`);
        session.transfer(flowFile, 'failure');
      }
    }
    if (usable.length > 0) await run(session, usable, context);
  },
  onStopped: (client) => client.stop(),
});
