import type { TdsAnswer } from '../processors/databases/tds-server.ts';

const TYPES: Readonly<Record<string, string>> = { nvarchar: 'VARCHAR', datetime2: 'TIMESTAMP', datetimeoffset: 'TIMESTAMPTZ', float: 'DOUBLE', bit: 'BOOLEAN', varbinary: 'BLOB' };

const RULES: readonly (readonly [RegExp, string])[] = [
  [/@(p\d+)\b/g, '$$$1'],
  [/@@VERSION/g, "'Microsoft Azure SQL Data Warehouse'"],
  [/ COLLATE \w+/g, ''],
  [/ WITH \(HEAP, DISTRIBUTION = ROUND_ROBIN\)/g, ''],
  [/CONVERT\(varbinary\(max\), ([^,]+), 2\)/g, 'unhex($1)'],
  [/\b(nvarchar|datetime2|datetimeoffset|float|bit|varbinary)\b(?:\((?:max|\d+)\))?/g, 'TYPE:$1'],
  [/\(max\)/g, ''],
  [/(ALTER TABLE \S+) ADD /g, '$1 ADD COLUMN '],
  [/^IF @@TRANCOUNT > 0 /, ''],
  [/INFORMATION_SCHEMA\.COLUMNS/g, 'sqlserver.COLUMNS'],
  [/\b(BEGIN|COMMIT|ROLLBACK) TRANSACTION/g, '$1'],
  [/(ADD COLUMN .*) NULL$/, '$1'],
];

/** The T-SQL that is written for a dedicated pool, as DuckDB writes it. */
export function toDuckDB(sql: string): string {
  const names: string[] = [];
  // Names are put aside, so that no rule reads them.
  const bare = sql.replace(/\[((?:[^\]]|\]\])*)\]/g, (_, name: string) => `#${names.push(`"${name.replaceAll(']]', ']').replaceAll('"', '""')}"`) - 1}#`);
  const written = RULES.reduce((text, [pattern, words]) => text.replace(pattern, words), bare).replace(/TYPE:(\w+)/g, (_, type: string) => TYPES[type]!);
  return written.replace(/#(\d+)#/g, (_, index: string) => names[Number(index)]!);
}

const FAULTS: readonly (readonly [RegExp, number, string])[] = [
  [/INTERRUPT/, 3617, 'Operation cancelled by user.'],
  [/Table with name (\S+) does not exist/, 208, "Invalid object name '$1'."],
  [/Referenced column "([^"]+)" not found/, 207, "Invalid column name '$1'."],
  [/syntax error at or near "([^"]*)"/, 103010, "Parse error at line: 1, column: 1: Incorrect syntax near '$1'."],
  [/Could not convert string '([^']*)'/, 245, "Conversion failed when converting the nvarchar value '$1' to data type int."],
  [/NOT NULL constraint failed: \S+\.(\S+)/, 515, "Cannot insert the value NULL into column '$1'; column does not allow nulls."],
];

/** What DuckDB said, with SQL Server's number and words. */
export function synapseFault(thrown: unknown): TdsAnswer {
  const { message } = thrown as Error;
  for (const [pattern, number, words] of FAULTS) {
    const match = pattern.exec(message);
    if (match) return { error: words.replace('$1', match[1] ?? ''), number };
  }
  return { error: message, number: 50000 };
}
