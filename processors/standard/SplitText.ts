import type { FlowFile } from '../../server/extension/flowfile.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { FRAGMENT_ATTRIBUTES, Fragments } from './fragments.ts';
import { scan, scanStream, firstBytes } from './text-scan.ts';
import { SplitPlan, type SplitRules, type TextSplit } from './text-splits.ts';

/** Content beyond this is streamed, and looked at twice rather than held. */
const LARGE = 4 * 1024 ** 2;

const properties = {
  lines: property.integer('Line Split Count', 'How many lines each split has, the header not counted; 0 for no limit but Maximum Fragment Size', { required: true }),
  maxSize: property.dataSize('Maximum Fragment Size', 'How large a split may become, header included; a longer line is a split of its own'),
  headerLines: property.integer('Header Line Count', 'How many lines at the beginning are the header that each split begins with', { default: '0' }),
  headerMarker: property.text('Header Line Marker Characters', 'Lines at the beginning that start with this text are the header; Header Line Count then does not count'),
  trim: property.boolean('Remove Trailing Newlines', 'Whether line breaks at the end of a split are left out; splits of nothing else are not made', { default: 'true' }),
};

type Session = ProcessSession<'splits' | 'original' | 'failure'>;
type Context = ProcessContext<typeof properties, SplitRules>;

function attributes(fragments: Fragments, index: number, { lineCount }: TextSplit, size: number): Record<string, string> {
  return { ...fragments.of(index + 1), 'text.line.count': String(lineCount), 'fragment.size': String(size) };
}

/** A split without header is a piece of the FlowFile: no byte is copied. */
function plainSplits(session: Session, flowFile: FlowFile, splits: readonly TextSplit[]): void {
  const fragments = new Fragments(flowFile, splits.length);
  for (const [index, split] of splits.entries()) {
    const part = session.clone(flowFile, split.start, split.length);
    session.transfer(session.putAttributes(part, attributes(fragments, index, split, split.length)), 'splits');
  }
  session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
}

async function headedSplits(session: Session, flowFile: FlowFile, plan: SplitPlan, rules: SplitRules): Promise<void> {
  const fragments = new Fragments(flowFile, plan.splits.length);
  const header = await firstBytes(session.readStream(flowFile), plan.headerLength);
  for (const [index, split] of plan.splits.entries()) {
    const alone = split.length === 0;
    const part = session.clone(flowFile, alone ? 0 : split.start, alone ? (rules.trimsEnd ? plan.headerTrimmed : plan.headerLength) : split.length);
    const whole = alone ? part : await session.concatenate(part, [header, part]);
    session.transfer(session.putAttributes(whole, attributes(fragments, index, split, whole.size)), 'splits');
  }
  session.transfer(session.putAttributes(flowFile, fragments.original), 'original');
}

function finish(session: Session, flowFile: FlowFile, plan: SplitPlan, context: Context): void | Promise<void> {
  try {
    plan.end();
  } catch (thrown) {
    context.log.error(`${context.name} could not split ${flowFile.getAttribute('filename')}: ${messageOf(thrown)}. It was routed to failure.`);
    return session.transfer(flowFile, 'failure');
  }
  return plan.headerLength > 0 ? headedSplits(session, flowFile, plan, context.client) : plainSplits(session, flowFile, plan.splits);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Splits text into FlowFiles of some lines each, with the header before each where there is one. Large files are never held in memory.',
  tags: ['split', 'text'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  relationships: {
    original: 'The FlowFile that was split, once all went well',
    splits: 'The parts',
    failure: 'FlowFiles that cannot be split: shorter than the header, or with a header longer than Maximum Fragment Size',
  },
  writesAttributes: {
    'text.line.count': 'How many lines of the FlowFile the split holds, the header not counted',
    'fragment.size': 'How many bytes the split has, header included',
    ...FRAGMENT_ATTRIBUTES,
  },
  validate: ({ lines, maxSize }) => (lines === 0 && maxSize === undefined ? ['Line Split Count is 0, so Maximum Fragment Size must be set'] : []),
  onScheduled: ({ properties: { lines, maxSize, headerLines, headerMarker, trim } }): SplitRules => ({
    lines,
    maxSize: maxSize ?? Number.POSITIVE_INFINITY,
    headerLines,
    headerMarker: headerMarker === '' ? undefined : headerMarker,
    trimsEnd: trim,
  }),
  onTrigger(session, context) {
    const flowFile = session.get();
    if (!flowFile) return;
    const plan = new SplitPlan(context.client);
    if (flowFile.size > LARGE) return scanStream(session.readStream(flowFile), plan, context.client.headerMarker).then(() => finish(session, flowFile, plan, context));
    scan(session.read(flowFile), plan, context.client.headerMarker);
    return finish(session, flowFile, plan, context);
  },
});
