import { messageOf, PropertyError } from '../errors.ts';
import { JavaRegex } from '../java/regex.ts';
import { DEFAULT_PATTERNS } from './default-patterns.ts';

/** `%{PATTERN}`, `%{PATTERN:name}`, `%{PATTERN:name:type}`, and `%{NAME=definition}` for a pattern on the spot. */
const REFERENCE = /%\{(\w+)(?::([\w.\-/@[\]]+))?(?::(\w+))?(?:=((?:[^{}\\]|\\.|\{[^{}]*\})+))?\}/;
/** A pattern that names itself would never end. */
const MAX_REFERENCES = 1000;
/** Groups that an expression names by itself, as regular expressions do. */
const OWN_GROUP = /\(\?<([a-zA-Z][a-zA-Z0-9]*)>/g;

export type Patterns = ReadonlyMap<string, string>;

/** Lines of a name and a pattern; empty ones and those that begin with # count for nothing. Throws PropertyError. */
export function parsePatterns(text: string, onto: Patterns = new Map()): Patterns {
  const patterns = new Map(onto);
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const found = /^\s*([A-Za-z0-9_]+)\s+(.*)$/.exec(line);
    if (!found)
      throw new PropertyError(
        `line ${index + 1} is not a pattern: it needs a name and a regular expression, such as YEAR \\d{4}. Files and addresses are not read: paste their text.`,
      );
    patterns.set(found[1]!, found[2]!);
  }
  return patterns;
}

let defaults: Patterns | undefined;

/** The default patterns and, over them, those of the text. Throws PropertyError. */
export function patternsWith(text: string | undefined): Patterns {
  defaults ??= parsePatterns(DEFAULT_PATTERNS);
  return text === undefined ? defaults : parsePatterns(text, defaults);
}

/** What a group captured: a list where an expression has several groups of a name. */
export type Capture = string | null | readonly (string | null)[];

/** A field that the expression names, in the order of its first sight. */
interface Group {
  readonly field: string;
  /** The group of the regular expression. */
  readonly name: string;
  /** Whether the expression gives the field a name; else it is called as the pattern. */
  readonly isNamed: boolean;
}

/** Marks of quotation around a value say nothing. */
function withoutQuotes(text: string): string {
  const first = text[0];
  return text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) ? text.slice(1, -1) : text;
}

/** A grok expression: a regular expression of Java made of named patterns. */
export class Grok {
  readonly #regex: JavaRegex;
  readonly #groups: readonly Group[];

  /** With `namedOnly`, what has no name of its own is not captured. Throws PropertyError. */
  constructor(expression: string, patterns: Patterns, namedOnly = false) {
    const groups: Group[] = [...expression.matchAll(OWN_GROUP)].map(([, name]) => ({ field: name!, name: name!, isNamed: true }));
    const source = expanded(expression, patterns, namedOnly, groups);
    try {
      this.#regex = new JavaRegex(source);
    } catch (thrown) {
      throw new PropertyError(`'${expression}' is not a grok expression: ${messageOf(thrown)}`);
    }
    this.#groups = groups;
  }

  /** How long texts may be that no match takes long on, see regex-guard.ts. */
  get harmless(): number {
    return this.#regex.harmless;
  }

  /** The fields that have names of their own. */
  get fields(): readonly string[] {
    return [...new Set(this.#groups.filter(({ isNamed }) => isNamed).map(({ field }) => field))];
  }

  /** What the first match in the text captures; undefined where there is none. */
  capture(text: string): ReadonlyMap<string, Capture> | undefined {
    const groupOf = this.#regex.exec(text);
    if (!groupOf) return undefined;
    const captured = new Map<string, Capture>();
    for (const { field, name } of this.#groups) {
      const found = groupOf(name);
      const value = found === undefined ? null : withoutQuotes(found);
      const known = captured.get(field);
      captured.set(field, known === undefined ? value : typeof known === 'object' && known !== null ? [...known, value] : [known, value]);
    }
    return captured;
  }
}

/** The expression with the patterns in place of their names, each a group. */
function expanded(expression: string, patterns: Patterns, namedOnly: boolean, groups: Group[]): string {
  let rest = expression;
  let references = 0;
  let known = patterns;
  for (let found = REFERENCE.exec(rest); found; found = REFERENCE.exec(rest)) {
    if (++references > MAX_REFERENCES)
      throw new PropertyError(`'${expression}' is not a grok expression: it refers to more than ${MAX_REFERENCES} patterns, most likely one that names itself`);
    const [whole, pattern = '', field, , definition] = found;
    if (definition !== undefined) known = new Map(known).set(pattern, definition);
    const inner = known.get(pattern);
    if (inner === undefined) throw new PropertyError(`'${expression}' is not a grok expression: there is no pattern ${pattern}. Define it in Grok Patterns.`);
    const captures = field !== undefined || !namedOnly;
    const name = `name${groups.length}`;
    if (captures) groups.push({ field: field ?? pattern, name, isNamed: field !== undefined });
    rest = `${rest.slice(0, found.index)}${captures ? `(?<${name}>` : '(?:'}${inner})${rest.slice(found.index + whole.length)}`;
  }
  return rest;
}
