import { bounded } from '../../server/extension/java/regex-guard.ts';
import { javaRegex, wholly } from './java-regex.ts';

/** Throws an Error that says what is wrong with a cell; an empty one is null. */
export type CellCheck = (cell: string | null) => void;

interface Call {
  readonly name: string;
  readonly args: readonly (string | Call)[];
}

/** `Name(arg, "text", Name(...)), Name ...`: the checks of a line, in the order of its columns. Throws an Error where the text is something else. */
export function parseCellChecks(schema: string): (() => CellCheck)[] {
  const parser = new SchemaParser(schema);
  return parser.calls().map((call) => {
    compile(call);
    return () => compile(call);
  });
}

class SchemaParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  calls(): Call[] {
    const found = this.#list(() => this.#call());
    if (this.#at < this.#text.length) throw new Error(`the Schema cannot be read from position ${this.#at}`);
    return found;
  }

  #list<T>(one: () => T): T[] {
    const found = [one()];
    while (this.#take(/\s*,/y) !== undefined) found.push(one());
    this.#take(/\s*/y);
    return found;
  }

  #call(): Call {
    const name = this.#take(/\s*[A-Za-z]+/y)?.trim();
    if (name === undefined) throw new Error(`the Schema needs the name of a check at position ${this.#at}`);
    if (this.#take(/\s*\(/y) === undefined) return { name, args: [] };
    const args = this.#take(/\s*(?=\))/y) === undefined ? this.#list(() => this.#argument()) : [];
    if (this.#take(/\s*\)/y) === undefined) throw new Error(`the Schema needs a ) at position ${this.#at}`);
    return { name, args };
  }

  #argument(): string | Call {
    const quoted = this.#take(/\s*"(?:[^"\\]|\\.)*"/y);
    if (quoted !== undefined) return quoted.trim().slice(1, -1).replaceAll('\\"', '"');
    const number = this.#take(/\s*-?[\d.]+/y);
    return number === undefined ? this.#call() : number.trim();
  }

  #take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found !== undefined) this.#at += found.length;
    return found;
  }
}

const fail = (cell: string | null, wanted: string): never => {
  throw new Error(`'${cell ?? ''}' ${wanted}`);
};

/** A check of what must be there. */
const present =
  (isRight: (cell: string) => boolean, wanted: string): CellCheck =>
  (cell) => {
    if (cell === null || !isRight(cell)) fail(cell, wanted);
  };

const isNumber = (cell: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell);
const within = (cell: string, min: string, max: string): boolean => isNumber(cell) && Number(cell) >= Number(min) && Number(cell) <= Number(max);

/** NiFi's names of checks; `args` are texts. */
const CHECKS: Readonly<Record<string, (args: readonly string[]) => CellCheck>> = {
  ParseBool: () => present((cell) => /^(true|false|t|f|y|n|yes|no|on|off|1|0)$/i.test(cell), 'is not a boolean'),
  ParseInt: () => present((cell) => /^[+-]?\d+$/.test(cell) && Math.abs(Number(cell)) <= 2 ** 31, 'is not an integer'),
  ParseLong: () => present((cell) => /^[+-]?\d{1,19}$/.test(cell), 'is not a long integer'),
  ParseDouble: () => present(isNumber, 'is not a number'),
  ParseBigDecimal: () => present(isNumber, 'is not a decimal'),
  ParseChar: () => present((cell) => [...cell].length === 1, 'is not one character'),
  NotNull: () => present(() => true, 'must not be empty'),
  StrNotNullOrEmpty: () => present((cell) => cell !== '', 'must not be empty'),
  Null: () => (cell) => void (cell === null || fail(cell, 'must be empty')),
  StrRegEx: ([pattern = '']) => {
    const regex = wholly(javaRegex(pattern));
    return present((cell) => bounded(regex, { pattern, length: cell.length, property: 'Schema' }, () => regex.test(cell)), `does not match ${pattern}`);
  },
  StrMinMax: ([min = '0', max = 'Infinity']) => present((cell) => cell.length >= Number(min) && cell.length <= Number(max), `must have ${min} to ${max} characters`),
  Strlen: (lengths) => present((cell) => lengths.includes(String(cell.length)), `must have ${lengths.join(' or ')} characters`),
  LMinMax: ([min = '', max = '']) => present((cell) => within(cell, min, max), `is not between ${min} and ${max}`),
  DMinMax: ([min = '', max = '']) => present((cell) => within(cell, min, max), `is not between ${min} and ${max}`),
  IsIncludedIn: (values) => present((cell) => values.includes(cell), `is none of ${values.join(', ')}`),
  RequireSubStr: (parts) => present((cell) => parts.some((part) => cell.includes(part)), `holds none of ${parts.join(', ')}`),
  ForbidSubStr: (parts) => present((cell) => !parts.some((part) => cell.includes(part)), `holds one of ${parts.join(', ')}`),
  Equals: () => {
    let first: string | null | undefined;
    return (cell) => {
      first ??= cell;
      if (first !== cell) fail(cell, `is not ${first} like the others`);
    };
  },
  Unique: () => {
    const seen = new Set<string | null>();
    return (cell) => {
      if (seen.has(cell)) fail(cell, 'came before');
      seen.add(cell);
    };
  },
};

function compile({ name, args }: Call): CellCheck {
  if (name === 'Optional') {
    const [inner] = args;
    if (typeof inner !== 'object') throw new Error('Optional needs another check in its parentheses');
    const check = compile(inner);
    return (cell) => (cell === null ? undefined : check(cell));
  }
  const make = Object.hasOwn(CHECKS, name) ? CHECKS[name] : undefined;
  if (!make) throw new Error(`'${name}' is not a check that this runtime knows; it knows ${Object.keys(CHECKS).join(', ')} and Optional`);
  return make(args.map((argument) => (typeof argument === 'string' ? argument : argument.name)));
}
