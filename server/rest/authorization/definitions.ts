import type { FlowController } from '../../engine/flow-controller.ts';
import { ProcessGroup } from '../../engine/process-group.ts';
import type { Ask } from './ask.ts';
import { fieldsIn } from './fields.ts';
import { servicesNamedIn } from './references.ts';
import { globalResource } from './resources.ts';
import { restrictionsIn } from './restrictions.ts';
import type { Rights } from './rights.ts';
import type { Rule } from './rules.ts';

/**
 * What a flow definition or clipboard would bring must be open to who brings it: restricted types, services that it names,
 * parameter contexts that it binds to groups or adds parameters to; contexts and parameter providers that are not there yet are
 * made. Throws HttpError 403.
 */
export function checkDefinition(flow: FlowController, definition: unknown, group: ProcessGroup | null, rights: Rights): void {
  if (rights.isUnlimited) return;
  for (const restriction of restrictionsIn(flow, definition)) rights.check('write', restriction);
  for (const service of servicesNamedIn(flow, definition, group)) rights.check('read', service);
  const fields = fieldsIn(definition);
  checkContexts(flow, fields, rights);
  checkProviders(flow, fields, rights);
}

type Fields = ReturnType<typeof fieldsIn>;
type Contents = { readonly parameters?: unknown; readonly type?: unknown; readonly name?: unknown } | null;

/** What is in an object that some field of a name holds. */
function entriesOf(fields: Fields, field: string): [name: string, contents: Contents][] {
  return fields.flatMap(([name, value]) =>
    name === field && typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value as Record<string, Contents>) : [],
  );
}

/** Reading is needed for what is bound, writing for what is made or gets a parameter more (NiFi). */
function checkContexts(flow: FlowController, fields: Fields, rights: Rights): void {
  const contexts = new Map(Array.from(flow.parameterContexts.values(), (context) => [context.name, context]));
  const brought = entriesOf(fields, 'parameterContexts');
  const bound = fields.flatMap(([name, value]) => (name === 'parameterContextName' && value !== null && typeof value !== 'object' ? [String(value)] : []));
  for (const name of new Set([...bound, ...brought.map(([each]) => each)])) {
    const context = contexts.get(name);
    if (context) rights.check('read', context);
    else rights.check('write', globalResource('/parameter-contexts'));
  }
  for (const [name, contents] of brought) {
    const context = contexts.get(name);
    const parameters = Array.isArray(contents?.parameters) ? (contents.parameters as ({ name?: unknown } | null)[]) : [];
    if (context && parameters.some((each) => !context.parameters.has(String(each?.name)))) rights.check('write', context);
  }
}

/** Parameter providers stand outside of groups: an import that would make one makes it there. */
function checkProviders(flow: FlowController, fields: Fields, rights: Rights): void {
  const known = flow.allControllerLevel('PARAMETER_PROVIDER');
  for (const [identifier, contents] of entriesOf(fields, 'parameterProviders')) {
    const provider = known.find(({ id, name, type }) => id === identifier || (name === contents?.name && type === contents?.type));
    if (provider) rights.check('read', provider);
    else rights.check('write', globalResource('/controller'));
  }
}

/** For bodies that are, or have in them, flow definitions; and for parameters, whose values may be the ids of services too. */
export const whatItBrings: Rule = {
  says: 'read definition',
  check: (ask, rights) => checkDefinition(ask.flow, ask.call.request.body, groupOf(ask), rights),
};

/** The group that the path names. */
function groupOf({ flow, id }: Ask): ProcessGroup | null {
  const found = id === 'root' ? flow.root : flow.find(id);
  return found instanceof ProcessGroup ? found : null;
}
