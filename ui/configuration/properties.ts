import type { PropertyDescriptorDto } from '../api/shapes.ts';
import { applies, type Descriptors, type Values } from '../shared/properties/model.ts';

/** One line of a property table. */
export interface PropertyRow {
  readonly descriptor: PropertyDescriptorDto;
  /** As it is configured; null where nothing is. */
  readonly value: string | null;
  /** As people read it: the display name of a choice, the name of a service. */
  readonly text: string | null;
  readonly isDefault: boolean;
}

/** The properties that count, in the order of their declaration. */
export function propertyRows(descriptors: Descriptors, values: Values): PropertyRow[] {
  return Object.values(descriptors)
    .filter((descriptor) => applies(descriptor, descriptors, values))
    .map((descriptor) => {
      const value = values[descriptor.name] ?? null;
      const choice = descriptor.allowableValues?.find(({ allowableValue }) => allowableValue.value === value);
      return { descriptor, value, text: choice?.allowableValue.displayName ?? value, isDefault: value !== null && value === descriptor.defaultValue };
    });
}
