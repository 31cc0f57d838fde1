import { StreamLanguage, type StringStream } from '@codemirror/language';

/** A function's name with its opening bracket ahead. */
const FUNCTION = /^[A-Za-z][A-Za-z0-9]*(?=\s*\()/;

interface State {
  /** What one is inside of, the innermost last: an expression, a parameter, or a quote. */
  levels: string[];
}

/** Text with NiFi's expressions and parameters in it. */
export const expressionMode = StreamLanguage.define<State>({
  name: 'expression',
  startState: () => ({ levels: [] }),
  copyState: ({ levels }) => ({ levels: [...levels] }),
  token: (stream, state) => {
    const level = state.levels.at(-1);
    if (level === undefined) return plain(stream, state);
    if (level === '"' || level === "'") return quoted(stream, state, level);
    return level === '#{' ? parameter(stream, state) : expression(stream, state);
  },
});

/** Opens a reference where one begins here. */
function opens(stream: StringStream, { levels }: State): string | null {
  const opened = stream.match(/^[$#]\{/) as RegExpMatchArray | null;
  if (!opened) return null;
  levels.push(opened[0]);
  return 'bracket';
}

function plain(stream: StringStream, state: State): string | null {
  if (stream.match(/^\$\$(?=\$*\{)|^##(?=#*\{)/)) return 'escape';
  const opened = opens(stream, state);
  if (opened) return opened;
  stream.next();
  stream.eatWhile((character: string) => character !== '$' && character !== '#');
  return null;
}

function quoted(stream: StringStream, state: State, quote: string): string | null {
  if (stream.match('#{', false)) return opens(stream, state);
  if (stream.next() === '\\') stream.next();
  else if (stream.string[stream.pos - 1] === quote) state.levels.pop();
  return 'string';
}

function parameter(stream: StringStream, { levels }: State): string {
  if (stream.eat('}')) {
    levels.pop();
    return 'bracket';
  }
  stream.next();
  stream.eatWhile(/[^}]/);
  return 'variableName';
}

function expression(stream: StringStream, state: State): string | null {
  if (stream.eatSpace()) return null;
  const opened = opens(stream, state);
  if (opened) return opened;
  if (stream.eat('}')) {
    state.levels.pop();
    return 'bracket';
  }
  const quote = stream.eat(/["']/);
  if (quote) {
    state.levels.push(quote as string);
    return 'string';
  }
  if (stream.match(FUNCTION)) return 'keyword';
  if (stream.match(/^-?\d+(\.\d+)?(?![\w.])/)) return 'number';
  if (stream.match(/^[\w.-]+/)) return 'propertyName';
  stream.next();
  return 'punctuation';
}
