import { NotFoundError } from '../../engine/errors.ts';
import type { Syncs } from '../../syncs/syncs.ts';
import type { RestServices } from '../services.ts';

/** The syncs of a server. Throws NotFoundError where it was built without. */
export function syncsOf({ syncs }: RestServices): Syncs {
  if (!syncs) throw new NotFoundError('This server offers no syncs.');
  return syncs;
}
