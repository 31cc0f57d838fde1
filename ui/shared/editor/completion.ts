/** What could be typed at a place of a property's text. */
export interface CompletionPlace {
  /** `parameter`: inside `#{`; `first`: at the beginning of an expression; `subject`: a function after a colon. */
  readonly kind: 'parameter' | 'first' | 'subject';
  /** Where the word begins that is being typed. */
  readonly from: number;
}

type Level = { readonly kind: 'expression' | 'parameter'; readonly from: number; quote?: string; wordFrom: number; isFirst: boolean };

const WORD_ENDS = new Set([':', '(', ')', ',', '{', '}', ' ', '\t', '\n']);

/** Finds out what may stand at `position`: undefined where it is plain text. Everything before it is read once. */
export function completionPlace(text: string, position: number): CompletionPlace | undefined {
  const levels: Level[] = [];
  for (let at = 0; at < position; at++) {
    const level = levels.at(-1);
    const opened = openedAt(text, at, level);
    if (opened) {
      levels.push(opened);
      at++;
    } else if (level && read(level, text, at)) levels.pop();
  }
  const level = levels.at(-1);
  if (!level || level.quote) return undefined;
  if (level.kind === 'parameter') return { kind: 'parameter', from: level.from };
  return { kind: level.isFirst ? 'first' : 'subject', from: level.wordFrom };
}

/** A doubled sign stands for itself. Parameters are replaced inside quotes, too; an expression in an argument is one of its own. */
function openedAt(text: string, at: number, level: Level | undefined): Level | undefined {
  const sign = text[at];
  if ((sign !== '$' && sign !== '#') || text[at + 1] !== '{' || isEscaped(text, at, sign)) return undefined;
  if (level?.kind === 'parameter') return undefined;
  return { kind: sign === '$' ? 'expression' : 'parameter', from: at + 2, wordFrom: at + 2, isFirst: true };
}

function isEscaped(text: string, at: number, sign: string): boolean {
  let before = 0;
  while (text[at - 1 - before] === sign) before++;
  return before % 2 === 1;
}

/** Takes one character into account; whether it ends the level. */
function read(level: Level, text: string, at: number): boolean {
  const character = text[at]!;
  if (level.quote) {
    if (character === level.quote && text[at - 1] !== '\\') level.quote = undefined;
    return false;
  }
  if (character === '}') return true;
  if (level.kind === 'parameter') return false;
  if (character === '"' || character === "'") level.quote = character;
  if (!WORD_ENDS.has(character)) return false;
  level.wordFrom = at + 1;
  if (character === ':') level.isFirst = false;
  else if (character === '(' || character === ',') level.isFirst = true;
  else if (character === ')') level.isFirst = false;
  return false;
}
