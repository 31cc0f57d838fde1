import { type WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

type Cause = readonly [RegExp, WarehouseCause, string?];

/** What Databricks says, whatever its codes are; the first that fits counts. */
const BY_MESSAGE: readonly Cause[] = [
  [/IP ?(address)?.*(blocked|not allowed|not in)|IP (ACL|access list)/i, 'network policy'],
  [/token.*expired|expired.*token/i, 'expired token'],
  [/invalid (access )?token|Credential was not sent|UNAUTHENTICATED/i, 'authentication'],
  [/PERMISSION_DENIED|INSUFFICIENT_PERMISSIONS|does not have .*(privilege|permission)|not authorized/i, 'permission'],
  [/DELTA_(CONCURRENT|METADATA_CHANGED|PROTOCOL_CHANGED)|Concurrent\w*Exception|TRANSACTION_CONFLICT/i, 'conflict'],
  [/timed? ?out|STATEMENT_TIMEOUT|DEADLINE_EXCEEDED/i, 'timeout', 'Raise STATEMENT_TIMEOUT of the warehouse, or make the query smaller.'],
  [/warehouse.*(stopped|stopping|starting|not running)/i, 'warming up'],
  [/INLINE.*(limit|exceed|size)|(exceed|limit).*INLINE|Inline byte limit/i, 'resources', "Set the service's Result Transfer to Links, or make the query smaller."],
  [/out of memory|OutOfMemory|RESOURCE_EXHAUSTED|QUOTA/i, 'resources'],
  [/(schema|catalog|table|warehouse|volume).*(does not exist|not found)|_DOES_NOT_EXIST/i, 'missing object'],
];

/** SQLSTATEs (Databricks' manual, "Error conditions"), by their beginnings. */
const BY_STATE: readonly Cause[] = [
  [/^(42P01|42704|3D|3F|42883)/, 'missing object'],
  [/^(42703|428GT)/, 'missing column'],
  [/^(42710|42711)/, 'conflict'],
  [/^(42501|28)/, 'permission'],
  [/^(42|0A|26)/, 'syntax'],
  [/^22/, 'data'],
  [/^(23|44)/, 'constraint'],
  [/^(2D521|40)/, 'conflict'],
  [/^57014/, 'cancelled'],
  [/^08/, 'connection'],
  [/^(53|54|58)/, 'resources'],
];

const BY_STATUS: Readonly<Record<number, WarehouseCause>> = {
  400: 'configuration',
  401: 'authentication',
  403: 'permission',
  404: 'missing object',
  408: 'timeout',
  409: 'conflict',
  429: 'resources',
};

/** The message's first lines: what follows is the statement, drawn. */
const firstWords = (message: string): string =>
  message
    .split(/\n+== SQL/)[0]!
    .replace(/\s*\n\s*/g, ' ')
    .trim();

/** A statement that has failed. */
export function statementError(message: string, sqlState: string | undefined): WarehouseError {
  const state = sqlState ?? /SQLSTATE: ?(\w{5})/.exec(message)?.[1] ?? '';
  const [, kind, remedy]: Cause = BY_MESSAGE.slice(0, 9).find(([pattern]) => pattern.test(message)) ??
    BY_STATE.find(([pattern]) => pattern.test(state)) ??
    BY_MESSAGE.find(([pattern]) => pattern.test(message)) ?? [/./, 'unknown'];
  return new WarehouseError(kind, `Databricks: ${firstWords(message)}`, { remedy });
}

/** A request that was refused with this status. */
export function requestError(label: string, status: number, text: string): WarehouseError {
  const { message, code } = refusal(text);
  const [, kind, remedy]: Cause = BY_MESSAGE.find(([pattern]) => pattern.test(`${code} ${message}`)) ?? [/./, BY_STATUS[status] ?? (status >= 500 ? 'connection' : 'unknown')];
  return new WarehouseError(kind, `Databricks answers ${label} with status ${status}: ${code ? `${code}: ` : ''}${message || 'no reason given'}`, { remedy });
}

function refusal(text: string): { message: string; code: string } {
  try {
    const { message = '', error_code: code = '' } = JSON.parse(text) as { message?: string; error_code?: string };
    return { message: String(message), code: String(code) };
  } catch {
    return { message: text.slice(0, 200), code: '' };
  }
}
