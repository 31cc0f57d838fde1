import type { ComponentDeclaration } from '../../extension/component.ts';
import type { ExpressionScope, PropertyMap } from '../../extension/property.ts';
import type { ComponentType, ControllerServiceType, DefinitionKind, ProcessorType, TypeOf } from '../../engine/component-types.ts';
import { DEFAULT_SCHEDULING_PERIODS, defaultProcessorConfig } from '../../engine/processor-config.ts';
import { defaultPeriods } from '../../engine/reporting-task-node.ts';
import { contractBundle, EXPRESSION_SCOPES } from './descriptor.ts';
import { INPUT_REQUIREMENTS } from './processor.ts';
import { serviceApis } from './type-catalogue.ts';

/** The documentation of a type, from its declaration: the model behind NiFi's documentation pages. */

const SCOPES: Readonly<Record<ExpressionScope, string>> = { none: 'NONE', environment: 'ENVIRONMENT', flowfile: 'FLOWFILE_ATTRIBUTES' };
type Type<D extends ComponentDeclaration<PropertyMap> = ComponentDeclaration<PropertyMap>> = ComponentType<D>;

function properties({ definition, bundle }: Type): Record<string, unknown> {
  const all = Object.values(definition.properties);
  const shown = (name: string): string => all.find((each) => each.name === name)?.displayName ?? name;
  return Object.fromEntries(
    all.map(({ name, displayName, description, required, sensitive, expressions, service, allowableValues, dependsOn, ...rest }) => [
      name,
      {
        name,
        displayName,
        description,
        required,
        sensitive,
        dynamic: false,
        defaultValue: rest.default,
        allowableValues,
        typeProvidedByValue: service && { type: service.type, ...contractBundle(service, bundle) },
        listenPortDefinition: rest.listenPort && { transportProtocol: rest.listenPort.transport, applicationProtocols: rest.listenPort.applications ?? [] },
        expressionLanguageScope: SCOPES[expressions],
        expressionLanguageScopeDescription: EXPRESSION_SCOPES[expressions],
        dependencies: Object.entries(dependsOn).map(([propertyName, values]) => ({
          propertyName,
          propertyDisplayName: shown(propertyName),
          dependentValues: values.length > 0 ? values : undefined,
        })),
      },
    ]),
  );
}

function common(kind: Type) {
  const { type, bundle, definition } = kind;
  const { dynamicProperties: dynamic, stateful } = definition;
  return {
    ...bundle,
    type,
    typeDescription: definition.description,
    tags: definition.tags,
    additionalDetails: definition.details !== undefined,
    deprecated: false,
    restricted: definition.restrictions !== undefined,
    explicitRestrictions: definition.restrictions && Object.entries(definition.restrictions).map(([requiredPermission, explanation]) => ({ requiredPermission, explanation })),
    propertyDescriptors: properties(kind),
    supportsDynamicProperties: dynamic !== undefined,
    supportsSensitiveDynamicProperties: dynamic !== undefined,
    dynamicProperties: dynamic && [{ name: dynamic.name, value: dynamic.value, description: dynamic.description, expressionLanguageScope: SCOPES[dynamic.expressions] }],
    stateful: stateful && { description: stateful.description, scopes: [stateful.scope.toUpperCase()] },
  };
}

const pairs = (entries: Readonly<Record<string, string>> | undefined) => Object.entries(entries ?? {}).map(([name, description]) => ({ name, description }));

function processorDefinition(kind: ProcessorType): Record<string, unknown> {
  const { definition } = kind;
  const defaults = defaultProcessorConfig(definition);
  return {
    ...common(kind),
    inputRequirement: INPUT_REQUIREMENTS[definition.input],
    supportedRelationships: pairs(definition.relationships),
    supportsDynamicRelationships: definition.dynamicProperties?.relationships === true,
    dynamicRelationship: definition.dynamicProperties?.relationships
      ? { name: definition.dynamicProperties.name, description: definition.dynamicProperties.description }
      : undefined,
    triggerSerially: definition.triggerSerially ?? false,
    triggerWhenEmpty: definition.triggerWhenEmpty ?? false,
    triggerWhenAnyDestinationAvailable: definition.triggerWhenAnyDestinationAvailable ?? false,
    primaryNodeOnly: definition.primaryNodeOnly ?? false,
    sideEffectFree: definition.sideEffectFree ?? false,
    supportsBatching: definition.supportsBatching ?? false,
    supportedSchedulingStrategies: ['TIMER_DRIVEN', 'CRON_DRIVEN'],
    defaultSchedulingStrategy: 'TIMER_DRIVEN',
    defaultConcurrentTasksBySchedulingStrategy: { TIMER_DRIVEN: 1, CRON_DRIVEN: 1 },
    defaultSchedulingPeriodBySchedulingStrategy: { ...DEFAULT_SCHEDULING_PERIODS, TIMER_DRIVEN: defaults.schedulingPeriod },
    defaultPenaltyDuration: defaults.penaltyDuration,
    defaultYieldDuration: defaults.yieldDuration,
    defaultBulletinLevel: defaults.bulletinLevel,
    readsAttributes: pairs(definition.readsAttributes),
    writesAttributes: pairs(definition.writesAttributes),
  };
}

function controllerServiceDefinition(kind: ControllerServiceType): Record<string, unknown> {
  return { ...common(kind), providedApiImplementations: serviceApis(kind).map(({ type, bundle }) => ({ type, ...bundle })) };
}

function reportingTaskDefinition(kind: TypeOf<'reporting-task'>): Record<string, unknown> {
  return {
    ...common(kind),
    supportedSchedulingStrategies: ['TIMER_DRIVEN', 'CRON_DRIVEN'],
    defaultSchedulingStrategy: 'TIMER_DRIVEN',
    defaultSchedulingPeriodBySchedulingStrategy: defaultPeriods(kind.definition),
  };
}

/** Documents of kinds that say more than what all say. */
const DOCUMENTS: { readonly [K in DefinitionKind]?: (type: TypeOf<K>) => Record<string, unknown> } = {
  processor: processorDefinition,
  'controller-service': controllerServiceDefinition,
  'reporting-task': reportingTaskDefinition,
};

/** The documentation of a type of any kind. */
export function typeDefinition<K extends DefinitionKind>(kind: K, type: TypeOf<K>): Record<string, unknown> {
  const document = DOCUMENTS[kind];
  return document ? document(type) : common(type as Type);
}
