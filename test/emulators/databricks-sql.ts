import path from 'node:path';

/** Databricks' SQL as DuckDB understands it, as far as the connector and its tests write it. Not a parser: words are exchanged, text and names are left alone. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`(?:[^`]|``)*`|:[A-Za-z_]\w*|[A-Za-z_]\w*|[\s\S]/g;

const WORDS: Readonly<Record<string, string>> = { STRING: 'VARCHAR', TIMESTAMP_NTZ: 'TIMESTAMP', TIMESTAMP: 'TIMESTAMPTZ', BINARY: 'BLOB', VARIANT: 'JSON', ARRAY: 'list_value' };

/** What begins a statement that answers with rows. */
export const isQuery = (sql: string): boolean => /^[\s(]*(select|with|values|from|show|describe)\b/i.test(sql);

const unescaped = (token: string): string =>
  `'${token
    .slice(1, -1)
    .replace(/\\([\s\S])/g, '$1')
    .replaceAll("'", "''")}'`;

function word(token: string): string {
  if (/^['"]/.test(token)) return unescaped(token);
  if (token.startsWith('`')) return `"${token.slice(1, -1).replaceAll('``', '`').replaceAll('"', '""')}"`;
  if (/^:[A-Za-z_]/.test(token)) return `$${token.slice(1)}`;
  return WORDS[token.toUpperCase()] ?? token;
}

/** Statements of DuckDB for one of Databricks. `volumes`: the directory of this machine that holds /Volumes. */
export function translated(sql: string, volumes: string): string[] {
  const files = sql.replace(/read_files\('([^']*)', format => 'json', schema => '([^']*)'\)/g, (_, place: string, schema: string) => {
    const columns = schema.split(', ').map((one) => `${one.split(' ')[0]}: '${one.endsWith('BIGINT') ? 'BIGINT' : 'VARCHAR'}'`);
    return `read_json('${path.join(volumes, place)}*', format = 'newline_delimited', columns = {${columns.join(', ')}})`;
  });
  const text = [...files.matchAll(TOKEN)].map(([token]) => word(token)).join('');
  if (/ SET TBLPROPERTIES /.test(text)) return [];
  const [, table, action, columns] = /^ALTER TABLE ((?:"(?:[^"]|"")*"\.?)+) (ADD|DROP) COLUMNS \((.*)\)$/s.exec(text) ?? [];
  if (table) return columns!.split(/, (?=")/).map((one) => `ALTER TABLE ${table} ${action} COLUMN ${one}`);
  const plain = text.replace(/ TBLPROPERTIES \(.*\)$/s, '').replace(/"\w+"\.information_schema\./g, 'information_schema.');
  return [/^MERGE\b/.test(plain) ? `${plain} RETURNING merge_action` : plain];
}

const TYPES: readonly (readonly [RegExp, string])[] = [
  [/^VARCHAR$/, 'STRING'],
  [/^INTEGER$/, 'INT'],
  [/^TIMESTAMP WITH TIME ZONE$/, 'TIMESTAMP'],
  [/^TIMESTAMP/, 'TIMESTAMP_NTZ'],
  [/^BLOB$/, 'BINARY'],
  [/^JSON$/, 'VARIANT'],
  [/^HUGEINT$/, 'DECIMAL(38,0)'],
];

/** DuckDB's type as Databricks writes it. */
export function typeText(native: string): string {
  if (native.endsWith('[]')) return `ARRAY<${typeText(native.slice(0, -2))}>`;
  return TYPES.find(([pattern]) => pattern.test(native))?.[1] ?? native;
}

/** A column as the text that JSON_ARRAY has for it. */
export function asText(name: string, native: string): string {
  const column = `"${name.replaceAll('"', '""')}"`;
  if (native === 'TIMESTAMP WITH TIME ZONE') return `strftime(timezone('UTC', ${column}), '%Y-%m-%dT%H:%M:%S.%gZ')`;
  if (native === 'TIMESTAMP') return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%g')`;
  if (native === 'BLOB') return `base64(${column})`;
  if (/^(FLOAT|DOUBLE)$/.test(native)) return `replace(replace(CAST(${column} AS VARCHAR), 'nan', 'NaN'), 'inf', 'Infinity')`;
  return native.endsWith('[]') ? `CAST(to_json(${column}) AS VARCHAR)` : `CAST(${column} AS VARCHAR)`;
}

const ERRORS: readonly (readonly [RegExp, (match: RegExpExecArray) => string, string])[] = [
  [/Table with name (\S+) does not exist/, ([, name]) => `[TABLE_OR_VIEW_NOT_FOUND] The table or view \`${name}\` cannot be found.`, '42P01'],
  [/column "(\w+)" not found/, ([, name]) => `[UNRESOLVED_COLUMN] A column, variable, or function parameter with name \`${name}\` cannot be resolved.`, '42703'],
  [/NOT NULL constraint failed: (\S+)/, ([, name]) => `[DELTA_NOT_NULL_CONSTRAINT_VIOLATED] NOT NULL constraint violated for column: ${name}.`, '23502'],
  [/CHECK constraint failed/, () => '[DELTA_VIOLATE_CONSTRAINT_WITH_VALUES] CHECK constraint violated by row with values.', '23001'],
  [
    /Could not convert string '([^']*)' to (\w+)/,
    ([, value, type]) => `[CAST_INVALID_INPUT] The value '${value}' of the type "STRING" cannot be cast to "${type}" because it is malformed.`,
    '22018',
  ],
  [/syntax error at or near "(\w+)"/, ([, text]) => `[PARSE_SYNTAX_ERROR] Syntax error at or near '${text}'.`, '42601'],
];

/** What Databricks says instead of DuckDB. */
export function translatedError(message: string): { message: string; sqlState: string } {
  for (const [pattern, say, sqlState] of ERRORS) {
    const match = pattern.exec(message);
    if (match) return { message: `${say(match)} SQLSTATE: ${sqlState}`, sqlState };
  }
  return { message: `[INTERNAL_ERROR] ${message}`, sqlState: 'XX000' };
}
