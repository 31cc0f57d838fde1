/** A compiled replacement text of java.util.regex.Matcher. */
export interface Replacement {
  readonly source: string;
  readonly replacer: (match: string, ...rest: (string | number | undefined)[]) => string;
}

/**
 * Compiles Java's replacement syntax: `$1` takes as many digits as there is a group for, `${name}` names one, a backslash makes
 * the next character plain. `groups` maps Java's numbers to JavaScript's. Throws an Error where a group does not exist.
 */
export function compileReplacement(source: string, groups: readonly number[], names: ReadonlyMap<string, number>): Replacement {
  if (!/[$\\]/.test(source)) return { source, replacer: () => source };
  const parts = parse(source, groups, names);
  return {
    source,
    replacer(match, ...rest) {
      let result = '';
      for (const part of parts) result += typeof part === 'string' ? part : part === 0 ? match : (rest[part - 1] ?? '');
      return result;
    },
  };
}

/** Plain text, and numbers of JavaScript groups. */
function parse(source: string, groups: readonly number[], names: ReadonlyMap<string, number>): (string | number)[] {
  const parts: (string | number)[] = [];
  const token = /\\(.)|\$\{([^}]*)\}|\$(\d)(\d*)|[\\$]|[^\\$]+/gs;
  for (let found = token.exec(source); found; found = token.exec(source)) {
    const [all, escaped, name, first, more] = found;
    if (escaped !== undefined) parts.push(escaped);
    else if (name !== undefined) parts.push(groupNumber(names.get(name), name, groups));
    else if (first !== undefined) {
      const number = longestGroup(first, more!, groups.length);
      token.lastIndex -= first.length + more!.length - number.length;
      parts.push(groupNumber(Number(number), number, groups));
    } else if (all === '\\') throw new Error('The replacement ends with a backslash');
    else if (all === '$') throw new Error('A $ in the replacement must be followed by the number of a group; write \\$ for the character');
    else parts.push(all);
  }
  return parts;
}

function longestGroup(first: string, more: string, count: number): string {
  let number = first;
  for (const digit of more) {
    if (Number(number + digit) >= count) break;
    number += digit;
  }
  return number;
}

function groupNumber(number: number | undefined, name: string, groups: readonly number[]): number {
  const group = number === undefined ? undefined : groups[number];
  if (group === undefined) throw new Error(`The replacement refers to group ${name}, which the regular expression does not have`);
  return group;
}
