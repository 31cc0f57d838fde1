import { messageOf } from '../../server/extension/errors.ts';
import { stoppedError, type WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

/** Codes of PostgreSQL (its manual, appendix A) and of Node's sockets, by their beginnings; the first that fits counts. */
const BY_CODE: readonly (readonly [RegExp, WarehouseCause, string?])[] = [
  [/^28/, 'authentication'],
  [/^(42501|0P|0L)/, 'permission'],
  [/^25006/, 'permission', 'Write to the primary server, or let the role write.'],
  [/^57P03/, 'warming up'],
  [/^(57014|57P01|57P02)/, 'cancelled'],
  [/^(25P0[345]|57P05)/, 'timeout'],
  [/^(08|E(CONN|HOST|NET|PIPE|AI_)|ENOTFOUND|ETIMEDOUT)/, 'connection'],
  [/^(3D|3F|42P01|42704)/, 'missing object'],
  [/^42703/, 'missing column'],
  // Another writer added the same column meanwhile.
  [/^42701/, 'conflict'],
  [/^(42|0A|26|34)/, 'syntax'],
  [/^22/, 'data'],
  [/^(23|44)/, 'constraint'],
  [/^(40|55P03)/, 'conflict'],
  [/^(53|54|58)/, 'resources'],
  [
    /^(CERT|DEPTH|SELF_SIGNED|UNABLE_TO|ERR_TLS|ERR_SSL|ERR_OSSL)/,
    'configuration',
    'Give the warehouse service an SSL Context Service that trusts the server, or choose another SSL Mode.',
  ],
];

/** What the client or a server says without a code, or with one that says too little. */
const BY_MESSAGE: readonly (readonly [RegExp, WarehouseCause, string?])[] = [
  [/no pg_hba\.conf entry/i, 'network policy'],
  [/password must be a (non-empty )?string|SASL/i, 'authentication'],
  [/does not support SSL/i, 'configuration', 'Choose another SSL Mode, or switch TLS on in the server.'],
  [/statement timeout/i, 'timeout'],
  [/terminat|timeout (exceeded|expired)|ended|closed|not queryable/i, 'connection'],
  [/stl_load_errors|sys_load_error_detail/i, 'data', 'Look into the view sys_load_error_detail for the row and the reason.'],
];

function causeOf(code: string, message: string): readonly [RegExp, WarehouseCause, string?] {
  const telling = BY_MESSAGE.slice(0, 4).find(([pattern]) => pattern.test(message)) ?? BY_CODE.find(([pattern]) => pattern.test(code));
  return telling ?? BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [/./, 'unknown'];
}

/** Any failure of the client or the server as a WarehouseError; `aborted` tells whether a time limit or a stop ended the statement. */
export function postgresError(thrown: unknown, product: string, aborted?: AbortSignal): WarehouseError {
  if (thrown instanceof WarehouseError) return thrown;
  if (aborted?.aborted) return stoppedError(product, aborted.reason, thrown);
  const { code = '', detail } = thrown as { code?: string; detail?: string };
  const message = messageOf(thrown);
  const [, kind, remedy] = causeOf(code, message);
  return new WarehouseError(kind, `${product}: ${message}${detail ? ` (${detail})` : ''}${code ? ` [${code}]` : ''}`, { remedy, cause: thrown });
}
