import type { Specification } from './specification.ts';
import { isAbsent } from './steps/absent.ts';
import type { Outcome, Walk } from './walk.ts';

/** Operations whose faults do not count yet, because what they are about is being built. */
const NOT_YET = [
  /^\S+ \/controller\/registry-clients/,
  /^GET \/flow\/registries\//,
  /^\S+ \/versions\//,
  /^GET \/process-groups\/\{id\}\/local-modifications$/,
  /^GET \/flow\/flow-registry-client-definition\//,
];

export interface Report {
  /** What is wrong, a line each. */
  readonly lines: readonly string[];
  readonly implemented: number;
  readonly conform: number;
  readonly total: number;
  /** Operations of wanted groups that answer 501. */
  readonly missing: readonly string[];
  /** Operations with faults, and those that the walk does not call. */
  readonly failed: number;
  /** Operations with faults that do not count yet. */
  readonly notYet: number;
}

/** What came of all walks together: an operation conforms where it did in each that called it. */
export function reportOf({ operations }: Specification, walks: readonly Walk[]): Report {
  const lines: string[] = [];
  const missing: string[] = [];
  let [implemented, conform, failed, notYet] = [0, 0, 0, 0];
  for (const key of operations.keys()) {
    const outcomes = walks.flatMap(({ outcomes }) => outcomes.get(key) ?? []);
    const faults = new Set(outcomes.flatMap((outcome) => [...outcome.faults]));
    if (outcomes.length === 0) faults.add('is not called by the walk');
    if (faults.size > 0) {
      const counts = !NOT_YET.some((pattern) => pattern.test(key));
      if (counts) failed++;
      else notYet++;
      lines.push(`${counts ? 'fails' : 'not yet'}: ${key}`, ...Array.from(faults, (fault) => `    ${fault}`));
    }
    if (isOffered(outcomes)) {
      implemented++;
      if (faults.size === 0) conform++;
    } else if (!isAbsent(key) && outcomes.length > 0) missing.push(key);
  }
  return { lines, implemented, conform, total: operations.size, missing, failed, notYet };
}

/** Where one walk may not (users without login), another may. */
function isOffered(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ notOffered, calls }) => !notOffered && calls > 0);
}
