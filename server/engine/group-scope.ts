import type { ControllerServiceNode } from './controller-service-node.ts';
import type { ProcessGroup } from './process-group.ts';
import type { PropertyScope, VisibleParameter } from './property-scope.ts';

/** The world as property texts of a group's components see it. */
export class GroupScope implements PropertyScope {
  readonly #group: ProcessGroup;

  constructor(group: ProcessGroup) {
    this.#group = group;
  }

  get parameterContext(): string | undefined {
    return this.#group.parameterContext?.name;
  }

  parameter(name: string): VisibleParameter | undefined {
    return this.#group.parameterContext?.resolve(name);
  }

  service(id: string): ControllerServiceNode | undefined {
    for (let group: ProcessGroup | null = this.#group; group; group = group.group) {
      const service = group.services.get(id);
      if (service) return service;
    }
    return undefined;
  }

  environment(name: string): string | undefined {
    return this.#group.runtime.environment(name);
  }

  environmentNames(): Iterable<string> {
    return this.#group.runtime.environmentNames();
  }

  now(): number {
    return this.#group.runtime.clock.now();
  }
}
