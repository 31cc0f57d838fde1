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

/** Users to delete; a request names all of them in the same way. */
function deletion(users: readonly Identifier[]): Record<string, unknown> {
  return {
    ...list(
      'external_ids',
      users.flatMap((user) => ('external_id' in user ? [user.external_id] : [])),
    ),
    ...list(
      'user_aliases',
      users.flatMap((user) => ('user_alias' in user ? [user.user_alias] : [])),
    ),
    ...list(
      'braze_ids',
      users.flatMap((user) => ('braze_id' in user ? [user.braze_id] : [])),
    ),
    ...list(
      'email_addresses',
      users.flatMap((user) => ('email' in user ? [user.email] : [])),
    ),
    ...list(
      'phone_numbers',
      users.flatMap((user) => ('phone' in user ? [user.phone] : [])),
    ),
  };
}

const list = (name: string, values: readonly unknown[]): Record<string, unknown> => (values.length > 0 ? { [name]: values } : {});
