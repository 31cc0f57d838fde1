import type { Connectable } from './connectable.ts';
import { ConflictError } from './errors.ts';
import type { ProcessGroup } from './process-group.ts';

/**
 * Where a connection of `group` may lead: between components of the group, its own ports seen from inside, and the ports of
 * the groups directly in it seen from outside. Throws ConflictError.
 */
export function checkEnds(group: ProcessGroup, source: Connectable, destination: Connectable): void {
  const leavesChild = source.kind === 'OUTPUT_PORT' && source.group.group === group;
  if (!leavesChild && (source.group !== group || source.kind === 'OUTPUT_PORT')) {
    throw new ConflictError(`Cannot connect ${source.label}: the source must be in the group ${group.name}, or be an output port of a group directly in it.`);
  }
  const entersChild = destination.kind === 'INPUT_PORT' && destination.group.group === group;
  if (!entersChild && (destination.group !== group || destination.kind === 'INPUT_PORT')) {
    throw new ConflictError(`Cannot connect to ${destination.label}: the destination must be in the group ${group.name}, or be an input port of a group directly in it.`);
  }
}
