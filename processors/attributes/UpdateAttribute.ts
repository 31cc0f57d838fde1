import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { doomed } from './deleted-attributes.ts';
import { readRules, ruleActions, type UpdateRules } from './update-rules.ts';

const STATELESS = 'Do not store state';
const STATEFUL = 'Store state locally';

/** FlowFiles a trigger; the session of one costs more than its attributes. */
const BATCH = 100;

type Session = ProcessSession<'success'>;
type Context = ProcessContext<typeof properties, Client>;

interface Client {
  readonly names: readonly string[];
  readonly values: readonly ((flowFile: FlowFile) => string)[];
  /** Compiled patterns by their text: expressions usually give one. */
  readonly patterns: Map<string, RegExp>;
  readonly rules: UpdateRules | undefined;
}

const properties = {
  deleted: property.text(
    'Delete Attributes Expression',
    'A regular expression: attributes that a FlowFile came with and whose whole name matches are deleted, even if they are updated here',
    { expressions: 'flowfile' },
  ),
  state: property.choice(
    'Store State',
    "Whether the attributes set here are kept in the processor's state as well, where ${getStateValue('name')} finds them",
    { [STATELESS]: STATELESS, [STATEFUL]: STATEFUL },
    { default: STATELESS },
  ),
  initial: property.text('Stateful Variables Initial Value', 'The value of a variable that the state does not hold yet; may be empty'),
  cache: property.integer('Cache Value Lookup Cache Size', 'Kept for flows made in NiFi; values need no cache here', { default: '100' }),
};

/** All values are evaluated against the FlowFile as it came, before any is set. */
function newValues(flowFile: FlowFile, { names, values }: Client): Record<string, string> {
  const attributes: Record<string, string> = {};
  for (let index = 0; index < names.length; index++) attributes[names[index]!] = values[index]!(flowFile);
  return attributes;
}

function update(session: Session, flowFile: FlowFile, context: Context): void {
  const { client } = context;
  const gone = doomed(flowFile, context);
  let updated = flowFile;
  if (client.names.length === 1) updated = session.putAttribute(flowFile, client.names[0]!, client.values[0]!(flowFile));
  else if (client.names.length > 1) updated = session.putAttributes(flowFile, newValues(flowFile, client));
  if (gone.length > 0) updated = session.removeAttributes(updated, gone);
  session.transfer(updated, 'success');
}

/** Variables begin with their initial value; each FlowFile sees what the one before it left. */
function updateWithState(session: Session, flowFile: FlowFile, context: Context): void {
  const {
    client,
    properties: { initial = '' },
  } = context;
  const state = session.getState('local');
  const known: Record<string, string> = Object.fromEntries(state);
  for (const name of client.names) known[name] ??= initial;
  if (Object.keys(known).length > state.size) session.setState('local', known);
  const gone = doomed(flowFile, context);
  const values = newValues(flowFile, client);
  session.setState('local', { ...known, ...values });
  const updated = session.putAttributes(flowFile, values);
  session.transfer(gone.length > 0 ? session.removeAttributes(updated, gone) : updated, 'success');
}

/** The properties that were added are what holds without rules; what a rule sets comes before them. */
function updateByRules(session: Session, flowFile: FlowFile, context: Context): void {
  const { client } = context;
  const sets = ruleActions(flowFile, client.rules!);
  if (sets.length === 0) return update(session, flowFile, context);
  const [gone, values] = [doomed(flowFile, context), newValues(flowFile, client)];
  const copies = sets.slice(1).map(() => session.clone(flowFile));
  sets.forEach((set, index) => {
    const updated = session.putAttributes(index === 0 ? flowFile : copies[index - 1]!, { ...values, ...set });
    session.transfer(gone.length > 0 ? session.removeAttributes(updated, gone) : updated, 'success');
  });
}

const relationships = { success: 'All FlowFiles' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.attributes', bundle: 'nifi-update-attribute-nar' },
  description: 'Sets attributes by expressions, and deletes attributes by a regular expression. Each property that you add is an attribute.',
  tags: ['attributes', 'modification', 'update', 'delete', 'Attribute Expression Language', 'state'],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  stateful: { scope: 'local', description: 'With Store State: the latest value of each attribute set here.' },
  properties,
  dynamicProperties: { description: 'Sets the attribute of this name', name: 'A FlowFile attribute to update', value: 'The value to set it to', expressions: 'flowfile' },
  relationships,
  relationshipsFor: (texts) =>
    (texts.get('Store State') ?? STATELESS) === STATELESS
      ? relationships
      : { ...relationships, 'set state fail': 'Never used: state and FlowFiles are stored together. Kept for flows made in NiFi' },
  writesAttributes: { 'See additional details': 'Each property that you add' },
  validate: ({ state, initial }) =>
    state === STATEFUL && initial === undefined ? ['Stateful Variables Initial Value must be set, though it may be empty, when state is stored'] : [],
  async onScheduled({ dynamic, annotationData, compile }): Promise<Client> {
    const rules = annotationData ? await readRules(annotationData, compile) : undefined;
    return { names: [...dynamic.keys()], values: [...dynamic.values()], patterns: new Map(), rules };
  },
  onTrigger(session, context) {
    const plain = context.client.rules ? updateByRules : update;
    const each = context.properties.state === STATEFUL ? updateWithState : plain;
    for (const flowFile of session.getBatch(BATCH)) each(session, flowFile, context);
  },
});
