import type { ServiceContract } from '../../extension/service.ts';
import type { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import type { Rights } from '../authorization/rights.ts';
import { type EntityView, remembered } from './common.ts';

/** The services that components of one group may name. */
export class ServiceChoices {
  readonly #services: readonly ControllerServiceNode[];
  readonly #rights: Rights | undefined;
  /** JSON of the descriptors that list these services, by definition: see declaredPart. */
  readonly texts = new Map<object, string>();

  constructor(services: readonly ControllerServiceNode[], rights?: Rights) {
    this.#services = services;
    this.#rights = rights;
  }

  canRead(service: ControllerServiceNode): boolean {
    return this.#rights?.may('read', service) ?? true;
  }

  of(contract: ServiceContract): ControllerServiceNode[] {
    return this.#services.filter((service) => service.provides(contract));
  }
}

export const NO_SERVICES = new ServiceChoices([]);

/** Services that components of a group may use: its own and those of the groups above it; for null, those of the controller. */
function servicesInReach(group: ProcessGroup | null, controllerServices: Iterable<ControllerServiceNode>): ControllerServiceNode[] {
  if (!group) return [...controllerServices];
  const found: ControllerServiceNode[] = [];
  for (let at: ProcessGroup | null = group; at; at = at.group) found.push(...at.services.values());
  return found;
}

/** What service properties may name, looked up once for each group and answer. */
export function serviceChoices(group: ProcessGroup | null, view: EntityView): ServiceChoices {
  return remembered(view, 'service choices', group, () => new ServiceChoices(servicesInReach(group, view.controllerServices()), view.rights));
}
