import { type Context, createContext, Script } from 'node:vm';
import { ProcessError } from '../errors.ts';
import { harmlessLength } from './regex-risk.ts';

/** Milliseconds after which a match is given up: nothing else of the server runs meanwhile. */
const LIMIT = 1000;

const shown = (text: string): string => (text.length > 200 ? `${text.slice(0, 200)}...` : text);

/** Regular expressions that ran for too long; the message names the one that ran. */
export class RegexTimeout extends ProcessError {
  readonly #reason: string;

  constructor(reason: string, property?: string) {
    super(property === undefined ? reason : `${property}: ${reason}`);
    this.#reason = reason;
  }

  /** The same with the name of the property that has the expression. */
  of(property: string): RegexTimeout {
    return new RegexTimeout(this.#reason, property);
  }
}

/** What is matched at present, for the message. */
interface Match {
  readonly pattern: string;
  readonly length: number;
  readonly property: string | undefined;
}

let current: Match | undefined;
let isWatched = false;
let watch: { readonly script: Script; readonly context: Context & { run?: () => void } } | undefined;

function timeout(): RegexTimeout {
  const { pattern = '', length = 0, property } = current ?? {};
  return new RegexTimeout(
    `the regular expression '${shown(pattern)}' was given up after ${LIMIT} ms, at a text of ${length} characters: it has too many ways to match. ` +
      'Write it so that repeated parts cannot match the same characters, as they do in (a+)+ and (.*)x, or give it less text.',
    property,
  );
}

/** Runs it for a second at most: V8 stops even within a match. The thread that watches costs 50 us. */
function watched<T>(run: () => T): T {
  watch ??= { script: new Script('run()'), context: createContext({}) };
  let result: T | undefined;
  watch.context.run = () => {
    result = run();
  };
  isWatched = true;
  try {
    watch.script.runInContext(watch.context, { timeout: LIMIT });
    return result as T;
  } catch (thrown) {
    throw (thrown as { code?: unknown }).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT' ? timeout() : thrown;
  } finally {
    isWatched = false;
    watch.context.run = undefined;
    current = undefined;
  }
}

const lengths = new WeakMap<RegExp, number>();

/** How long a text may be so that the expression needs no watching on it. */
export function harmlessFor(regex: RegExp): number {
  let length = lengths.get(regex);
  if (length === undefined) {
    length = harmlessLength(regex.source);
    lengths.set(regex, length);
  }
  return length;
}

/**
 * Does what matches a regular expression with a text of so many characters. JavaScript tries one way to match after the other, and
 * some expressions have more ways than there is time: `(a+)+b`. What could take long, by the text's length and by what repeats in the
 * expression, is given up after a second. `run` must leave nothing half done when it is stopped. Throws RegexTimeout.
 */
export function bounded<T>(regex: RegExp, match: Match, run: () => T): T {
  if (match.length <= harmlessFor(regex)) return run();
  current = match;
  return isWatched ? run() : watched(run);
}

/** Does many such matches under one watch, where their texts have more characters in all than is harmless. Throws RegexTimeout. */
export function boundedAll<T>(length: number, harmless: number, run: () => T): T {
  return isWatched || length <= harmless ? run() : watched(run);
}
