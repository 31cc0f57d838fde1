import { encode } from '../../server/extension/character-set.ts';
import type { FlowFile } from '../../server/extension/flowfile.ts';
import { bounded, boundedAll, harmlessFor } from '../../server/extension/java/regex-guard.ts';
import { javaRegex, wholly } from './java-regex.ts';
import { linesOf, withoutBreak } from './line-reader.ts';

export const BY_NAME = 'Route to each matching Property Name';
export const ALL = "Route to 'matched' if line matches all conditions";

/** Parts are kept in memory up to so many bytes in all; beyond that the content is read once more for each part. */
const IN_MEMORY = 8 * 1024 * 1024;

export interface Condition {
  /** Whether it holds for a line (without its line break), the line's number being counted from 1. */
  holds(line: string, number: number): boolean;
  /** How long texts may be that it needs no watching, see regex-guard.ts. */
  readonly harmless: number;
}

type Value = (flowFile?: FlowFile) => string;

/** RouteText's Matching Strategy for one of its properties. Throws PropertyError where the value is not the regular expression that it must be. */
export function conditionOf(property: string, strategy: string, ignoreCase: boolean, value: Value, flowFile: FlowFile): Condition {
  if (strategy === 'Satisfies Expression') return plain((line, number) => value(withLine(flowFile, line, number)).toLowerCase() === 'true');
  const wanted = value(flowFile);
  if (strategy === 'Matches Regular Expression') return matching(property, wanted, wholly(javaRegex(wanted, ignoreCase ? 'i' : '')));
  if (strategy === 'Contains Regular Expression') return matching(property, wanted, javaRegex(wanted, ignoreCase ? 'i' : ''));
  return plain(comparison(strategy, ignoreCase, wanted));
}

const plain = (holds: Condition['holds']): Condition => ({ holds, harmless: Number.POSITIVE_INFINITY });

function comparison(strategy: string, ignoreCase: boolean, wanted: string): (line: string) => boolean {
  const fold = ignoreCase ? (text: string) => text.toLowerCase() : (text: string) => text;
  const folded = fold(wanted);
  if (strategy === 'Starts With') return (line) => fold(line).startsWith(folded);
  if (strategy === 'Ends With') return (line) => fold(line).endsWith(folded);
  if (strategy === 'Contains') return (line) => fold(line).includes(folded);
  return (line) => fold(line) === folded;
}

const matching = (property: string, pattern: string, regex: RegExp): Condition => ({
  holds: (line) => bounded(regex, { pattern, length: line.length, property }, () => regex.test(line)),
  harmless: harmlessFor(regex),
});

/** The FlowFile as an expression about one of its lines sees it. */
function withLine(flowFile: FlowFile, line: string, number: number): FlowFile {
  const attributes = new Map([...flowFile.attributes, ['line', line], ['lineNo', String(number)]]);
  const { id, uuid, size, entryDate, lineageStartDate } = flowFile;
  return { id, uuid, size, entryDate, lineageStartDate, attributes, getAttribute: (name) => attributes.get(name) };
}

export interface LineRules {
  readonly strategy: string;
  readonly conditions: readonly (readonly [name: string, condition: Condition])[];
  /** Must match the whole line; its capturing groups tell lines apart. */
  readonly grouping: RegExp | undefined;
  readonly characterSet: string;
  readonly trims: boolean;
}

/** Lines that take the same way. */
export interface SortedLines {
  readonly route: string;
  readonly group: string;
  readonly content: Uint8Array | AsyncIterable<Uint8Array>;
}

interface RoutedLine {
  readonly route: string;
  readonly group: string;
  readonly text: string;
}

interface Part {
  readonly route: string;
  readonly group: string;
  readonly pieces: Buffer[];
}

/** Sorts the lines of a content by route and group. */
export class LineSorter {
  readonly #rules: LineRules;
  readonly #open: () => AsyncIterable<Uint8Array>;
  readonly #harmless: number;
  readonly #parts = new Map<string, Part>();
  #kept = 0;

  /** `open` reads the content from its beginning. */
  constructor(rules: LineRules, open: () => AsyncIterable<Uint8Array>) {
    this.#rules = rules;
    this.#open = open;
    const { conditions, grouping } = rules;
    this.#harmless = Math.min(grouping ? harmlessFor(grouping) : Number.POSITIVE_INFINITY, ...conditions.map(([, { harmless }]) => harmless));
  }

  async sort(): Promise<SortedLines[]> {
    for await (const { route, group, text } of this.#routed()) this.#add(route, group, text);
    const isWhole = this.#kept <= IN_MEMORY;
    return [...this.#parts.values()].map(({ route, group, pieces }) => ({ route, group, content: isWhole ? Buffer.concat(pieces) : this.#again(route, group) }));
  }

  #add(route: string, group: string, text: string): void {
    const key = `${route}\n${group}`;
    const part = this.#parts.get(key) ?? { route, group, pieces: [] };
    this.#parts.set(key, part);
    if (this.#kept > IN_MEMORY) return;
    const bytes = encode(text, this.#rules.characterSet);
    part.pieces.push(bytes);
    this.#kept += bytes.length;
    if (this.#kept > IN_MEMORY) for (const { pieces } of this.#parts.values()) pieces.length = 0;
  }

  async *#again(wantedRoute: string, wantedGroup: string): AsyncGenerator<Uint8Array> {
    let text = '';
    for await (const line of this.#routed()) {
      if (line.route !== wantedRoute || line.group !== wantedGroup) continue;
      text += line.text;
      if (text.length < 65_536) continue;
      yield encode(text, this.#rules.characterSet);
      text = '';
    }
    if (text !== '') yield encode(text, this.#rules.characterSet);
  }

  async *#routed(): AsyncGenerator<RoutedLine> {
    let number = 0;
    for await (const lines of linesOf(this.#open(), this.#rules.characterSet)) {
      const length = lines.reduce((sum, line) => sum + line.length, 0);
      yield* boundedAll(length, this.#harmless, () => lines.flatMap((text) => this.#routedLine(text, ++number)));
    }
  }

  #routedLine(text: string, number: number): RoutedLine[] {
    const bare = withoutBreak(text);
    const line = this.#rules.trims ? bare.trim() : bare;
    const group = this.#group(line);
    return this.#routes(line, number).map((route) => ({ route, group, text }));
  }

  #group(line: string): string {
    const { grouping } = this.#rules;
    if (!grouping) return '';
    const match = { pattern: grouping.source, length: line.length, property: 'Grouping Regular Expression' };
    return (
      bounded(grouping, match, () => grouping.exec(line))
        ?.slice(1)
        .join(', ') ?? ''
    );
  }

  #routes(line: string, number: number): string[] {
    const { strategy, conditions } = this.#rules;
    if (strategy === BY_NAME) {
      const names = conditions.filter(([, condition]) => condition.holds(line, number)).map(([name]) => name);
      return names.length > 0 ? names : ['unmatched'];
    }
    const holds = ([, condition]: readonly [string, Condition]): boolean => condition.holds(line, number);
    return [(strategy === ALL ? conditions.every(holds) : conditions.some(holds)) ? 'matched' : 'unmatched'];
  }
}
