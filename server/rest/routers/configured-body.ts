import type { BulletinLevel } from '../../extension/component.ts';
import type { ConfiguredEdit } from '../../engine/configured-component.ts';
import type { ConfiguredProperties } from '../../engine/configured-properties.ts';
import { anything, type ComponentBody, text, textMap, texts, withoutNulls } from '../schemas.ts';
import { withoutMasks } from './processor-body.ts';

/** What the bodies of components that are made from a type say alike. */
export interface ConfiguredBody extends ComponentBody {
  properties?: Record<string, string | null> | null;
  sensitiveDynamicPropertyNames?: string[] | null;
  bulletinLevel?: BulletinLevel | null;
  annotationData?: string | null;
}

export const configuredFields = { properties: textMap, sensitiveDynamicPropertyNames: texts, bulletinLevel: text, annotationData: text, bundle: anything };

/** What the body says of the configuration, as the engine takes it. */
export function configuredEdit(
  { name, comments, bulletinLevel, annotationData, properties, sensitiveDynamicPropertyNames }: ConfiguredBody,
  known: Pick<ConfiguredProperties, 'isSensitive'>,
): ConfiguredEdit {
  return {
    ...withoutNulls({ name, comments, bulletinLevel, annotationData, sensitiveDynamicPropertyNames }),
    properties: properties ? withoutMasks(properties, known) : undefined,
  };
}

/** Nothing is known yet of what is made. */
export const noSecrets: Pick<ConfiguredProperties, 'isSensitive'> = { isSensitive: () => false };
