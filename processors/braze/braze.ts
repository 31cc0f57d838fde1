import { NamedApiError } from '../../server/extension/polite-api.ts';
import { serviceContract } from '../../server/extension/service.ts';

/** How a user is named: exactly one of them (Braze, "Track users"). */
export type Identifier = { external_id: string } | { user_alias: { alias_name: string; alias_label: string } } | { braze_id: string } | { email: string } | { phone: string };

/** What one request carries: objects of one kind. */
export type Batch =
  | { readonly kind: 'attributes' | 'events' | 'purchases'; readonly objects: readonly object[] }
  | { readonly kind: 'delete users'; readonly objects: readonly Identifier[] }
  | { readonly kind: 'write items' | 'delete items'; readonly catalog: string; readonly objects: readonly { readonly id: string }[] };

export type BatchKind = Batch['kind'];

/** The most objects of a kind that one request may hold (Braze, "Track users", "Delete users", "Update catalog items"). */
export const MOST_OBJECTS: Readonly<Record<BatchKind, number>> = { attributes: 75, events: 75, purchases: 75, 'delete users': 50, 'write items': 50, 'delete items': 50 };

/** Why objects of a batch were refused, by their index. */
export type Refusals = ReadonlyMap<number, string>;

/** A workspace of Braze. */
export interface Braze {
  /** Such as `https://rest.iad-01.braze.com`, for provenance. */
  readonly url: string;
  /**
   * Sends a batch; resolves to what Braze refused of it, all else is taken. Throws BrazeError where nothing of it is: of the kind
   * `request` where sending less of it may succeed.
   */
  send(batch: Batch, signal: AbortSignal): Promise<Refusals>;
  /** Throws BrazeError where the key is not let in. */
  check(signal: AbortSignal): Promise<void>;
}

export const BRAZE = serviceContract<Braze>('dev.millrace.braze.Braze');

export type BrazeCause = 'authentication' | 'permission' | 'missing object' | 'catalog full' | 'rate limit' | 'request' | 'server' | 'connection';

const REMEDY: Readonly<Record<BrazeCause, string>> = {
  authentication: 'Put a valid REST API key into the Braze Connection, and the REST endpoint of the instance that it belongs to.',
  permission: 'Give the key the permissions users.track, users.delete and catalogs.* that the data type needs (Settings > APIs and Identifiers).',
  'missing object': 'Create the catalog in Braze, or change Catalog Name.',
  'catalog full': 'Delete items or catalogs, or ask Braze for more storage; the rows wait.',
  'rate limit': 'It is tried again.',
  request: 'Correct the rows in the source.',
  server: 'It is tried again.',
  connection: 'Check the REST endpoint and the network; it is tried again.',
};

/** A request that Braze refused or did not answer. */
export class BrazeError extends NamedApiError<BrazeCause> {
  override name = 'BrazeError';
  /** What Braze said, without the remedy. */
  readonly said: string;

  constructor(kind: BrazeCause, what: string, said = what, options?: ErrorOptions) {
    super(kind, what, REMEDY, options);
    this.said = said;
  }
}
