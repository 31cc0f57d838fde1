import type { Component } from '../engine/component.ts';
import { Connection } from '../engine/connection.ts';
import { ConfiguredComponent } from '../engine/configured-component.ts';
import type { Rights } from './authorization/rights.ts';
import type { ConfiguredProperties } from '../engine/configured-properties.ts';
import type { FlowController } from '../engine/flow-controller.ts';
import { Label } from '../engine/label.ts';
import type { ParameterContext } from '../engine/parameter-context.ts';
import { ProcessorNode } from '../engine/processor-node.ts';

export interface SearchResultDto {
  id: string;
  groupId?: string;
  parentGroup?: { id: string; name: string };
  name: string;
  /** What matched, such as `Name: fetch orders`. */
  matches: string[];
}

type ResultKind =
  | 'processorResults'
  | 'connectionResults'
  | 'processGroupResults'
  | 'inputPortResults'
  | 'outputPortResults'
  | 'remoteProcessGroupResults'
  | 'funnelResults'
  | 'labelResults'
  | 'controllerServiceNodeResults'
  | 'parameterContextResults'
  | 'parameterProviderNodeResults'
  | 'parameterResults';

export type SearchResultsDto = Record<ResultKind, SearchResultDto[]>;

const KINDS: Readonly<Partial<Record<Component['kind'], ResultKind>>> = {
  PROCESSOR: 'processorResults',
  CONNECTION: 'connectionResults',
  PROCESS_GROUP: 'processGroupResults',
  INPUT_PORT: 'inputPortResults',
  OUTPUT_PORT: 'outputPortResults',
  FUNNEL: 'funnelResults',
  LABEL: 'labelResults',
  CONTROLLER_SERVICE: 'controllerServiceNodeResults',
  PARAMETER_CONTEXT: 'parameterContextResults',
  PARAMETER_PROVIDER: 'parameterProviderNodeResults',
};

/** So many of each kind are shown. */
const MOST = 1000;

function propertyFields(properties: ConfiguredProperties): [string, string][] {
  const texts = [...properties.texts].filter(([name]) => !properties.isSensitive(name));
  return [...texts.map(([name, text]): [string, string] => [`Property value: ${name} -`, text]), ...texts.map(([name]): [string, string] => ['Property name:', name])];
}

/** What can be found of a component, under the words by which a match is shown. */
function fieldsOf(component: Component): [string, string][] {
  const common: [string, string][] = [
    ['Id:', component.id],
    ['Version Control ID:', component.versionedId ?? ''],
    ['Name:', component.name],
    ['Comments:', component.comments],
  ];
  if (component instanceof Label)
    return [
      ['Id:', component.id],
      ['Value:', component.config.text],
    ];
  if (component instanceof ProcessorNode) {
    const { runnable, type, relationships, config, properties } = component;
    return [
      ...common,
      ['Type:', runnable.type],
      ['Type:', type],
      ['Scheduling strategy:', config.schedulingStrategy],
      ...Object.keys(relationships).map((name): [string, string] => ['Relationship:', name]),
      ...propertyFields(properties),
    ];
  }
  if (component instanceof ConfiguredComponent) return [...common, ['Type:', component.type], ...propertyFields(component.properties)];
  if (component instanceof Connection) {
    const { source, destination, config, selectedRelationships } = component;
    const ends: [string, string][] = [
      ['Source id:', source.id],
      ['Source name:', source.name],
      ['Destination id:', destination.id],
      ['Destination name:', destination.name],
    ];
    return [
      ...common,
      ...ends,
      ...selectedRelationships.map((name): [string, string] => ['Relationship:', name]),
      ...config.prioritizers.map((type): [string, string] => ['Prioritizer:', type]),
    ];
  }
  return common;
}

function result(component: Component, query: string, rights: Rights): SearchResultDto | undefined {
  const matches = fieldsOf(component)
    .filter(([, text]) => text.toLowerCase().includes(query))
    .map(([label, text]) => `${label} ${text}`);
  if (matches.length === 0) return undefined;
  const { id, group } = component;
  const name = component instanceof Label ? component.config.text : component.name;
  return {
    id,
    name,
    groupId: group?.id,
    parentGroup: group ? { id: group.id, name: rights.may('read', group) ? group.name : group.id } : undefined,
    matches: [...new Set(matches)],
  };
}

function parameterResults(context: ParameterContext, query: string): SearchResultDto[] {
  return [...context.parameters.values()].flatMap(({ name, description, value, sensitive }) => {
    const fields: [string, string][] = [
      ['Name:', name],
      ['Description:', description],
      ['Value:', sensitive ? '' : (value ?? '')],
    ];
    const matches = fields.filter(([, text]) => text.toLowerCase().includes(query)).map(([label, text]) => `${label} ${text}`);
    return matches.length > 0 ? [{ id: `${context.id}/${name}`, name, parentGroup: { id: context.id, name: context.name }, matches }] : [];
  });
}

/** Finds components that may be read by any of their texts, upper and lower case alike; in a group where one is named. */
export function search(flow: FlowController, text: string, rights: Rights, groupId?: string): SearchResultsDto {
  const results = Object.fromEntries([...Object.values(KINDS), 'remoteProcessGroupResults', 'parameterResults'].map((kind) => [kind, []])) as unknown as SearchResultsDto;
  const query = text.trim().toLowerCase();
  if (query === '') return results;
  const place = groupId ? flow.group(groupId) : flow.root;
  for (const component of [...place.descendants(), ...flow.controllerServices.values(), ...flow.parameterContexts.values(), ...flow.allControllerLevel('PARAMETER_PROVIDER')]) {
    const found = rights.may('read', component) ? result(component, query, rights) : undefined;
    const list = results[KINDS[component.kind]!];
    if (found && list.length < MOST) list.push(found);
  }
  results.parameterResults = [...flow.parameterContexts.values()]
    .filter((context) => rights.may('read', context))
    .flatMap((context) => parameterResults(context, query))
    .slice(0, MOST);
  return results;
}
