import type { FlowController } from '../../engine/flow-controller.ts';
import { ProcessGroup } from '../../engine/process-group.ts';
import type { Ask } from './ask.ts';
import { globalResource } from './resources.ts';
import type { Rights } from './rights.ts';
import type { Rule } from './rules.ts';
import { servicesNamedIn, textsIn } from './references.ts';

/**
 * What a flow definition or clipboard would bring must be open to who brings it: services that it names, and parameter contexts that
 * it binds to groups; contexts that are not there yet are made. Throws HttpError 403.
 */
export function checkDefinition(flow: FlowController, definition: unknown, group: ProcessGroup | null, rights: Rights): void {
  if (rights.isUnlimited) return;
  for (const service of servicesNamedIn(flow, definition, group)) rights.check('read', service);
  const contexts = new Map(Array.from(flow.parameterContexts.values(), (context) => [context.name, context]));
  const names = new Set([...textsIn(definition)].flatMap(([field, text]) => (field === 'parameterContextName' ? [text] : [])));
  for (const name of names) {
    const context = contexts.get(name);
    if (context) rights.check('read', context);
    else rights.check('write', globalResource('/parameter-contexts'));
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
