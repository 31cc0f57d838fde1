import type { ComponentType, ControllerServiceType, ProcessorType } from '../../server/engine/component-types.ts';
import { defaultProcessorConfig } from '../../server/engine/processor-config.ts';
import type { ComponentDeclaration, DynamicProperties } from '../../server/extension/component.ts';
import type { ExpressionScope, PropertyDescriptor, PropertyMap } from '../../server/extension/property.ts';

/** A property as NiFi describes it; what is left out is false, none or empty. */
export interface NiFiProperty {
  readonly displayName?: string;
  readonly required?: boolean;
  readonly sensitive?: boolean;
  readonly defaultValue?: string;
  readonly allowableValues?: readonly (string | readonly [value: string, displayName: string])[];
  readonly expressionLanguageScope?: 'ENVIRONMENT' | 'FLOWFILE_ATTRIBUTES';
  readonly dependencies?: readonly { readonly property: string; readonly values?: readonly string[] }[];
  readonly typeProvidedByValue?: string;
}

/** What NiFi says of a component type. */
export interface NiFiComponent {
  readonly properties: Readonly<Record<string, NiFiProperty>>;
  readonly bundle: string;
  readonly supportsDynamicProperties?: boolean;
  readonly supportsSensitiveDynamicProperties?: boolean;
  readonly supportsDynamicRelationships?: boolean;
  readonly dynamicProperties?: readonly { readonly expressionLanguageScope?: string }[];
  readonly stateful?: readonly string[];
}

export interface NiFiProcessor extends NiFiComponent {
  readonly relationships?: readonly string[];
  readonly inputRequirement?: string;
  readonly writesAttributes?: readonly string[];
  readonly triggerSerially?: boolean;
  readonly triggerWhenEmpty?: boolean;
  readonly triggerWhenAnyDestinationAvailable?: boolean;
  readonly primaryNodeOnly?: boolean;
  readonly sideEffectFree?: boolean;
  readonly supportsBatching?: boolean;
  readonly defaultSchedulingPeriodBySchedulingStrategy?: { readonly TIMER_DRIVEN?: string };
  readonly defaultPenaltyDuration?: string;
  readonly defaultYieldDuration?: string;
  readonly defaultBulletinLevel?: string;
}

export interface NiFiService extends NiFiComponent {
  readonly provides?: readonly string[];
}

const SCOPES: Readonly<Record<ExpressionScope, string>> = { none: 'NONE', environment: 'ENVIRONMENT', flowfile: 'FLOWFILE_ATTRIBUTES' };
const show = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** `what is ours, NiFi has theirs` for each trait in which they differ. */
function differences(subject: string, ours: Readonly<Record<string, unknown>>, theirs: Readonly<Record<string, unknown>>): string[] {
  return Object.keys(theirs)
    .filter((trait) => show(ours[trait]) !== show(theirs[trait]))
    .map((trait) => `${subject}: ${trait} is ${show(ours[trait])}, NiFi has ${show(theirs[trait])}`);
}

const traitsOf = (property: PropertyDescriptor) => ({
  displayName: property.displayName,
  required: property.required,
  sensitive: property.sensitive,
  default: property.default,
  'allowable values': property.allowableValues?.map(({ value, displayName }) => [value, displayName]),
  expressions: SCOPES[property.expressions],
  service: property.service?.type,
  dependencies: sorted(Object.entries(property.dependsOn)),
});

/** The order of dependencies and of their values says nothing. */
function sorted(dependencies: readonly (readonly [string, readonly string[]])[]): string[] {
  return dependencies.map(([name, values]) => show([name, [...values].sort()])).sort();
}

const nifiTraits = (name: string, property: NiFiProperty) => ({
  displayName: property.displayName ?? name,
  required: property.required ?? false,
  sensitive: property.sensitive ?? false,
  default: property.defaultValue,
  'allowable values': property.allowableValues?.map((value) => (typeof value === 'string' ? [value, value] : value)),
  expressions: property.expressionLanguageScope ?? 'NONE',
  service: property.typeProvidedByValue,
  dependencies: sorted((property.dependencies ?? []).map(({ property: other, values }) => [other, values ?? []])),
});

/** What is wrong with the properties of a type, a sentence each; properties that NiFi does not have are wrong too. */
export function propertyDifferences(type: string, ours: PropertyMap, theirs: Readonly<Record<string, NiFiProperty>>): string[] {
  const known = new Map(Object.values(ours).map((property) => [property.name, property]));
  const wrong = Object.entries(theirs).flatMap(([name, property]) => {
    const own = known.get(name);
    return own ? differences(`${type}: '${name}'`, traitsOf(own), nifiTraits(name, property)) : [`${type}: '${name}' is missing`];
  });
  return [...wrong, ...[...known.keys()].filter((name) => !Object.hasOwn(theirs, name)).map((name) => `${type}: '${name}' is not NiFi's`)];
}

/** What is wrong with what all kinds of types have, a sentence each. */
export function commonDifferences(type: ComponentType<ComponentDeclaration<PropertyMap>>, nifi: NiFiComponent): string[] {
  const { definition, bundle } = type;
  const { dynamicProperties, stateful } = definition;
  const scopes = [stateful?.scope ?? []].flat().map((scope) => scope.toUpperCase());
  return [
    ...propertyDifferences(type.type, definition.properties, nifi.properties),
    ...differences(
      type.type,
      { bundle: `${bundle.group}:${bundle.artifact}`, state: scopes, ...dynamicTraits(dynamicProperties) },
      {
        bundle: nifi.bundle,
        state: scopes.length > 0 && scopes.every((scope) => nifi.stateful?.includes(scope)) ? scopes : (nifi.stateful ?? []),
        'dynamic properties': nifi.supportsDynamicProperties ?? false,
        'dynamic relationships': nifi.supportsDynamicRelationships ?? false,
        'dynamic expressions': nifi.dynamicProperties?.[0] && (nifi.dynamicProperties[0].expressionLanguageScope ?? 'NONE'),
      },
    ),
  ];
}

const dynamicTraits = (dynamic: DynamicProperties | undefined) => ({
  'dynamic properties': dynamic !== undefined,
  'dynamic relationships': dynamic?.relationships ?? false,
  'dynamic expressions': dynamic && SCOPES[dynamic.expressions],
});

/** What is wrong with a processor type, a sentence each. */
export function processorDifferences(type: ProcessorType, nifi: NiFiProcessor): string[] {
  const { definition } = type;
  const defaults = defaultProcessorConfig(definition);
  const ours = {
    relationships: Object.keys(definition.relationships).sort(),
    input: `INPUT_${definition.input.toUpperCase()}`,
    triggerSerially: definition.triggerSerially ?? false,
    triggerWhenEmpty: definition.triggerWhenEmpty ?? false,
    triggerWhenAnyDestinationAvailable: definition.triggerWhenAnyDestinationAvailable ?? false,
    primaryNodeOnly: definition.primaryNodeOnly ?? false,
    sideEffectFree: definition.sideEffectFree ?? false,
    supportsBatching: definition.supportsBatching ?? false,
    schedulingPeriod: defaults.schedulingPeriod,
    penaltyDuration: defaults.penaltyDuration,
    yieldDuration: defaults.yieldDuration,
    bulletinLevel: defaults.bulletinLevel,
    writesAttributes: [],
  };
  const theirs = {
    relationships: [...(nifi.relationships ?? [])].sort(),
    input: nifi.inputRequirement ?? 'INPUT_ALLOWED',
    triggerSerially: nifi.triggerSerially ?? false,
    triggerWhenEmpty: nifi.triggerWhenEmpty ?? false,
    triggerWhenAnyDestinationAvailable: nifi.triggerWhenAnyDestinationAvailable ?? false,
    primaryNodeOnly: nifi.primaryNodeOnly ?? false,
    sideEffectFree: nifi.sideEffectFree ?? false,
    supportsBatching: nifi.supportsBatching ?? false,
    schedulingPeriod: nifi.defaultSchedulingPeriodBySchedulingStrategy?.TIMER_DRIVEN ?? '0 sec',
    penaltyDuration: nifi.defaultPenaltyDuration ?? '30 sec',
    yieldDuration: nifi.defaultYieldDuration ?? '1 sec',
    bulletinLevel: nifi.defaultBulletinLevel ?? 'WARN',
    writesAttributes: (nifi.writesAttributes ?? []).filter((name) => !Object.hasOwn(definition.writesAttributes ?? {}, name.trim())),
  };
  return [...commonDifferences(type, nifi), ...differences(type.type, ours, theirs)];
}

/** What is wrong with a controller service type, a sentence each. */
export function serviceDifferences(type: ControllerServiceType, nifi: NiFiService): string[] {
  const provided = new Set(type.definition.provides.map(({ type: contract }) => contract));
  const lacking = (nifi.provides ?? []).filter((contract) => !provided.has(contract)).map((contract) => `${type.type}: does not provide ${contract}`);
  return [...commonDifferences(type, nifi), ...lacking];
}
