import type { ComponentDeclaration } from '../server/extension/component.ts';
import type { PropertyMap } from '../server/extension/property.ts';
import type { ControllerServiceDefinition, ServiceContract } from '../server/extension/service.ts';
import type { Bulletin } from '../server/engine/bulletins.ts';
import type { ControllerServiceNode } from '../server/engine/controller-service-node.ts';
import type { FlowController } from '../server/engine/flow-controller.ts';
import type { TypeTable } from './type-table.ts';

/** A real controller service with its configuration; `services` are those that it uses itself. */
export interface RealService {
  readonly definition: ControllerServiceDefinition<never, never>;
  readonly properties?: Readonly<Record<string, string>>;
  readonly services?: Services;
}

/** By property name: a real service, or any object that stands in for one. */
export type Services = Readonly<Record<string, RealService | object>>;

const created = { version: 0 };

/** The controller services around a processor under test. */
export class RunnerServices {
  readonly #flow: FlowController;
  readonly #types: TypeTable;
  readonly #nodes: ControllerServiceNode[] = [];

  constructor(flow: FlowController, types: TypeTable) {
    this.#flow = flow;
    this.#types = types;
  }

  /** Adds the services; returns the property texts that name them. */
  add(services: Services, { properties, dynamicProperties }: Pick<ComponentDeclaration<PropertyMap>, 'properties' | 'dynamicProperties'>): Record<string, string> {
    const contract = (property: string): ServiceContract | undefined => {
      const declared = Object.values(properties).find(({ name }) => name === property);
      return declared ? declared.service : dynamicProperties?.service;
    };
    return Object.fromEntries(Object.entries(services).map(([name, service]) => [name, this.#addService(name, service, contract(name))]));
  }

  #addService(property: string, service: RealService | object, contract: ServiceContract | undefined): string {
    if (!contract) throw new Error(`'${property}' is not a property that names a service`);
    const real = 'definition' in service ? (service as RealService) : { definition: standIn(service, contract) };
    const definition = real.definition as unknown as ControllerServiceDefinition;
    const type = this.#types.addService(`${property} ${this.#nodes.length}`, definition);
    const used = this.add(real.services ?? {}, definition);
    const node = this.#flow.createService(this.#flow.root, created, { type, properties: { ...real.properties, ...used } });
    this.#nodes.push(node);
    return node.id;
  }

  /** `until` lets the engine go on until a condition holds. Throws where a service cannot be enabled. */
  async enable(until: (condition: () => boolean) => Promise<void>): Promise<void> {
    for (const service of this.#nodes) service.enable();
    const bulletins = (): Bulletin[] => this.#flow.bulletins.find();
    const failed = (): boolean => bulletins().some(({ message }) => message.startsWith('Failed to enable'));
    await until(() => failed() || !this.#nodes.some(({ state, isValid }) => state === 'ENABLING' && isValid));
    const problem = this.#nodes.find(({ isEnabled }) => !isEnabled);
    if (problem) throw new Error(`Service ${problem.name} is not enabled: ${[...problem.validationErrors, ...bulletins().map(({ message }) => message)].join('; ')}`);
  }
}

/** A service that hands out an object, whatever it is asked for. */
function standIn(service: object, contract: ServiceContract): ControllerServiceDefinition<never, never> {
  const definition: ControllerServiceDefinition = {
    kind: 'controller-service',
    description: 'Stands in for a service',
    tags: [],
    properties: {},
    provides: [contract],
    onEnabled: () => service,
  };
  return definition as unknown as ControllerServiceDefinition<never, never>;
}
