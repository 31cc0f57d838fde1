import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

const BATCH = 100;

const properties = {
  attribute: property.text('Retry Attribute', 'The attribute that counts the retries; NAME.uuid beside it says which processor counted', {
    default: 'flowfile.retries',
    expressions: 'environment',
  }),
  max: property.integer('Maximum Retries', 'How often a FlowFile is retried', { default: '3', min: 1, expressions: 'flowfile' }),
  penalize: property.boolean('Penalize Retries', 'Whether FlowFiles that are retried are penalized', { default: 'true' }),
  failOnText: property.boolean('Fail on Nonnumerical Overwrite', 'Whether a FlowFile whose retry attribute is no number goes to failure; otherwise its count begins anew', {
    default: 'false',
  }),
  reuse: property.choice(
    'Reuse Mode',
    'What to do with a FlowFile that another RetryFlowFile has counted',
    { fail: 'Fail on Reuse', warn: 'Warn on Reuse', reset: 'Reset Reuse' },
    { default: 'fail' },
  ),
};

type Session = ProcessSession<'retry' | 'retries_exceeded' | 'failure'>;
type Context = ProcessContext<typeof properties>;

/** How often the FlowFile was retried so far; a reason where that cannot be said. */
function retriesSoFar(flowFile: FlowFile, { id, name, log, properties: { attribute, failOnText, reuse } }: Context): number | string {
  const text = flowFile.getAttribute(attribute);
  if (text === undefined) return 0;
  if (!/^-?\d+$/.test(text)) return failOnText ? `its attribute ${attribute} is '${text}', not a number` : 0;
  const countedBy = flowFile.getAttribute(`${attribute}.uuid`);
  if (countedBy === undefined || countedBy === id) return Number(text);
  if (reuse === 'fail') return `its attribute ${attribute} belongs to the processor ${countedBy}: give each RetryFlowFile a Retry Attribute of its own`;
  if (reuse === 'warn') log.warn(`${name} retries ${flowFile.getAttribute('filename')}, whose attribute ${attribute} belongs to the processor ${countedBy}.`);
  return reuse === 'reset' ? 0 : Number(text);
}

function exceeded(session: Session, flowFile: FlowFile, { dynamic }: Context): void {
  const attributes = Object.fromEntries([...dynamic].map(([name, value]) => [name, value(flowFile)]));
  session.transfer(session.putAttributes(flowFile, attributes), 'retries_exceeded');
}

function route(session: Session, flowFile: FlowFile, context: Context): void {
  const {
    id,
    name,
    log,
    properties: { attribute, max, penalize },
  } = context;
  const soFar = retriesSoFar(flowFile, context);
  if (typeof soFar === 'string') {
    log.error(`${name} cannot retry ${flowFile.getAttribute('filename')}: ${soFar}. It was routed to failure.`);
    return session.transfer(flowFile, 'failure');
  }
  if (soFar >= max(flowFile)) return exceeded(session, flowFile, context);
  const counted = session.putAttributes(flowFile, { [attribute]: String(soFar + 1), [`${attribute}.uuid`]: id });
  session.transfer(penalize ? session.penalize(counted) : counted, 'retry');
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Counts in an attribute how often a FlowFile came by, and routes it to retry until the maximum is reached. For loops that must end.',
  tags: ['Retry', 'FlowFile'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'An attribute that FlowFiles get which exceed the maximum',
    name: 'Exceeded FlowFile Attribute Key',
    value: 'The value of the attribute added to the FlowFile',
    expressions: 'flowfile',
  },
  relationships: {
    retry: 'FlowFiles to be tried again',
    retries_exceeded: 'FlowFiles that were retried often enough',
    failure: 'FlowFiles whose retry attribute cannot be used',
  },
  readsAttributes: { 'Retry Attribute': 'How often the FlowFile was retried so far' },
  writesAttributes: { 'Retry Attribute': 'How often the FlowFile was retried', 'Retry Attribute .uuid': 'The processor that counted' },
  onTrigger(session, context) {
    for (const flowFile of session.getBatch(BATCH)) route(session, flowFile, context);
  },
});
