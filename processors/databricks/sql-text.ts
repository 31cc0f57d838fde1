import { type BindValue, parameterName, type StatementOptions, withBinds } from '../../server/extension/warehouse.ts';

/** A bind as the API takes it: the value as text, with its type. */
export interface Parameter {
  readonly name: string;
  readonly value: string | null;
  readonly type: string;
}

function parameter(name: string, value: BindValue): Parameter {
  const text = value === null ? null : String(value);
  if (typeof value === 'boolean') return { name, value: text, type: 'BOOLEAN' };
  if (typeof value === 'bigint' || Number.isSafeInteger(value)) return { name, value: text, type: 'BIGINT' };
  return { name, value: text, type: typeof value === 'number' ? 'DOUBLE' : 'STRING' };
}

/** A statement with its binds as parameters. The API knows them by name only: `?` becomes `:p0`. */
export function bound(sql: string, binds: StatementOptions['binds']): { sql: string; parameters: Parameter[] } {
  const parameters = new Map<string, Parameter>();
  const out = withBinds(sql, binds, (bind, value) => {
    const name = parameterName(bind);
    parameters.set(name, parameter(name, value));
    return `:${name}`;
  });
  return { sql: out, parameters: [...parameters.values()] };
}

/** Comments, text (in either kind of quotes, with escapes) and names in backticks, in which a semicolon ends nothing. */
const TOKEN = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\[\s\S])*'|"(?:[^"\\]|\\[\s\S])*"|`[^`]*`|(;)/g;
const EMPTY = /^(?:\s|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)*$/;

/** The statements of a text, one by one, for the API takes one at a time; a script (BEGIN ... END) is one. */
export function statementsOf(sql: string): string[] {
  if (/^\s*BEGIN\b(?!\s+TRANSACTION)/i.test(sql)) return [sql];
  const parts: string[] = [];
  let from = 0;
  for (const match of sql.matchAll(TOKEN)) {
    if (!match[1]) continue;
    parts.push(sql.slice(from, match.index));
    from = match.index + 1;
  }
  return [...parts, sql.slice(from)].filter((part) => !EMPTY.test(part));
}

/** Whether a statement changes something: it would answer with the number of rows, after it has done it. */
export function changes(sql: string): boolean {
  return /^(?:\s|--[^\n]*\n|\/\*[\s\S]*?\*\/)*(?:insert|update|delete|merge|create|drop|alter|truncate|copy|grant|revoke|set|use|optimize|vacuum|refresh|call|replace|comment|restore)\b/i.test(
    sql,
  );
}
