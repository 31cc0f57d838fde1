import { dateFunctions } from './dates.ts';
import type { FunctionDeclaration, FunctionTable } from './declaration.ts';
import { encodingFunctions } from './encoding.ts';
import { hashFunctions } from './hashes.ts';
import { jsonFunctions } from './json.ts';
import { listFunctions } from './lists.ts';
import { logicFunctions } from './logic.ts';
import { type ManyValues, manyValues, reducingFunctions } from './many-values.ts';
import { numberFunctions } from './numbers.ts';
import { searchFunctions } from './searching.ts';
import { stringFunctions } from './strings.ts';
import { subjectlessFunctions } from './subjectless.ts';

/** Without a prototype, so that `constructor` is no function. */
function table<T>(...tables: Readonly<Record<string, T>>[]): ReadonlyMap<string, T> {
  return new Map(tables.flatMap((entries) => Object.entries(entries)));
}

const ofSubjects: FunctionTable[] = [
  logicFunctions,
  stringFunctions,
  encodingFunctions,
  hashFunctions,
  searchFunctions,
  jsonFunctions,
  listFunctions,
  numberFunctions,
  dateFunctions,
  reducingFunctions,
];

/** Functions that follow a subject, by name. */
export const functions: ReadonlyMap<string, FunctionDeclaration> = table(...ofSubjects);
/** Functions that begin an expression, by name. */
export const beginnings: ReadonlyMap<string, FunctionDeclaration> = table(subjectlessFunctions);
/** Functions that begin an expression of many subjects, by name. */
export const multiples: ReadonlyMap<string, ManyValues> = table(manyValues);

/** What to say of a name that is no function in its place: where it belongs, or which functions are called nearly so. */
export function explainUnknown(name: string, place: 'first' | 'following'): string {
  const begins = beginnings.has(name) || multiples.has(name);
  if (place === 'following' && begins) return `${name}() takes no subject: it must begin the expression, as in \${${name}(...)}`;
  if (place === 'first' && functions.has(name)) return `${name}() needs a subject, as in \${attribute:${name}(...)}`;
  const known = place === 'first' ? [...beginnings.keys(), ...multiples.keys()] : [...functions.keys()];
  const near = known.filter((candidate) => isNear(candidate.toLowerCase(), name.toLowerCase())).slice(0, 3);
  return `There is no function ${name}()${near.length > 0 ? `; did you mean ${near.join(' or ')}?` : ''}`;
}

function isNear(candidate: string, name: string): boolean {
  if (name.length > 40) return false;
  return candidate === name || (name.length > 3 && candidate.startsWith(name)) || distance(candidate, name) <= (name.length < 5 ? 1 : 2);
}

/** How many characters to add, take away or change (Levenshtein). */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length]!;
}
