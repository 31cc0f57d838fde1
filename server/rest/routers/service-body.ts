import type { BulletinLevel } from '../../extension/component.ts';
import type { ConfiguredProperties } from '../../engine/configured-properties.ts';
import type { ServiceEdit } from '../../engine/controller-service-node.ts';
import { anything, choice, type ComponentBody, entity, text, textMap, texts, withoutNulls } from '../schemas.ts';
import { withoutMasks } from './processor-body.ts';

export interface ServiceBody extends ComponentBody {
  properties?: Record<string, string | null> | null;
  sensitiveDynamicPropertyNames?: string[] | null;
  bulletinLevel?: BulletinLevel | null;
  state?: 'ENABLED' | 'DISABLED' | 'ENABLING' | 'DISABLING' | null;
}

const fields = { properties: textMap, sensitiveDynamicPropertyNames: texts, bulletinLevel: text, bundle: anything, state: choice('ENABLED', 'DISABLED', 'ENABLING', 'DISABLING') };

export const serviceBody = entity<ServiceBody>(fields);
export const newServiceBody = entity<ServiceBody & { type: string }>({ ...fields, type: { type: 'string' } });

/** What the body says of the configuration, as the engine takes it. */
export function serviceEdit(
  { name, comments, bulletinLevel, properties, sensitiveDynamicPropertyNames }: ServiceBody,
  known: Pick<ConfiguredProperties, 'isSensitive'>,
): ServiceEdit {
  return { ...withoutNulls({ name, comments, bulletinLevel, sensitiveDynamicPropertyNames }), properties: properties ? withoutMasks(properties, known) : undefined };
}
