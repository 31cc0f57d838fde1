import { ApiError } from '../../server/extension/polite-api.ts';
import { messageOf } from '../../server/extension/errors.ts';
import { stoppedError, type WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

type Telling = readonly [RegExp, WarehouseCause, string?];
const LATER = 'Nothing to do: it is tried again.';

/** What the message tells better than the reason. */
const BY_MESSAGE: readonly Telling[] = [
  [/VPC Service Controls|organization'?s policy/i, 'network policy'],
  [/concurrent update|serialize access|aborted due to/i, 'conflict'],
  [/Not found: Table .*\banon/i, 'partition'],
];

/** Reasons of BigQuery (its documentation, "Error messages"); the first that fits counts. */
const BY_REASON: readonly Telling[] = [
  [/^(authError|unauthorized|required)$/, 'authentication'],
  [/^(accessDenied|forbidden|insufficientPermissions|accessNotConfigured)$/, 'permission'],
  [/^(billingNotEnabled|blocked)$/, 'permission', 'Ask the administrator of the Google Cloud project to enable billing, or to lift the block.'],
  [/^notFound$/, 'missing object'],
  [/^(timeout|jobTimeout)$/, 'timeout'],
  [/^stopped$/, 'cancelled'],
  [/^duplicate$/, 'conflict'],
  [/^(backendError|internalError|jobBackendError|jobInternalError|tableUnavailable)$/, 'connection', LATER],
  [/^(rateLimitExceeded|jobRateLimitExceeded|userRateLimitExceeded)$/, 'resources', LATER],
  [/^(bytesBilledLimitExceeded|billingTierLimitExceeded)$/, 'resources', 'Raise Maximum Bytes Billed of the warehouse service, or make the query read less.'],
  [/^(quotaExceeded|resourcesExceeded|resourceInUse)$/, 'resources'],
  [/^responseTooLarge$/, 'resources', 'Write the result into a table, or make it smaller.'],
];

/** What an invalid query or an invalid row is about. */
const BY_FAULT: readonly Telling[] = [
  [/Syntax error|Expected end of|Unclosed|Illegal (input|escape)/i, 'syntax'],
  [/Unrecognized name|Name \S+ not found inside|Column \S+ (is not present|not found)|no such field|has no column/i, 'missing column'],
  [/Function not found|Table-valued function not found/i, 'syntax'],
  [/cannot be null|Required (field|column)|missing required/i, 'constraint'],
  [/exceeded limit for bytes billed/i, 'resources', 'Raise Maximum Bytes Billed of the warehouse service, or make the query read less.'],
  [
    /Bad \S+ value|Invalid (?!table|project|dataset|query|argument)\w+|Could not (cast|parse|convert)|out of range|overflow|division by zero|too (long|large)|Error while reading data/i,
    'data',
  ],
];

function causeOf(reason: string, message: string): Telling {
  const telling = BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? BY_REASON.find(([pattern]) => pattern.test(reason));
  return telling ?? BY_FAULT.find(([pattern]) => pattern.test(message)) ?? [/./, /^invalid/.test(reason) ? 'syntax' : 'unknown'];
}

const PASSING = /^(backendError|internalError|jobBackendError|jobInternalError|rateLimitExceeded|jobRateLimitExceeded|userRateLimitExceeded|tableUnavailable)$/;

/** What the API or a job refused. */
export class Refusal extends ApiError {
  override name = 'Refusal';
  readonly reason: string;
  /** Of HTTP; 0 where there was no answer, or where a job failed. */
  readonly status: number;

  constructor(reason: string, message: string, status: number, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.status = status;
  }

  /** Whether the request, or the whole job, may simply be sent again. */
  get isPassing(): boolean {
    return this.reason === 'noAnswer' || PASSING.test(this.reason) || this.status >= 500 || this.status === 429;
  }

  get again(): 'after a pause' | 'no' {
    return this.isPassing ? 'after a pause' : 'no';
  }
}

/** What Google's client threw. */
export function refusalOf(thrown: unknown): Refusal {
  const { code, errors } = thrown as { code?: number | string; errors?: readonly { reason?: string; message?: string }[] };
  const status = typeof code === 'number' ? code : 0;
  const [first] = errors ?? [];
  return new Refusal(first?.reason ?? (status === 0 ? 'noAnswer' : ''), first?.message ?? messageOf(thrown), status, { cause: thrown });
}

/** Any failure as a WarehouseError; `aborted` tells whether a time limit or a stop ended the statement. */
export function bigQueryError(thrown: unknown, aborted?: AbortSignal): WarehouseError {
  if (aborted?.aborted) return stoppedError('BigQuery', aborted.reason, thrown);
  if (thrown instanceof WarehouseError) return thrown;
  if (!(thrown instanceof Refusal)) return new WarehouseError('unknown', `BigQuery: ${messageOf(thrown)}`, { cause: thrown });
  if (thrown.reason === 'noAnswer') return new WarehouseError('connection', `BigQuery did not answer (${thrown.message})`, { cause: thrown });
  if (thrown.status === 401) return new WarehouseError('authentication', `BigQuery: ${thrown.message} [401]`, { cause: thrown });
  const [, kind, remedy] = causeOf(thrown.reason, thrown.message);
  return new WarehouseError(kind, `BigQuery: ${withName(kind, thrown.message)}${thrown.reason ? ` [${thrown.reason}]` : ''}`, { remedy, cause: thrown });
}

/** A name that is missing stands in quotes, as other warehouses write it. */
function withName(kind: WarehouseCause, message: string): string {
  return kind === 'missing column' ? message.replace(/((?:Unrecognized name:|Name|Column) )(\w+)/, '$1"$2"') : message;
}
