import type { ComponentDeclaration } from '../../extension/component.ts';
import type { ExpressionScope, PropertyDescriptor, PropertyMap } from '../../extension/property.ts';
import type { ServiceContract } from '../../extension/service.ts';
import type { Bundle } from '../../engine/component-types.ts';
import type { ConfiguredProperties } from '../../engine/configured-properties.ts';
import { RawJson } from '../raw-json.ts';
import type { BundleDto } from './common.ts';
import { NO_SERVICES, type ServiceChoices } from './service-choices.ts';

export interface AllowableValueEntity {
  canRead: boolean;
  allowableValue: { value: string; displayName: string; description?: string };
}

export interface PropertyDependencyDto {
  propertyName: string;
  dependentValues?: string[];
}

export interface PropertyDescriptorDto {
  name: string;
  displayName: string;
  description: string;
  defaultValue?: string;
  allowableValues?: AllowableValueEntity[];
  required: boolean;
  sensitive: boolean;
  dynamic: boolean;
  supportsEl: boolean;
  expressionLanguageScope: string;
  identifiesControllerService?: string;
  identifiesControllerServiceBundle?: BundleDto;
  dependencies: PropertyDependencyDto[];
  /** Ours: a hint for the editor, such as `sql`. */
  language?: string;
}

export const EXPRESSION_SCOPES: Readonly<Record<ExpressionScope, string>> = {
  none: 'Not Supported',
  environment: 'Environment variables defined at JVM level and system properties',
  flowfile: 'Environment variables and FlowFile Attributes',
};

/** The package that an API of services comes in. */
export function contractBundle({ type }: ServiceContract, { version }: Bundle): BundleDto {
  return type.startsWith('org.apache.nifi.')
    ? { group: 'org.apache.nifi', artifact: 'nifi-standard-services-api-nar', version }
    : { group: 'dev.millrace', artifact: 'millrace-services-api', version };
}

export function descriptorDto(descriptor: PropertyDescriptor & { readonly dynamic?: boolean }, bundle: Bundle, choices: ServiceChoices): PropertyDescriptorDto {
  const { name, displayName, description, required, sensitive, expressions, service, language, dynamic = false } = descriptor;
  return {
    name,
    displayName,
    description,
    required,
    sensitive,
    dynamic,
    language,
    defaultValue: descriptor.default,
    allowableValues: allowableValues(descriptor, choices),
    supportsEl: expressions !== 'none',
    expressionLanguageScope: EXPRESSION_SCOPES[expressions],
    identifiesControllerService: service?.type,
    identifiesControllerServiceBundle: service && contractBundle(service, bundle),
    dependencies: Object.entries(descriptor.dependsOn).map(([propertyName, values]) => ({ propertyName, dependentValues: values.length > 0 ? [...values] : undefined })),
  };
}

function allowableValues({ allowableValues: values, service }: PropertyDescriptor, choices: ServiceChoices): AllowableValueEntity[] | undefined {
  if (service) return choices.of(service).map((each) => serviceValue(each, choices.canRead(each)));
  return values?.map(({ value, displayName, description }) => ({ canRead: true, allowableValue: { value, displayName, description } }));
}

/** A service that may not be read goes by its id. */
function serviceValue({ id, name }: { readonly id: string; readonly name: string }, canRead: boolean): AllowableValueEntity {
  return { canRead, allowableValue: { value: id, displayName: canRead ? name : id } };
}

/** A configured component, as far as its properties go. */
export interface Configured {
  readonly definition: ComponentDeclaration<PropertyMap> | undefined;
  readonly bundle: Bundle;
  readonly properties: ConfiguredProperties;
}

const entry = (name: string, dto: PropertyDescriptorDto): string => `${JSON.stringify(name)}:${JSON.stringify(dto)}`;

/** The declared part of `descriptors`, made once for each type; where services are listed, once for each group and answer. */
export function declaredPart({ definition, bundle }: Configured, choices: ServiceChoices): string {
  if (!definition) return '';
  const descriptors = Object.values(definition.properties);
  const { texts } = descriptors.some(({ service }) => service) ? choices : NO_SERVICES;
  const known = texts.get(definition);
  if (known !== undefined) return known;
  const text = descriptors.map((descriptor) => entry(descriptor.name, descriptorDto(descriptor, bundle, choices))).join(',');
  texts.set(definition, text);
  return text;
}

/** The `descriptors` of a component's configuration, by name. */
export function descriptorDtos(configured: Configured, choices: ServiceChoices): Record<string, PropertyDescriptorDto> {
  const { properties, bundle } = configured;
  const dynamic = [...properties.texts.keys()].filter((name) => properties.isDynamic(name)).map((name) => entry(name, descriptorDto(properties.descriptor(name), bundle, choices)));
  return RawJson.of(`{${[declaredPart(configured, choices), ...dynamic].filter((text) => text !== '').join(',')}}`);
}

/** What stands in place of a sensitive value. */
export const MASK = '********';

/** Texts that were proposed for a component, as answers tell them: what is sensitive does not come back. */
export function maskedTexts(texts: Readonly<Record<string, string | null>>, properties: Pick<ConfiguredProperties, 'isSensitive'>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, text !== null && properties.isSensitive(name) ? MASK : text]));
}

/** The `properties` of a component's configuration: every declared one, null where it has no value. */
export function propertyTexts({ definition, properties }: Pick<Configured, 'definition' | 'properties'>): Record<string, string | null> {
  const shown = (name: string, text: string): string => (properties.isSensitive(name) ? MASK : text);
  const texts: Record<string, string | null> = {};
  for (const { name } of Object.values(definition?.properties ?? {})) {
    const text = properties.effective.get(name);
    texts[name] = text === undefined ? null : shown(name, text);
  }
  for (const [name, text] of properties.texts) texts[name] = shown(name, text);
  return texts;
}
