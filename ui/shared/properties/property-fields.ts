import type { Values } from './model.ts';

/** Fields of an edit that hold properties begin so. */
export const PROPERTY = 'property:';
/** The field with the names of dynamic properties that were made sensitive. */
export const SENSITIVE = 'sensitiveDynamicPropertyNames';

/** Properties as fields of an edit. */
export function propertyFields(values: Values | undefined): Values {
  return Object.fromEntries(Object.entries(values ?? {}).map(([name, value]) => [PROPERTY + name, value]));
}

/** Properties out of the fields of an edit. */
export function propertiesIn(fields: Readonly<Record<string, unknown>>): Values {
  return Object.fromEntries(Object.entries(fields).flatMap(([key, value]) => (key.startsWith(PROPERTY) ? [[key.slice(PROPERTY.length), (value ?? null) as string | null]] : [])));
}
