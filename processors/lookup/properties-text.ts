const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

const unescaped = (text: string): string =>
  text.replace(/\\(?:u([0-9a-fA-F]{4})|([\s\S]))/g, (_, code: string, one: string) => (code ? String.fromCharCode(Number.parseInt(code, 16)) : (ESCAPES[one] ?? one)));

/** Lines, those joined that end with an odd number of backslashes; without comments and empty ones. */
function logicalLines(text: string): string[] {
  const lines: string[] = [];
  let pending: string | undefined;
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.replace(/^[ \t\f]+/, '');
    if (pending === undefined && (line === '' || line[0] === '#' || line[0] === '!')) continue;
    const whole: string = (pending ?? '') + line;
    const continues = /\\*$/.exec(whole)![0].length % 2 === 1;
    pending = continues ? whole.slice(0, -1) : undefined;
    if (!continues) lines.push(whole);
  }
  return pending === undefined ? lines : [...lines, pending];
}

/** Reads a properties file of Java (java.util.Properties); of several values of a key the first counts, as in NiFi's lookup service. */
export function parseProperties(text: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of logicalLines(text)) {
    const [, key = '', value = ''] = /^((?:\\[\s\S]|[^\\=: \t\f])*)[ \t\f]*[=:]?[ \t\f]*([\s\S]*)$/.exec(line)!;
    const name = unescaped(key);
    if (!found.has(name)) found.set(name, unescaped(value));
  }
  return found;
}
