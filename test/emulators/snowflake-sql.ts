/**
 * Snowflake's SQL as DuckDB understands it, as far as statements of Millrace and its tests go. DuckDB does not tell `"id"` from ID;
 * Snowflake does, so each small letter of a quoted name is marked, which makes the two differ here too.
 */
const MARK = '\u0332';

export const marked = (name: string): string => name.replace(/[a-z]/g, `$&${MARK}`);
export const unmarked = (name: string): string => name.replaceAll(MARK, '');
export const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"]|"")*"|[A-Za-z_][\w$]*|[\s\S]/g;

const WORDS: Readonly<Record<string, string>> = {
  NUMBER: 'DECIMAL',
  INTEGER: 'DECIMAL(38, 0)',
  INT: 'DECIMAL(38, 0)',
  BIGINT: 'DECIMAL(38, 0)',
  SMALLINT: 'DECIMAL(38, 0)',
  FLOAT: 'DOUBLE',
  REAL: 'DOUBLE',
  STRING: 'VARCHAR',
  VARIANT: 'JSON',
  OBJECT: 'JSON',
  TIMESTAMP_NTZ: 'TIMESTAMP',
  TIMESTAMP_LTZ: 'TIMESTAMPTZ',
  TIMESTAMP_TZ: 'TIMESTAMPTZ',
  BINARY: 'BLOB',
  TRANSIENT: '',
  ARRAY_CONSTRUCT: 'JSON_ARRAY',
  SEQ8: 'SEQ8',
};

function wordOf(token: string): string {
  const word = token.toUpperCase();
  return WORDS[word] ?? word;
}

function literalOf(token: string): string {
  const text = token
    .slice(1, -1)
    .replaceAll("''", "'")
    .replace(/\\([\s\S])/g, '$1');
  return `'${text.replaceAll("'", "''")}'`;
}

/** The statements of a text, each in DuckDB's words; `?` become `$1`, `$2`... */
export function translated(sql: string): string[] {
  const statements: string[] = [''];
  let binds = 0;
  for (const [token] of sql.matchAll(TOKEN)) {
    if (token === ';') statements.push('');
    else statements[statements.length - 1] += one(token, () => ++binds);
  }
  return statements.map(rewritten).filter((statement) => statement.trim() !== '');
}

function one(token: string, bind: () => number): string {
  if (token.startsWith('--') || token.startsWith('/*')) return ' ';
  if (token === '?') return `$${bind()}`;
  if (token.startsWith("'")) return literalOf(token);
  if (token.length > 1 && token.startsWith('"')) return quoted(marked(token.slice(1, -1).replaceAll('""', '"')));
  return /^[A-Za-z_]/.test(token) ? wordOf(token) : token;
}

const TABLES = `(SELECT database_name AS TABLE_CATALOG, replace(schema_name, '${MARK}', '') AS TABLE_SCHEMA, replace(table_name, '${MARK}', '') AS TABLE_NAME,
  estimated_size AS ROW_COUNT FROM duckdb_tables() WHERE database_name = current_database() AND NOT temporary)`;

const REWRITES: readonly (readonly [RegExp, string])[] = [
  [/\b(TIMESTAMP|TIMESTAMPTZ|TIME|BLOB|VARCHAR)\s*\(\s*\d+\s*\)/g, '$1'],
  [/\bDECIMAL\b(?!\s*\()/g, 'DECIMAL(38, 0)'],
  [/\bTABLE\s*\(\s*GENERATOR\s*\(\s*ROWCOUNT\s*=>\s*(\d+)\s*\)\s*\)/g, '(SELECT range AS SEQ__ FROM range($1))'],
  [/\bSEQ[1248]\s*\(\s*\)/g, 'SEQ__'],
  [/\bTABLE\s*\(\s*FLATTEN\s*\(\s*INPUT\s*=>\s*PARSE_JSON\((\$\d+)\)\s*\)\s*\)/g, `(SELECT unnest(from_json(CAST($1 AS JSON), '["JSON"]')) AS VALUE)`],
  [/\b(\w+\.VALUE)\[(\d+)\]/g, "json_extract_string($1, '$$[$2]')"],
  [/\bDATA_RETENTION_TIME_IN_DAYS\s*=\s*\d+/g, ''],
  [/\bINFORMATION_SCHEMA\.TABLES\b/g, TABLES],
  [/\bCURRENT_(ACCOUNT|USER|ROLE|WAREHOUSE|VERSION)\s*\(\s*\)/g, "getvariable('$1')"],
];

function rewritten(statement: string): string {
  return REWRITES.reduce((text, [pattern, by]) => text.replace(pattern, by), statement).trim();
}

/** What a session of Snowflake knows that DuckDB does not. */
export const FUNCTIONS: readonly string[] = [
  'TO_DATE(x, f) AS CAST(x AS DATE)',
  'TO_TIME(x, f) AS CAST(x AS TIME)',
  'TO_TIMESTAMP_NTZ(x, f) AS CAST(x AS TIMESTAMP)',
  'TO_TIMESTAMP_TZ(x, f) AS CAST(x AS TIMESTAMPTZ)',
  'TO_TIMESTAMP_LTZ(x, f) AS CAST(x AS TIMESTAMPTZ)',
  "TO_BINARY(x, f) AS CASE f WHEN 'HEX' THEN unhex(x) ELSE from_base64(x) END",
  'PARSE_JSON(x) AS CAST(x AS JSON)',
];

/** The words with which a statement begins that the SQL API takes only in a request of several. */
export const UNSUPPORTED = /^(USE|ALTER\s+SESSION|BEGIN|COMMIT|ROLLBACK|SET|UNSET|PUT|GET|CREATE\s+(OR\s+REPLACE\s+)?TEMP(ORARY)?)\b/;
