import { isObject, type Json } from '../../server/extension/json-path/json-document.ts';
import { JoltOutput, parseOutputPath } from './jolt-output.ts';
import { bySpecificity, captured, childOf, type KeyMatcher, keyMatcher, keysOf, lookUp, type Step, type Walk } from './jolt-walk.ts';

type Paths = readonly ReturnType<typeof parseOutputPath>[];

interface Child {
  readonly matcher: KeyMatcher;
  readonly rule: Rule;
}

/** What becomes of a value: it is written to paths, or looked into. */
type Rule = { readonly paths: Paths } | { readonly special: readonly Special[]; readonly literals: readonly Child[]; readonly others: readonly Child[] };

interface Special {
  /** `@...`, `$...` or `#...`. */
  readonly text: string;
  readonly rule: Rule;
}

function compileRule(spec: Json): Rule {
  if (spec === null) return { paths: [] };
  if (typeof spec === 'string') return { paths: [parseOutputPath(spec)] };
  if (Array.isArray(spec) && spec.every((path) => typeof path === 'string')) return { paths: spec.map((path) => parseOutputPath(path as string)) };
  if (!isObject(spec)) throw new Error('what stands right of a key must be a path, a list of paths, null or an object');
  const entries = Object.entries(spec).flatMap(([key, value]) => (/^[@$#]/.test(key) ? [[key, value] as const] : key.split('|').map((each) => [each, value] as const)));
  const special = entries.filter(([key]) => /^[@$#]/.test(key)).map(([text, value]) => ({ text, rule: compileRule(value) }));
  const children = entries
    .filter(([key]) => !/^[@$#]/.test(key))
    .sort(([a], [b]) => bySpecificity(a, b))
    .map(([key, value]) => ({ matcher: keyMatcher(key), rule: compileRule(value) }));
  return { special, literals: children.filter(({ matcher }) => matcher.isLiteral), others: children.filter(({ matcher }) => !matcher.isLiteral) };
}

class Shift {
  readonly #output = new JoltOutput();

  run(rule: Rule, input: Json): Json | undefined {
    this.#apply(rule, input, [], ['root']);
    return this.#output.value;
  }

  #apply(rule: Rule, value: Json, before: Walk, captures: readonly string[]): void {
    const step: Step = { value, captures, matches: -1 };
    const walk = [...before, step];
    if ('paths' in rule) {
      for (const path of rule.paths) this.#output.write(path, walk, value);
      return;
    }
    for (const special of rule.special) this.#special(special, walk);
    // A scalar counts as the key that leads nowhere: `{"true": "path"}` asks whether the value is true.
    const keys = isObject(value) || Array.isArray(value) ? keysOf(value) : value === null ? [] : [String(value)];
    for (const key of keys) this.#child(rule, key, childOf(value, key), step, walk);
  }

  #child({ literals, others }: Exclude<Rule, { paths: Paths }>, key: string, value: Json | undefined, step: Step, walk: Walk): void {
    for (const { matcher, rule } of [...literals, ...others]) {
      const captures = matcher.match(key, walk);
      if (!captures) continue;
      step.matches++;
      this.#apply(rule, value ?? null, walk, captures);
      return;
    }
  }

  #special({ text, rule }: Special, walk: Walk): void {
    const value = text.startsWith('@') ? lookUp(walk, text) : text.startsWith('$') ? captured(walk, text) : text.slice(1);
    // What is written stands at the level where it was asked for.
    if (value !== undefined) this.#apply(rule, value, walk, walk.at(-1)!.captures);
  }
}

/** Compiles a shift: moves values from where they stand to where the specification says. Throws an Error where it is none. */
export function compileShift(spec: Json): (input: Json) => Json {
  if (!isObject(spec)) throw new Error('a shift must be an object');
  const rule = compileRule(spec);
  return (input) => new Shift().run(rule, input) ?? null;
}
