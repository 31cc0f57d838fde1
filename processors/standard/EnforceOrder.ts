import { messageOf } from '../../server/extension/errors.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor, type ProcessContext } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { GroupOrders } from './group-orders.ts';

const STARTED = 'EnforceOrder.startedAt';
const RESULT = 'EnforceOrder.result';
const DETAIL = 'EnforceOrder.detail';
const EXPECTED = 'EnforceOrder.expectedOrder';

const properties = {
  group: property.text('Group Identifier', 'FlowFiles with the same value are put in order', { default: '${filename}', expressions: 'flowfile' }),
  attribute: property.text('Order Attribute', 'The attribute whose whole number says the place', { required: true }),
  initial: property.text('Initial Order', 'The number that a group begins with', { default: '0', expressions: 'flowfile' }),
  maximum: property.text('Maximum Order', 'The last number of a group', { expressions: 'flowfile' }),
  batch: property.integer('Batch Count', 'How many FlowFiles are looked at at once', { default: '1000', min: 1 }),
  waitTimeout: property.duration('Wait Timeout', 'How long a FlowFile waits for those before it; after that it overtakes them', { default: '10 min' }),
  inactiveTimeout: property.duration('Inactive Timeout', 'After how long without progress a group is forgotten', { default: '30 min' }),
};

type Session = ProcessSession<'success' | 'failure' | 'wait' | 'overtook' | 'skipped'>;
type Context = ProcessContext<typeof properties>;
type Way = Parameters<Session['transfer']>[1];

function leave(session: Session, flowFile: FlowFile, way: Way, detail?: string, expected?: number): void {
  const told: Record<string, string> = { [RESULT]: way };
  if (detail !== undefined) told[DETAIL] = detail;
  if (expected !== undefined) told[EXPECTED] = String(expected);
  const stale = [DETAIL, EXPECTED].filter((name) => !Object.hasOwn(told, name) && flowFile.getAttribute(name) !== undefined);
  const updated = session.putAttributes(flowFile, told);
  session.transfer(stale.length > 0 ? session.removeAttributes(updated, stale) : updated, way);
}

function wholeNumber(text: string | undefined, what: string): number {
  if (text === undefined || !/^[+-]?\d{1,10}$/.test(text.trim())) throw new Error(`${what} is ${text === undefined ? 'missing' : `'${text}'`}: it must be a whole number`);
  return Number(text);
}

/** The group of a FlowFile, begun where it is new. Throws an Error where the FlowFile cannot be put in order. */
function groupOf(flowFile: FlowFile, order: number, { properties: { group, initial, maximum }, now }: Context, orders: GroupOrders): string {
  const name = group(flowFile)?.trim();
  if (!name) throw new Error('Group Identifier gives nothing');
  if (maximum(flowFile) !== undefined) {
    const most = orders.maximum(name) ?? wholeNumber(maximum(flowFile), 'Maximum Order');
    orders.setMaximum(name, most);
    if (order > most) throw new Error(`the order ${order} is greater than the Maximum Order ${most} of group ${name}`);
  }
  if (orders.target(name) === undefined) orders.advance(name, wholeNumber(initial(flowFile), 'Initial Order'), now());
  return name;
}

interface Placed {
  readonly flowFile: FlowFile;
  readonly order: number;
}

/** FlowFiles of one group, by their order. */
function release(session: Session, group: string, placed: readonly Placed[], { properties: { waitTimeout }, now }: Context, orders: GroupOrders): void {
  const before = orders.target(group)!;
  let target = before;
  for (const { flowFile, order } of placed) {
    const next = order === orders.maximum(group) ? order : order + 1;
    const hasWaited = now() - Number(flowFile.getAttribute(STARTED)) > waitTimeout;
    if (order === target) leave(session, flowFile, 'success');
    else if (order < target) leave(session, flowFile, 'skipped', `Skipped, FlowFile order was ${order} but current target is ${target}`, target);
    else leave(session, flowFile, hasWaited ? 'overtook' : 'wait', undefined, target);
    if (order === target || (order > target && hasWaited)) target = next;
  }
  if (target !== before) orders.advance(group, target, now());
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Puts the FlowFiles of each group into the order of their numbers, and waits for those that are missing. Lead the relationship wait back to it.',
  tags: ['sort', 'order'],
  input: 'required',
  triggerSerially: true,
  stateful: { scope: 'local', description: 'For each group the number that comes next, the last one, and when it last went on.' },
  properties,
  relationships: {
    success: 'FlowFiles in their order',
    wait: 'FlowFiles that must wait for others',
    overtook: 'FlowFiles that waited for the Wait Timeout and went before others',
    skipped: 'FlowFiles that came too late: others have overtaken them',
    failure: 'FlowFiles without group or without a number',
  },
  writesAttributes: {
    [STARTED]: 'When the FlowFile first came here, milliseconds since 1970',
    [RESULT]: 'The relationship to which the FlowFile went',
    [DETAIL]: 'Why it failed or was skipped',
    [EXPECTED]: 'The number that was waited for',
  },
  onTrigger(session, context) {
    const { attribute, batch, inactiveTimeout } = context.properties;
    const orders = new GroupOrders(session.getState('local'));
    orders.forget(context.now() - inactiveTimeout);
    const groups = new Map<string, Placed[]>();
    for (const flowFile of session.getBatch(batch)) {
      try {
        const order = wholeNumber(flowFile.getAttribute(attribute), `attribute ${attribute}`);
        const group = groupOf(flowFile, order, context, orders);
        const timed = flowFile.getAttribute(STARTED) ? flowFile : session.putAttribute(flowFile, STARTED, String(context.now()));
        groups.set(group, [...(groups.get(group) ?? []), { flowFile: timed, order }]);
      } catch (thrown) {
        leave(session, flowFile, 'failure', messageOf(thrown));
      }
    }
    for (const [group, placed] of [...groups].sort()) {
      const inOrder = placed.sort((a, b) => a.order - b.order);
      release(session, group, inOrder, context, orders);
    }
    if (orders.hasChanged) session.setState('local', orders.toState());
  },
});
