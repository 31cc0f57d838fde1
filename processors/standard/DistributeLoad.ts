import { choices } from '../../server/extension/choices.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';

const COUNT = 'Number of Relationships';
const ROUTE = 'distribute.load.relationship';
const BATCH = 100;

const properties = {
  count: property.integer('Number of Relationships', 'How many relationships there are: 1, 2, 3 ...', { default: '1', min: 1 }),
  strategy: property.choice(
    'Distribution Strategy',
    'round robin: in turn, and none while one of them is full. next available: in turn among those with room. overflow: the first with room',
    choices('round robin', 'next available', 'overflow'),
    { default: 'round robin' },
  ),
};

interface Client {
  /** Relationships in turn, each as often as it weighs. */
  readonly turns: readonly string[];
  next: number;
}

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => String(index + 1));

/** Spreads the turns of heavy relationships instead of bunching them: 1 2 1 2 1, not 1 1 1 2 2. */
function turnsOf(count: number, weights: ReadonlyMap<string, () => string>): string[] {
  const left = new Map(numbers(count).map((name) => [name, Number(weights.get(name)?.() ?? 1)]));
  const turns: string[] = [];
  while (left.size > 0) {
    for (const [name, weight] of left) {
      turns.push(name);
      if (weight > 1) left.set(name, weight - 1);
      else left.delete(name);
    }
  }
  return turns;
}

/** Whose turn it is for the next FlowFile, as a place among the turns; -1 where it must wait. */
function choose({ turns, next }: Client, strategy: 'round robin' | 'next available' | 'overflow', open: ReadonlySet<string>): number {
  if (strategy === 'overflow') return turns.findIndex((name) => open.has(name));
  if (strategy === 'round robin') return turns.every((name) => open.has(name)) ? next : -1;
  for (let step = 0; step < turns.length; step++) {
    const turn = (next + step) % turns.length;
    if (open.has(turns[turn]!)) return turn;
  }
  return -1;
}

const relationships: Record<string, string> = { '1': 'FlowFiles whose turn it is to go here' };

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Spreads FlowFiles over several relationships, evenly or by weight. A property that you add is named like a relationship; its value is the weight.',
  tags: ['route', 'round robin', 'load balance', 'distribute', 'weighted'],
  input: 'required',
  triggerWhenAnyDestinationAvailable: true,
  sideEffectFree: true,
  supportsBatching: true,
  properties,
  dynamicProperties: {
    description: 'How much of the load the relationship of this number gets, compared with the others',
    name: 'The relationship name (positive number)',
    value: 'The relationship Weight (positive number)',
    expressions: 'none',
    relationships: true,
  },
  relationships,
  relationshipsFor: (texts) => Object.fromEntries(numbers(Math.min(1000, Number(texts.get(COUNT) ?? '1') || 1)).map((name) => [name, relationships['1']!])),
  writesAttributes: { [ROUTE]: 'The relationship to which the FlowFile went' },
  validate: ({ count }) => (count > 1000 ? ['Number of Relationships must be 1000 or less'] : []),
  onScheduled({ properties: { count }, dynamic }): Client {
    for (const [name, weight] of dynamic) {
      if (!/^[1-9]\d*$/.test(name) || Number(name) > count) throw new Error(`The property '${name}' must be named like one of the ${count} relationships. Rename or delete it.`);
      if (!/^[1-9]\d{0,3}$/.test(weight())) throw new Error(`The weight '${weight()}' of relationship ${name} must be a whole number from 1 to 9999. Correct it.`);
    }
    return { turns: turnsOf(count, dynamic), next: 0 };
  },
  onTrigger(session, context) {
    const { client, availableRelationships } = context;
    for (let taken = 0; taken < BATCH; taken++) {
      const turn = choose(client, context.properties.strategy, availableRelationships);
      const flowFile = turn < 0 ? null : session.get();
      if (!flowFile) return taken === 0 ? context.yield() : undefined;
      client.next = (turn + 1) % client.turns.length;
      const way = client.turns[turn]!;
      session.transfer(session.putAttribute(flowFile, ROUTE, way), way);
    }
  },
});
