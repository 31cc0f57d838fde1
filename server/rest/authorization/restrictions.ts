import type { FlowController } from '../../engine/flow-controller.ts';
import { DEFINITION_KINDS, type DefinitionKind } from '../../engine/component-types.ts';
import type { RequiredPermission } from '../../extension/component.ts';
import { fieldsIn } from './fields.ts';
import { type Resource, restrictionResource } from './resources.ts';

const KINDS = Object.keys(DEFINITION_KINDS) as DefinitionKind[];

/** What using components of these types needs besides the right to edit. */
export function restrictionsOf(flow: FlowController, types: Iterable<unknown>): Resource[] {
  const needed = new Set<string>();
  for (const type of new Set(types)) {
    if (typeof type !== 'string') continue;
    for (const kind of KINDS) for (const each of Object.keys(flow.runtime.types.find(kind, type)?.definition.restrictions ?? {})) needed.add(each);
  }
  return [...needed].map((permission) => restrictionResource(permission as RequiredPermission));
}

/** Whether who configures a component of this type can run code on the server. */
export function runsCode(flow: FlowController, type: string): boolean {
  return KINDS.some((kind) => flow.runtime.types.find(kind, type)?.definition.restrictions?.['execute-code'] !== undefined);
}

/** The same for all types that a body, definition or clipboard names, at whatever depth. */
export function restrictionsIn(flow: FlowController, value: unknown): Resource[] {
  return restrictionsOf(
    flow,
    fieldsIn(value)
      .filter(([name]) => name === 'type')
      .map(([, type]) => type),
  );
}
