import type { Specification } from './specification.ts';
import { isAbsent } from './steps/absent.ts';
import type { Outcome, Walk } from './walk.ts';

export interface Report {
  /** What is wrong, a line each. */
  readonly lines: readonly string[];
  readonly implemented: number;
  readonly conform: number;
  readonly total: number;
  /** Operations with faults, those that the walk does not call, and wanted ones that answer 501. */
  readonly failed: number;
}

/** What came of all walks together: an operation conforms where it did in each that called it. */
export function reportOf({ operations }: Specification, walks: readonly Walk[]): Report {
  const lines: string[] = [];
  let [implemented, conform, failed] = [0, 0, 0];
  for (const key of operations.keys()) {
    const outcomes = walks.flatMap(({ outcomes }) => outcomes.get(key) ?? []);
    const faults = new Set(outcomes.flatMap((outcome) => [...outcome.faults]));
    const offered = isOffered(outcomes);
    if (outcomes.length === 0) faults.add('is not called by the walk');
    else if (!offered && !isAbsent(key)) faults.add('answers 501: it is wanted');
    if (offered) implemented++;
    if (offered && faults.size === 0) conform++;
    if (faults.size === 0) continue;
    failed++;
    lines.push(`fails: ${key}`, ...Array.from(faults, (fault) => `    ${fault}`));
  }
  return { lines, implemented, conform, total: operations.size, failed };
}

/** Where one walk may not (users without login), another may. */
function isOffered(outcomes: readonly Outcome[]): boolean {
  return outcomes.some(({ notOffered, calls }) => !notOffered && calls > 0);
}
