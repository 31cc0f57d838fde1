import type { Component, ComponentKind } from '../../engine/component.ts';
import { Connectable } from '../../engine/connectable.ts';
import { Connection } from '../../engine/connection.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import { ProcessGroup } from '../../engine/process-group.ts';
import { REQUIRED_PERMISSIONS, type RequiredPermission } from '../../extension/component.ts';

/** What a policy is about. Where there is no policy for it, that of its parent counts (NiFi's inheritance). */
export interface Resource {
  /** Such as `/processors/<id>`. */
  readonly path: string;
  /** How a refusal names it. */
  readonly name: string;
  readonly parent: Resource | null;
}

const GLOBAL = {
  '/flow': 'the user interface',
  '/controller': 'the controller',
  '/counters': 'counters',
  '/policies': 'policies',
  '/provenance': 'provenance',
  '/resources': 'resources',
  '/restricted-components': 'restricted components',
  '/site-to-site': 'site-to-site details',
  '/system': 'system diagnostics',
  '/tenants': 'users/user groups',
  '/proxy': 'proxy requests on behalf of users',
} as const;

export type GlobalPath = keyof typeof GLOBAL | '/parameter-contexts';

export const GLOBAL_PATHS = [...(Object.keys(GLOBAL) as GlobalPath[]), '/parameter-contexts'] as const;

const known = new Map<string, Resource>(Object.entries(GLOBAL).map(([path, name]) => [path, { path, name, parent: null }]));
known.set('/parameter-contexts', { path: '/parameter-contexts', name: 'parameter contexts', parent: known.get('/controller')! });

/** A resource that is no component. */
export function globalResource(path: GlobalPath): Resource {
  return known.get(path)!;
}

/** What a restricted type needs. Who may use all restricted types may use this one. */
export function restrictionResource(permission: RequiredPermission): Resource {
  const parent = globalResource('/restricted-components');
  return { path: `${parent.path}/${permission}`, name: `${parent.name} with the permission '${REQUIRED_PERMISSIONS[permission]}'`, parent };
}

/** Where the policies of components of a kind are, and what a refusal calls one. Connections have none of their own, and the settings of the instance are `/controller`. */
export const COMPONENT_RESOURCES: Readonly<Record<Exclude<ComponentKind, 'CONNECTION' | 'CONTROLLER'>, readonly [path: string, what: string]>> = {
  PROCESS_GROUP: ['/process-groups', 'Process Group'],
  PROCESSOR: ['/processors', 'Processor'],
  INPUT_PORT: ['/input-ports', 'Input Port'],
  OUTPUT_PORT: ['/output-ports', 'Output Port'],
  FUNNEL: ['/funnels', 'Funnel'],
  LABEL: ['/labels', 'Label'],
  CONTROLLER_SERVICE: ['/controller-services', 'Controller Service'],
  PARAMETER_CONTEXT: ['/parameter-contexts', 'Parameter Context'],
  REPORTING_TASK: ['/reporting-tasks', 'Reporting Task'],
  PARAMETER_PROVIDER: ['/parameter-providers', 'Parameter Provider'],
  FLOW_ANALYSIS_RULE: ['/controller/flow-analysis-rules', 'Flow Analysis Rule'],
  FLOW_REGISTRY_CLIENT: ['/controller/registry-clients', 'Flow Registry Client'],
};

/** The resource of a component; a connection's is that of its source, which owns the data in it. */
export function resourceOf(component: Component): Resource {
  const { id, kind } = component;
  if (kind === 'CONNECTION') return resourceOf((component as Connection).source);
  if (kind === 'CONTROLLER') return globalResource('/controller');
  const [path, what] = COMPONENT_RESOURCES[kind];
  return {
    path: `${path}/${id}`,
    name: `${what} with ID ${id}`,
    get parent() {
      return parentOf(component);
    },
  };
}

/** Whose policies count where a component has none. */
function parentOf({ kind, group }: Component): Resource | null {
  if (group) return resourceOf(group);
  if (kind === 'PROCESS_GROUP') return null;
  return globalResource(kind === 'PARAMETER_CONTEXT' ? '/parameter-contexts' : '/controller');
}

/** What can be protected about a component apart from its configuration. */
export const ASPECTS = {
  data: ['/data', 'the data for'],
  provenanceData: ['/provenance-data', 'the provenance data for'],
  operation: ['/operation', 'operations for'],
  dataTransfer: ['/data-transfer', 'data transfers to'],
} as const;

export type Aspect = keyof typeof ASPECTS;

/** An aspect of a resource: it is inherited as the resource is. */
export function aspectOf(aspect: Aspect, base: Resource): Resource {
  const [prefix, words] = ASPECTS[aspect];
  return {
    path: prefix + base.path,
    name: `${words} ${base.name}`,
    get parent() {
      return base.parent && aspectOf(aspect, base.parent);
    },
  };
}

/** The policies for a resource as a resource. An aspect's policies are governed by those of what it is an aspect of (NiFi). */
export function policiesOf(resource: Resource, base: Resource = resource): Resource {
  return {
    path: `/policies${base.path}`,
    name: `the policies for ${base.name}`,
    get parent() {
      return base.parent ? policiesOf(base.parent) : globalResource('/policies');
    },
  };
}

/** Who made an event: the component; for events of a queue its source; the outermost group where it has been removed. */
export function eventResource(flow: FlowController, componentId: string): Resource {
  const component = flow.find(componentId);
  const made = component instanceof Connectable || component instanceof Connection || component instanceof ProcessGroup;
  return resourceOf(made ? component : flow.root);
}
