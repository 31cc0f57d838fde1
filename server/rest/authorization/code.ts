import type { Component } from '../../engine/component.ts';
import { MASK } from '../dto/descriptor.ts';
import type { Ask } from './ask.ts';
import { PLACES, propertiesOf, typeOf } from './references.ts';
import { type Resource, restrictionResource } from './resources.ts';
import { runsCode } from './restrictions.ts';
import { type Target, target } from './rules.ts';

/** NiFi asks for the right only where a component is made. */
const CODE = 'code';

/** "Execute code", where a component has code, or a command, among its properties. */
function neededFor(ask: Ask, component: Component | undefined): Resource[] {
  const type = component && typeOf(component);
  return type !== undefined && runsCode(ask.flow, type) ? [restrictionResource('execute-code')] : [];
}

function changesProperties(ask: Ask): boolean {
  const component = ask.flow.find(ask.id);
  const present = component && propertiesOf(component)?.texts;
  return PLACES.some((place) => ask.keys(...place).some((name) => ask.field(...place, name) !== MASK && (ask.field(...place, name) ?? undefined) !== present?.get(name)));
}

/** Where an edit, or a try, has other properties than a component which runs code: the right to make one is needed to change it too. */
export const changedCode: Target<Resource> = target(CODE, (ask) => (changesProperties(ask) ? neededFor(ask, ask.flow.find(ask.id)) : []));

/** The same where what they get is changed elsewhere: by parameters. */
export function codeAmong({ find }: Target<Component>): Target<Resource> {
  return target(CODE, async (ask) => [...(await find(ask))].flatMap((component) => neededFor(ask, component)));
}
