import { stringify } from 'csv-stringify/sync';
import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { type Checked, checked, properties, type Session, unescaped } from './csv-validation.ts';

type Context = ProcessContext<typeof properties>;

/** The lines of each kind become a FlowFile of their own. */
function sendSorted(session: Session, flowFile: FlowFile, result: Checked, { properties: values }: Context): void {
  const options = { delimiter: unescaped(values.delimiter(flowFile)), quote: values.quote(flowFile), record_delimiter: unescaped(values.lineEnd(flowFile)) };
  for (const way of ['valid', 'invalid'] as const) {
    const lines = result[way];
    if (lines.length === 0 && !(way === 'valid' && result.invalid.length === 0)) continue;
    const part = session.write(session.create(flowFile), stringify(result.header ? [[...result.header], ...lines] : lines, options));
    const counts = { [`count.${way}.lines`]: String(lines.length), 'count.total.lines': String(result.total) };
    session.transfer(session.putAttributes(part, way === 'invalid' ? { ...counts, 'validation.error.message': told(result, values.violations) } : counts), way);
  }
  session.remove(flowFile);
}

const told = ({ problems }: Checked, all: boolean): string => (all ? problems.join('; ') : (problems[0] ?? ''));

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Checks CSV: how many cells each line has, and what is in them.',
  tags: ['schema', 'csv', 'validation'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: { valid: 'CSV, or lines, as the Schema says', invalid: 'CSV, or lines, that are otherwise, and what is not CSV' },
  writesAttributes: {
    'count.valid.lines': 'Line by line validation: how many lines are valid',
    'count.invalid.lines': 'Line by line validation: how many lines are not',
    'count.total.lines': 'Line by line validation: how many lines there are',
    'validation.error.message': 'What is wrong',
  },
  async onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const result = await checked(session, flowFile, context);
      if (context.properties.strategy === 'Line by line validation') return sendSorted(session, flowFile, result, context);
      if (result.wrong === 0) session.transfer(flowFile, 'valid');
      else session.transfer(session.putAttribute(flowFile, 'validation.error.message', told(result, context.properties.violations)), 'invalid');
    } catch (thrown) {
      session.transfer(session.putAttribute(flowFile, 'validation.error.message', messageOf(thrown)), 'invalid');
    }
  },
});
