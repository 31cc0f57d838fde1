import { randomBytes, randomUUID } from 'node:crypto';
import { hostname, networkInterfaces } from 'node:os';
import { toText } from '../coercion.ts';
import type { Evaluate, Evaluation, ExpressionType, Piece, Value } from '../evaluation.ts';
import { DateValue } from '../../../extension/java/instants.ts';
import { wrap } from '../numbers.ts';
import { buildUri } from '../../../extension/java/uri.ts';
import { anything, type Compilation, type FunctionDeclaration, type FunctionTable, receive, required, text } from './declaration.ts';
import { callMath } from './java-math.ts';

/** One counter for the whole process, as the Guide says of `nextInt`. */
let next = 0;

/** The Guide's "Subjectless Functions". */
export const subjectlessFunctions: FunctionTable = {
  ip: { minimum: 0, maximum: 0, build: ownAddress },
  hostname: { minimum: 0, maximum: 1, build: hostName },
  UUID: alone('string', () => randomUUID()),
  nextInt: alone('number', () => next++),
  now: alone('date', (on) => new DateValue(on.now())),
  random: alone('number', () => wrap(randomBytes(8).readBigUInt64BE() >> 1n)),
  thread: alone('string', () => 'Timer-Driven Process Thread-1'),
  literal: { minimum: 1, maximum: 1, build: asText },
  math: ofText('numeric', (method) => callMath(method)),
  getStateValue: ofText('string', (key, on) => on.state?.(key)),
  getUri: { minimum: 7, maximum: 7, build: uri },
};

function alone(type: ExpressionType, evaluate: Evaluate): FunctionDeclaration {
  return { minimum: 0, maximum: 0, build: () => ({ type, literal: false, evaluate }) };
}

/** The first address by which other machines can reach this one, as it is when the expression is compiled. */
function ownAddress(): Piece {
  const all = Object.values(networkInterfaces()).flatMap((list) => list ?? []);
  const address = all.find(({ internal, family }) => !internal && family === 'IPv4')?.address ?? '127.0.0.1';
  return { type: 'string', literal: false, evaluate: () => address };
}

/** The operating system's name serves for both forms: a look-up in DNS would have to wait. */
function hostName(_: Piece, [qualified]: readonly Piece[], { fail }: Compilation): Piece {
  if (qualified && (qualified.type !== 'boolean' || !qualified.literal)) fail('takes true or false');
  const name = hostname();
  return { type: 'string', literal: false, evaluate: () => name };
}

function asText(_: Piece, [value]: readonly Piece[], compilation: Compilation): Piece {
  const evaluate = receive(value!, anything, compilation, 'its argument');
  const asString = (on: Evaluation) => {
    const found = evaluate(on);
    return found === undefined ? undefined : toText(found);
  };
  return { type: 'string', literal: value!.literal, evaluate: asString };
}

function ofText(type: ExpressionType, apply: (argument: string, on: Evaluation) => Value): FunctionDeclaration {
  const build = (_: Piece, [argument]: readonly Piece[], compilation: Compilation): Piece => {
    const evaluate = receive(argument!, text, compilation, 'its argument');
    const applied = (on: Evaluation) => {
      const found = evaluate(on);
      return found === undefined ? undefined : apply(found, on);
    };
    return { type, literal: false, evaluate: applied };
  };
  return { minimum: 1, maximum: 1, build };
}

function uri(_: Piece, passed: readonly Piece[], compilation: Compilation): Piece {
  const parts = passed.map((piece, i) => receive(piece, text, compilation, `argument ${i + 1}`));
  const evaluate = (on: Evaluation) => {
    const [scheme, userInfo, host, port, path, query, fragment] = parts.map((part) => part(on));
    return buildUri({ scheme, userInfo, host, port: required(port, 'getUri: the port'), path, query, fragment });
  };
  return { type: 'string', literal: false, evaluate };
}
