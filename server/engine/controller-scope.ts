import type { PropertyScope } from './property-scope.ts';
import type { Runtime } from './runtime.ts';

/** What property texts of controller-level services may refer to: each other and the environment, no parameters. */
export function controllerScope(runtime: Runtime): PropertyScope {
  return {
    parameterContext: undefined,
    parameter: () => undefined,
    service: (id) => {
      const service = runtime.service(id);
      return service?.group === null ? service : undefined;
    },
    environment: (name) => runtime.environment(name),
    environmentNames: () => runtime.environmentNames(),
    now: () => runtime.clock.now(),
  };
}
