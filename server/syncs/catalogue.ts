import type { FlowDefinition, GroupContents } from '../engine/flow-definition/format.ts';
import type { ConnectorDescription } from './connector-description.ts';
import type { ConnectorView } from './views.ts';

/** A connector of flows/: a flow definition and, where a sync can be made of it, its description. */
export interface Connector {
  readonly name: string;
  readonly definition: FlowDefinition;
  readonly description: ConnectorDescription | undefined;
}

/** The connectors that come with the server. */
export interface Catalogue {
  all(): Promise<readonly Connector[]>;
  find(name: string): Promise<Connector | undefined>;
}

/** A connector as the gallery shows it. */
export function connectorView({ name, definition, description }: Connector): ConnectorView {
  const { name: title = name, comments = '' } = definition.flowContents;
  return {
    name,
    title: description?.title ?? title,
    description: description?.summary ?? comments,
    canSync: description !== undefined,
    category: description?.category ?? null,
    source: description?.source ?? null,
    destination: description?.destination ?? null,
    documentation: description?.documentation ?? comments,
  };
}

/** The identifier that a component has in its definition; undefined where there is none. `path`: names, those of inner groups first. */
export function identifierOf(definition: FlowDefinition, kind: 'processors' | 'controllerServices', path: string): string | undefined {
  const names = path.split('/');
  const last = names.pop();
  let group: GroupContents | undefined = definition.flowContents;
  for (const name of names) group = group?.processGroups?.find((each) => each.name === name);
  return group?.[kind]?.find((each) => each.name === last)?.identifier;
}
