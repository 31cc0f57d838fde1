import { type WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

/** Snowflake's codes, by their beginnings; the first that fits counts. */
const BY_CODE: readonly (readonly [RegExp, WarehouseCause, string?])[] = [
  [/^(390318|390114|390302)/, 'expired token'],
  [/^(390420|390422|390423|390429|390430|394404)/, 'network policy'],
  [
    /^390144/,
    'authentication',
    'Check Account Identifier, Username and the private key, whether its public key is set for the user (DESCRIBE USER shows the fingerprint), and the clock of this machine.',
  ],
  [/^(390189|390186|390187)/, 'permission', 'Check Role in the warehouse service, and grant it to the user.'],
  [/^(3900|3901|3903|3944)/, 'authentication'],
  [/^(003001|003540|003041|001044)/, 'permission'],
  [/^(000606|000607|090073|057014)/, 'configuration', 'Name a warehouse that the role may use in the warehouse service.'],
  [/^(090105|090106)/, 'configuration', 'Name a database and a schema that the role may use in the warehouse service.'],
  [/^(002003|002043|390201|390203|000203)/, 'missing object'],
  [/^(000904|000906)/, 'missing column'],
  [/^(000630|000631)/, 'timeout'],
  [/^(000604|000605|604)/, 'cancelled'],
  [/^(300002|300005|390195)/, 'connection'],
  [/^(000625|000639|000641|000642|200001)/, 'conflict'],
  [/^100072/, 'constraint'],
  [/^(1000|1001)/, 'data'],
  [/^(090055|100315|000707|090068)/, 'resources'],
  [/^(391920|391918|390404)/, 'partition'],
  [/^(000008|0010|0009|0022|0020|0005|000002|391911)/, 'syntax'],
];

/** What says it where the code does not: SQLSTATE classes and words. */
const BY_MESSAGE: readonly (readonly [RegExp, WarehouseCause])[] = [
  [/token.*expired|expired.*token/i, 'expired token'],
  [/network policy|is not allowed to access/i, 'network policy'],
  [/insufficient privileges|not authorized to/i, 'permission'],
  [/does not exist or not authorized/i, 'missing object'],
  [/invalid identifier/i, 'missing column'],
  [/syntax error|compilation error/i, 'syntax'],
  [/(statement|warehouse) timeout/i, 'timeout'],
  [/lock|deadlock|concurrent/i, 'conflict'],
  [/memory|spill|quota|resource monitor/i, 'resources'],
];

const BY_STATUS: Readonly<Record<number, WarehouseCause>> = { 401: 'authentication', 403: 'permission', 404: 'partition', 408: 'timeout', 413: 'resources', 429: 'resources' };

/** What Snowflake answers when it refuses. */
export interface SnowflakeRefusal {
  readonly status: number;
  readonly code?: string;
  readonly sqlState?: string;
  readonly message?: string;
}

/** A refusal as a WarehouseError. */
export function snowflakeError({ status, code = '', message = `status ${status}` }: SnowflakeRefusal): WarehouseError {
  const telling = BY_CODE.find(([pattern]) => pattern.test(code)) ?? BY_MESSAGE.find(([pattern]) => pattern.test(message));
  const [, kind, remedy] = telling ?? [/./, BY_STATUS[status] ?? (status >= 500 ? 'connection' : 'unknown')];
  const text = message.replace(/\s*\n\s*/g, ' ').trim();
  return new WarehouseError(kind, `Snowflake: ${text}${code ? ` [${code}]` : ''}`, { remedy });
}
