import { messageOf } from '../extension/errors.ts';
import { scheduleOf } from './processor-config.ts';
import type { ProcessorNode } from './processor-node.ts';
import type { PropertyScope } from './property-scope.ts';
import { invalid, validateProperties } from './property-validation.ts';
import { parameterValue } from './property-values.ts';

/** Relationships as they follow from the configuration; a ghost has those that it uses. */
export function relationshipsOf(node: ProcessorNode): Readonly<Record<string, string>> {
  const { definition, properties } = node;
  if (!definition) return ghostRelationships(node);
  if (definition.relationshipsFor) return definition.relationshipsFor(properties.effective);
  if (!definition.dynamicProperties?.relationships) return definition.relationships;
  const dynamic = [...properties.texts.keys()].filter((name) => properties.isDynamic(name));
  return { ...definition.relationships, ...Object.fromEntries(dynamic.map((name) => [name, `FlowFiles that match '${name}'`])) };
}

function ghostRelationships({ config, outgoing }: ProcessorNode): Record<string, string> {
  const names = [...config.autoTerminatedRelationships, ...config.retriedRelationships, ...[...outgoing].flatMap(({ selectedRelationships }) => selectedRelationships)];
  return Object.fromEntries(names.map((name) => [name, '']));
}

/** Everything that keeps the processor from running, in NiFi's words. */
export function validateProcessor(node: ProcessorNode, scope: PropertyScope = node.group.propertyScope): string[] {
  const { definition } = node;
  if (!definition) return [invalid('Missing Processor', 'Any Property', `Could not create Processor of type ${node.type}; this type is not installed. Its configuration is kept.`)];
  return [
    ...validateProperties(definition, node.properties, scope),
    ...scheduleProblems(node, scope),
    ...relationshipProblems(node),
    ...inputProblems(node),
    ...node.runtime.analysis.problemsOf(node.id),
  ];
}

function scheduleProblems({ config, runtime }: ProcessorNode, scope: PropertyScope): string[] {
  try {
    scheduleOf(config, runtime.timeZone, parameterValue(scope));
    return [];
  } catch (thrown) {
    return [invalid('Run Schedule', config.schedulingPeriod, messageOf(thrown))];
  }
}

function relationshipProblems({ relationships, runnable }: ProcessorNode): string[] {
  return Object.keys(relationships)
    .filter((name) => !runnable.outgoing.has(name) && !runnable.autoTerminated.has(name))
    .map((name) => invalid(`Relationship ${name}`, undefined, `Relationship '${name}' is not connected to any component and is not auto-terminated`));
}

function inputProblems({ definition, incoming }: ProcessorNode): string[] {
  if (definition!.input === 'forbidden' && incoming.size > 0) {
    return [invalid('Upstream Connections', undefined, `Processor does not allow upstream connections but currently has ${incoming.size}`)];
  }
  const fromOthers = [...incoming].some(({ source, destination }) => source !== destination);
  if (definition!.input === 'required' && !fromOthers) return [invalid('Upstream Connections', undefined, 'Processor requires an upstream connection but currently has none')];
  return [];
}
