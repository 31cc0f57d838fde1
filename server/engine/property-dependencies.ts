import type { PropertyDescriptor } from '../extension/property.ts';
import type { ConfiguredProperties } from './configured-properties.ts';
import { substituteParameters } from './expression/parameter-references.ts';
import type { PropertyScope } from './property-scope.ts';

/**
 * Whether a property counts: each property that it depends on counts itself and has one of the values asked for (any value
 * where none is named).
 */
export function dependenciesMet(descriptor: PropertyDescriptor, configured: ConfiguredProperties, scope: PropertyScope): boolean {
  return Object.entries(descriptor.dependsOn).every(([name, values]) => {
    const text = configured.effective.get(name);
    if (text === undefined) return false;
    const value = substituteParameters(text, (parameter) => scope.parameter(parameter)?.value ?? '');
    return (values.length === 0 || values.includes(value)) && dependenciesMet(configured.descriptor(name), configured, scope);
  });
}
