/** A part of SQL that is text, a name in quotes, or a comment: nothing in it is meant as SQL. */
const QUIET = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/y;

/** Walks over SQL; `each` sees every character outside quiet parts, and may answer what stands in for it. */
function walk(sql: string, each: (character: string, at: number) => string): string {
  let result = '';
  for (let at = 0; at < sql.length; ) {
    QUIET.lastIndex = at;
    const quiet = QUIET.exec(sql)?.[0];
    result += quiet ?? each(sql[at]!, at);
    at += quiet?.length ?? 1;
  }
  return result;
}

/** `?` to `$1`, `$2` ..., as PostgreSQL has it, or another sign before the numbers. */
export function numberedPlaceholders(sql: string, sign = '$'): string {
  let count = 0;
  return walk(sql, (character) => (character === '?' ? `${sign}${++count}` : character));
}

/** Statements that semicolons divide; a semicolon behind a backslash divides nothing (NiFi). */
export function statementsOf(sql: string): string[] {
  const found: string[] = [];
  let start = 0;
  walk(sql, (character, at) => {
    if (character === ';' && sql[at - 1] !== '\\') {
      found.push(sql.slice(start, at));
      start = at + 1;
    }
    return character;
  });
  return [...found, sql.slice(start)].map((one) => one.replaceAll('\\;', ';').trim()).filter((one) => one !== '');
}
