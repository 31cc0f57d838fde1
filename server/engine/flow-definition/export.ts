import type { Component } from '../component.ts';
import type { ConfiguredComponent } from '../configured-component.ts';
import type { Connectable } from '../connectable.ts';
import type { Connection } from '../connection.ts';
import type { ControllerServiceNode } from '../controller-service-node.ts';
import { InvalidRequestError } from '../errors.ts';
import { parameterReferences } from '../expression/parameter-references.ts';
import type { FlowController } from '../flow-controller.ts';
import type { Label } from '../label.ts';
import { nameUuid } from '../name-uuid.ts';
import type { ParameterContext } from '../parameter-context.ts';
import type { Port } from '../port.ts';
import type { ProcessGroup } from '../process-group.ts';
import type { ProcessorNode } from '../processor-node.ts';
import type { ReportingTaskNode } from '../reporting-task-node.ts';
import type {
  ConnectionContents,
  ContextContents,
  DescriptorContents,
  EndContents,
  FlowDefinition,
  GroupContents,
  LabelContents,
  PortContents,
  ProcessorContents,
  ProviderContents,
  ReportingTaskContents,
  ServiceContents,
} from './format.ts';

export interface ExportOptions {
  /** Takes services along that belong to groups above and are used in it. */
  readonly includeReferencedServices?: boolean;
  /** Says of nested groups which version they follow. */
  readonly versionControl?: boolean;
}

/** A group as a flow definition; sensitive values are left out. */
export function exportGroup(flow: FlowController, group: ProcessGroup, options: ExportOptions = {}): FlowDefinition {
  return identifiedGroup(flow, group, options).definition;
}

/** A group as a flow definition, and which component each identifier in it stands for. */
export function identifiedGroup(flow: FlowController, group: ProcessGroup, options: ExportOptions = {}): { definition: FlowDefinition; components: Map<string, Component> } {
  const exporter = new Exporter(options.versionControl);
  const contexts = [...group.tree()].flatMap(({ parameterContext }) => (parameterContext ? withInherited(parameterContext) : []));
  for (const each of group.tree()) exporter.identify(each);
  const external = exporter.externalServices(group);
  const along = options.includeReferencedServices ? external : [];
  const components = new Map([group, ...group.descendants()].map((each) => [exporter.idOf(each), each] as const));
  const contents = exporter.group(group);
  const flowContents = {
    ...contents,
    groupIdentifier: undefined,
    versionedFlowCoordinates: undefined,
    controllerServices: [...contents.controllerServices!, ...along.map((service) => exporter.service(service, group))],
  };
  const left = external.filter((service) => !along.includes(service));
  const definition = {
    flowContents,
    externalControllerServices: Object.fromEntries(left.map((service) => [exporter.idOf(service), { identifier: exporter.idOf(service), name: service.name }])),
    parameterContexts: exportContexts(contexts),
    flowEncodingVersion: '1.0',
    parameterProviders: exportProviders(flow, contexts),
    latest: false,
  };
  return { definition, components };
}

/** Some members of a group, by id, for the clipboard. Throws InvalidRequestError where one is not in the group. */
export function exportSelection(flow: FlowController, group: ProcessGroup, ids: readonly string[]): GroupContents {
  const exporter = new Exporter(true);
  const chosen = new Set(ids);
  for (const id of chosen) if (flow.find(id)?.group !== group) throw new InvalidRequestError(`Component ${id} is not in the group ${group.name}.`);
  const pick = <C extends Component>(members: ReadonlyMap<string, C>): C[] => [...members.values()].filter(({ id }) => chosen.has(id));
  return exporter.contents(group, pick);
}

/** The context and those that it inherits from, directly or not. */
function withInherited(context: ParameterContext): ParameterContext[] {
  return [context, ...context.inherited.flatMap(withInherited)];
}

function exportContexts(contexts: readonly ParameterContext[]): Record<string, ContextContents> {
  return Object.fromEntries(contexts.map((context) => [context.name, exportContext(context)]));
}

/** The parameter providers that contexts refer to, by id; how they are configured stays here. */
function exportProviders(flow: FlowController, contexts: readonly ParameterContext[]): Record<string, ProviderContents> {
  const ids = new Set(contexts.flatMap(({ provision }) => provision?.providerId ?? []));
  const used = flow.allControllerLevel('PARAMETER_PROVIDER').filter(({ id }) => ids.has(id));
  return Object.fromEntries(used.map(({ id, name, type, bundle }) => [id, { identifier: id, name, type, bundle }]));
}

function exportContext(context: ParameterContext): ContextContents {
  const parameters = [...context.parameters.values()].map(({ name, description, sensitive, provided, value, assets }) => {
    const plain = { name, description, sensitive, provided };
    if (assets.length > 0) return { ...plain, referencedAssets: assets.map((asset) => ({ identifier: asset.id, name: asset.name })) };
    return sensitive || value === undefined ? plain : { ...plain, value };
  });
  const { name, description, inherited, provision } = context;
  const provider = provision && { parameterProvider: provision.providerId, parameterGroupName: provision.group, synchronized: provision.synchronized };
  return { name, ...(description && { description }), parameters, inheritedParameterContexts: inherited.map((each) => each.name), ...provider, componentType: 'PARAMETER_CONTEXT' };
}

type Choose = <C extends Component>(members: ReadonlyMap<string, C>) => C[];
const everything: Choose = (members) => [...members.values()];

/** Writes components in NiFi's form. Identifiers are those of the definition that a component came from, where no other uses them. */
export class Exporter {
  readonly #versionControl: boolean;
  readonly #identifiers = new Map<string, string>();
  readonly #taken = new Set<string>();

  /** `versionControl`: groups say which version they follow. */
  constructor(versionControl = false) {
    this.#versionControl = versionControl;
  }

  idOf(component: Component): string {
    let identifier = this.#identifiers.get(component.id);
    if (identifier === undefined) {
      const own = component.versionedId;
      identifier = own !== undefined && !this.#taken.has(own) ? own : nameUuid(component.id);
      this.#identifiers.set(component.id, identifier);
      this.#taken.add(identifier);
    }
    return identifier;
  }

  /** Gives the group and its members their identifiers, before anything outside of it gets one. */
  identify(group: ProcessGroup): void {
    this.idOf(group);
    for (const member of group.members()) this.idOf(member);
  }

  /** Services of groups above that something in the group uses. */
  externalServices(group: ProcessGroup): ControllerServiceNode[] {
    const found = new Set<ControllerServiceNode>();
    for (const each of group.tree()) {
      for (const { properties } of each.configured()) {
        for (const id of properties.serviceIds) {
          const service = group.runtime.service(id);
          if (service && !group.contains(service.group)) found.add(service);
        }
      }
    }
    return [...found];
  }

  group(group: ProcessGroup): GroupContents {
    return this.contents(group, everything);
  }

  contents(group: ProcessGroup, pick: Choose): GroupContents {
    const { flowfileConcurrency, flowfileOutboundPolicy, ...settings } = group.settings;
    return {
      ...this.#base(group),
      versionedFlowCoordinates: this.#versionControl ? group.versionControl?.coordinates : undefined,
      processGroups: pick(group.groups).map((each) => this.group(each)),
      remoteProcessGroups: [],
      processors: pick(group.processors).map((each) => this.#processor(each)),
      inputPorts: pick(group.inputPorts).map((each) => this.#port(each)),
      outputPorts: pick(group.outputPorts).map((each) => this.#port(each)),
      connections: pick(group.connections).map((each) => this.#connection(each)),
      labels: pick(group.labels).map((each) => this.#label(each)),
      funnels: pick(group.funnels).map((each) => ({ ...this.#base(each), name: undefined, comments: undefined })),
      controllerServices: pick(group.services).map((each) => this.service(each, group)),
      parameterContextName: group.parameterContext?.name,
      ...settings,
      scheduledState: 'ENABLED',
      flowFileConcurrency: flowfileConcurrency,
      flowFileOutboundPolicy: flowfileOutboundPolicy,
    };
  }

  #base(component: Component) {
    const { id, name, comments, position, kind, group } = component;
    return {
      identifier: this.idOf(component),
      instanceIdentifier: id,
      name,
      comments,
      position,
      componentType: kind as string,
      groupIdentifier: group ? this.idOf(group) : undefined,
    };
  }

  #processor(node: ProcessorNode): ProcessorContents {
    const { type, bundle, config, annotationData } = node;
    return { ...this.#base(node), type, bundle, ...this.#properties(node), ...config, annotationData, scheduledState: node.scheduledState === 'DISABLED' ? 'DISABLED' : 'ENABLED' };
  }

  reportingTask(node: ReportingTaskNode): ReportingTaskContents {
    const { type, bundle, schedule, annotationData, state } = node;
    const scheduledState = state === 'STOPPED' ? 'ENABLED' : state;
    return { ...this.#base(node), position: undefined, type, bundle, ...this.#properties(node), ...schedule, annotationData, scheduledState };
  }

  /** `group` is the one that the service is written into; null for services outside of all. */
  service(node: ControllerServiceNode, group: ProcessGroup | null): ServiceContents {
    const { type, bundle, bulletinLevel, definition, scheduledState, annotationData } = node;
    const controllerServiceApis = definition?.provides.map((contract) => ({ type: contract.type, bundle }));
    return {
      ...this.#base(node),
      position: undefined,
      groupIdentifier: group ? this.idOf(group) : undefined,
      type,
      bundle,
      ...this.#properties(node),
      controllerServiceApis,
      scheduledState,
      bulletinLevel,
      annotationData,
    };
  }

  /** Services are named by their identifiers in the definition; sensitive values appear only where they refer to parameters. */
  #properties({ properties, runtime }: ProcessorNode | ConfiguredComponent): {
    properties: Record<string, string | null>;
    propertyDescriptors: Record<string, DescriptorContents>;
  } {
    const texts: Record<string, string | null> = {};
    const propertyDescriptors: Record<string, DescriptorContents> = {};
    for (const { name, displayName, sensitive, dynamic, service } of properties.descriptors()) {
      propertyDescriptors[name] = { ...properties.foreign(name), name, displayName, identifiesControllerService: service !== undefined, sensitive, dynamic };
      const text = properties.effective.get(name) ?? null;
      if (sensitive && !isReference(text)) continue;
      const used = service && text !== null ? runtime.service(text) : undefined;
      texts[name] = used ? this.idOf(used) : text;
    }
    return { properties: texts, propertyDescriptors };
  }

  #port(port: Port): PortContents {
    const { kind, concurrentTasks, allowRemoteAccess, portFunction } = port;
    return {
      ...this.#base(port),
      type: kind,
      concurrentlySchedulableTaskCount: concurrentTasks,
      scheduledState: port.state === 'DISABLED' ? 'DISABLED' : 'ENABLED',
      allowRemoteAccess,
      portFunction,
    };
  }

  #connection(connection: Connection): ConnectionContents {
    const { loadBalancePartitionAttribute, ...config } = connection.config;
    return {
      ...this.#base(connection),
      name: connection.name || undefined,
      comments: undefined,
      position: undefined,
      source: this.#end(connection.source),
      destination: this.#end(connection.destination),
      ...config,
      partitioningAttribute: loadBalancePartitionAttribute,
    };
  }

  #end(node: Connectable): EndContents {
    const { id, kind, name, comments, group } = node;
    return { id: this.idOf(node), type: kind, groupId: this.idOf(group), name, comments, instanceIdentifier: id };
  }

  #label(label: Label): LabelContents {
    const { text, ...config } = label.config;
    return { ...this.#base(label), name: undefined, comments: undefined, label: text, ...config };
  }
}

/** `#{name}` and nothing else. */
function isReference(text: string | null): boolean {
  return text !== null && /^#\{[^}]*\}$/.test(text) && parameterReferences(text).length === 1;
}
