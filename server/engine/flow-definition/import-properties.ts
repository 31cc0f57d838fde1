import type { ConfiguredProperties } from '../configured-properties.ts';
import type { DefinitionKind } from '../component-types.ts';
import type { FlowRuntime } from '../flow-runtime.ts';
import type { DescriptorContents } from './format.ts';

/** A component of a definition, as far as its properties go. */
export interface Declaring {
  readonly type: string;
  readonly name?: string;
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly propertyDescriptors?: Readonly<Record<string, DescriptorContents>>;
}

export interface ImportedProperties {
  /** null unsets. */
  readonly properties: Record<string, string | null>;
  readonly sensitiveDynamicPropertyNames: string[];
}

/** Texts with services named by their new ids. A declared property that this installation's type lacks is left out and told. */
export function importedProperties(
  runtime: FlowRuntime,
  kinds: readonly DefinitionKind[],
  contents: Declaring,
  declared: ConfiguredProperties,
  serviceId: (identifier: string) => string,
): ImportedProperties {
  const properties: Record<string, string> = {};
  const described = contents.propertyDescriptors ?? {};
  const isGhost = kinds.every((kind) => !runtime.types.find(kind, contents.type));
  declared.describeForeign(described);
  for (const [name, text] of Object.entries(contents.properties ?? {})) {
    if (text === null) continue;
    if (!isGhost && declared.isDynamic(name) && described[name]?.dynamic === false) {
      const message = `${contents.name ?? contents.type}: this installation's ${contents.type} has no property '${name}'; it was left out of the import.`;
      runtime.log({ level: 'warn', time: runtime.clock.now(), message });
      continue;
    }
    properties[name] = declared.descriptor(name).service ? serviceId(text) : text;
  }
  const sensitive = Object.values(described).filter((each) => each.sensitive && each.dynamic);
  return { properties, sensitiveDynamicPropertyNames: sensitive.map(({ name }) => name) };
}
