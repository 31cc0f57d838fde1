const ALWAYS = '\t\r\n';

/**
 * Cuts a text into arguments as NiFi does: at the delimiter, a tab or a line end, unless within double quotes, which are left out. Two delimiters
 * have an empty argument between them.
 */
export function splitArguments(text: string, delimiter: string): string[] {
  const found: string[] = [];
  let isQuoted = false;
  let current = '';
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted || (character !== delimiter && !ALWAYS.includes(character))) current += character;
    else {
      found.push(current);
      current = '';
    }
  }
  return [...found, current];
}
