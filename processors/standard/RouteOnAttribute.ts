import type { FlowFile } from '../../server/extension/flowfile.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import type { ProcessSession } from '../../server/extension/session.ts';

const STRATEGY = 'Routing Strategy';
const BY_NAME = 'Route to Property name';
const ALL = "Route to 'match' if all match";
const ANY = "Route to 'match' if any matches";
const ROUTE = 'RouteOnAttribute.Route';

/** FlowFiles a trigger; the session of one costs more than its routing. */
const BATCH = 100;

interface Route {
  readonly name: string;
  readonly matches: (flowFile: FlowFile) => boolean;
}

const relationships: Record<string, string> = { unmatched: 'FlowFiles that match no expression' };

function route(session: ProcessSession, flowFile: FlowFile, relationship: string): void {
  session.transfer(session.putAttribute(flowFile, ROUTE, relationship), relationship);
}

/** The FlowFile itself takes the first way that matches, copies take the others. */
function routeByName(session: ProcessSession, flowFile: FlowFile, routes: readonly Route[]): void {
  let first = 'unmatched';
  let matched = 0;
  for (const { name, matches } of routes) {
    if (!matches(flowFile)) continue;
    if (matched++ === 0) first = name;
    else route(session, session.clone(flowFile), name);
  }
  route(session, flowFile, first);
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.standard', bundle: 'nifi-standard-nar' },
  description: 'Routes FlowFiles by their attributes: each property that you add is an expression that says who takes the way of its name.',
  tags: [
    'attributes',
    'routing',
    'Attribute Expression Language',
    'regexp',
    'regex',
    'Regular Expression',
    'Expression Language',
    'find',
    'text',
    'string',
    'search',
    'filter',
    'detect',
  ],
  input: 'required',
  sideEffectFree: true,
  supportsBatching: true,
  properties: {
    strategy: property.choice(
      STRATEGY,
      'Which way a FlowFile takes when expressions match',
      {
        [BY_NAME]: 'Route to Property name',
        [ALL]: "Route to 'matched' if all match",
        [ANY]: "Route to 'matched' if any matches",
      },
      { default: BY_NAME },
    ),
  },
  dynamicProperties: {
    description: 'FlowFiles for which the expression is true go to the relationship of this name',
    name: 'Relationship Name',
    value: 'Expression Language expression that returns a boolean value indicating whether or not the FlowFile should be routed to this Relationship',
    expressions: 'flowfile',
    expressionType: 'boolean',
    relationships: true,
  },
  relationships,
  relationshipsFor(texts) {
    if ((texts.get(STRATEGY) ?? BY_NAME) !== BY_NAME) return { ...relationships, matched: 'FlowFiles that match one or all expressions, as the Routing Strategy says' };
    const names = [...texts.keys()].filter((name) => name !== STRATEGY);
    return { ...Object.fromEntries(names.map((name) => [name, `FlowFiles for which the expression of '${name}' is true`])), ...relationships };
  },
  writesAttributes: { [ROUTE]: 'The relationship to which the FlowFile was routed' },
  onScheduled: ({ dynamic }): readonly Route[] => [...dynamic].map(([name, value]) => ({ name, matches: (flowFile) => value(flowFile).toLowerCase() === 'true' })),
  onTrigger(session, { client: routes, properties: { strategy } }) {
    // One by one, so that copies keep their place among the FlowFiles of the batch.
    for (let taken = 0; taken < BATCH; taken++) {
      const flowFile = session.get();
      if (!flowFile) return;
      if (strategy === BY_NAME) {
        routeByName(session, flowFile, routes);
        continue;
      }
      const isMatch = strategy === ALL ? routes.every(({ matches }) => matches(flowFile)) : routes.some(({ matches }) => matches(flowFile));
      route(session, flowFile, isMatch ? 'matched' : 'unmatched');
    }
  },
});
