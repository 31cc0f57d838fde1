import type { ApiRequest } from '../../server/extension/json-api.ts';
import type { Batch, Identifier } from './braze.ts';

/** A batch as Braze's endpoint for it takes it. */
export function requestOf(batch: Batch): ApiRequest {
  if (batch.kind === 'delete users') return { method: 'POST', path: '/users/delete', body: deletion(batch.objects) };
  if ('catalog' in batch) {
    const path = `/catalogs/${encodeURIComponent(batch.catalog)}/items`;
    return batch.kind === 'write items'
      ? { method: 'PUT', path, body: { items: batch.objects } }
      : { method: 'DELETE', path, body: { items: batch.objects.map(({ id }) => ({ id })) } };
  }
  return { method: 'POST', path: '/users/track', body: { [batch.kind]: batch.objects } };
}

/** Under which name a request lists users that are named in one way. */
const LISTS = { external_id: 'external_ids', user_alias: 'user_aliases', braze_id: 'braze_ids', email: 'email_addresses', phone: 'phone_numbers' } as const;

/** Users to delete; a request names all of them in the same way. */
function deletion(users: readonly Identifier[]): Record<string, unknown> {
  const [name] = Object.keys(users[0]!) as [keyof typeof LISTS];
  return { [LISTS[name]]: users.flatMap((user) => Object.values(user)) };
}
