/** A fault as BigQuery's API names it. */
export class BigQueryFault extends Error {
  readonly reason: string;
  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** GoogleSQL's words for types, and DuckDB's; BIGNUMERIC has fewer digits there. */
const TYPES: Readonly<Record<string, string>> = {
  INT64: 'BIGINT',
  INTEGER: 'BIGINT',
  INT: 'BIGINT',
  FLOAT64: 'DOUBLE',
  FLOAT: 'DOUBLE',
  BOOLEAN: 'BOOLEAN',
  BOOL: 'BOOLEAN',
  STRING: 'VARCHAR',
  BYTES: 'BLOB',
  NUMERIC: 'DECIMAL(38, 9)',
  BIGNUMERIC: 'DECIMAL(38, 10)',
  DATETIME: 'TIMESTAMP',
  TIMESTAMP: 'TIMESTAMPTZ',
};

/** A type as the API or as SQL names it. */
export const duckType = (type: string): string => TYPES[type] ?? type;

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.)*'|`[^`]*`|@(\w+)|\b(NUMERIC|BIGNUMERIC)\s*\(|UNNEST\((GENERATE_ARRAY\([^()]*\))\) AS (\w+)|\b[A-Za-z_]\w*\b|"(?:[^"\\]|\\.)*"/g;

/** GoogleSQL, as far as warehouses use it, as DuckDB writes it. `parameter` says what stands for `@name`. */
export function toDuckDB(sql: string, parameter: (name: string) => string): string {
  const translated = sql.replace(TOKEN, (token: string, name?: string, decimal?: string, array?: string, alias?: string) => {
    if (name !== undefined) return parameter(name);
    if (decimal !== undefined) return 'DECIMAL(';
    if (array !== undefined) return `UNNEST(${array}) AS _${alias}(${alias})`;
    if (token.startsWith('`')) return `"${token.slice(1, -1).replaceAll('"', '""')}"`;
    if (token.startsWith("'")) return `'${token.slice(1, -1).replace(/\\(.)/g, '$1').replaceAll("'", "''")}'`;
    return /^\w/.test(token) ? (TYPES[token.toUpperCase()] ?? token) : token;
  });
  return oneColumnEach(translated);
}

/** DuckDB adds one column a statement. */
function oneColumnEach(sql: string): string {
  const [, table, first, more] = /^\s*(ALTER TABLE .+?) (ADD COLUMN .+?)(, ADD COLUMN [\s\S]*)?$/.exec(sql) ?? [];
  if (table === undefined || more === undefined) return sql;
  return [first!, ...more.split(/, (?=ADD COLUMN )/).slice(1)].map((part) => `${table} ${part}`).join('; ');
}

/** What DuckDB said, in BigQuery's words. */
export function faultOf(thrown: unknown, project: string, dataset: string): BigQueryFault {
  if (thrown instanceof BigQueryFault) return thrown;
  const message = (thrown as Error).message;
  for (const [pattern, reason, words] of FAULTS) {
    const match = pattern.exec(message);
    if (match)
      return new BigQueryFault(
        reason,
        words
          .replace('$1', match[1] ?? '')
          .replace('$P', project)
          .replace('$D', dataset),
      );
  }
  return new BigQueryFault('invalidQuery', message);
}

const FAULTS: readonly (readonly [RegExp, string, string])[] = [
  [/INTERRUPT/, 'stopped', 'Job execution was cancelled: User requested cancellation'],
  [/Table with name (\S+) does not exist/, 'notFound', 'Not found: Table $P:$D.$1 was not found in location US'],
  [/Schema with name (\S+) does not exist/, 'notFound', 'Not found: Dataset $P:$1 was not found in location US'],
  [/Referenced column "([^"]+)" not found/, 'invalidQuery', 'Unrecognized name: $1 at [1:8]'],
  [/syntax error at or near "([^"]*)"/, 'invalidQuery', 'Syntax error: Unexpected identifier "$1" at [1:1]'],
  [/Parser Error: ([^\n]*)/, 'invalidQuery', 'Syntax error: $1'],
  [/Could not convert string '([^']*)' to INT64/, 'invalidQuery', 'Bad int64 value: $1'],
  [/NOT NULL constraint failed: \S+\.(\S+)/, 'invalidQuery', 'Required field $1 cannot be null'],
  [/(TransactionContext Error|Conflict)/, 'invalidQuery', 'Could not serialize access to table due to concurrent update'],
];
