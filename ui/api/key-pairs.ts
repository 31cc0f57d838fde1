import { useMutation, useQueryClient } from '@tanstack/react-query';
import { clientId, request } from './client.ts';
import { configurationChanged } from './editing.ts';
import type { ControllerServiceEntity } from './shapes.ts';

/** Types of services whose keys the server generates. */
const WITH_KEYS: ReadonlySet<string> = new Set(['dev.millrace.snowflake.SnowflakeWarehouse']);

export const hasKeyPair = ({ component }: ControllerServiceEntity): boolean => WITH_KEYS.has(component.type);

export type KeySlot = 'first' | 'second';

/** What is told of a generated pair; the private key stays in the server. */
export interface KeyPairAnswer {
  readonly fingerprint: string;
  /** What to do with the public key. */
  readonly instruction: string;
}

/** Generates a pair of keys for a service. */
export function useGenerateKeyPair({ id, revision }: ControllerServiceEntity) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (slot: KeySlot) =>
      request<KeyPairAnswer>(`/api/controller-services/${encodeURIComponent(id)}/key-pair`, { method: 'POST', body: { revision: { version: revision.version, clientId }, slot } }),
    onSettled: () => Promise.all([configurationChanged(client), client.invalidateQueries({ queryKey: ['proposed-problems', id] })]),
  });
}
