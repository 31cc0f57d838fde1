import { choice, entity } from '../schemas.ts';
import { type ConfiguredBody, configuredFields } from './configured-body.ts';

export interface ServiceBody extends ConfiguredBody {
  state?: 'ENABLED' | 'DISABLED' | 'ENABLING' | 'DISABLING' | null;
}

const fields = { ...configuredFields, state: choice('ENABLED', 'DISABLED', 'ENABLING', 'DISABLING') };

export const serviceBody = entity<ServiceBody>(fields);
export const newServiceBody = entity<ServiceBody & { type: string }>({ ...fields, type: { type: 'string' } });
