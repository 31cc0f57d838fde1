import { countProblem, durationProblem } from '../shared/durations.ts';
import type { Fields } from '../shared/edit/fields.ts';
import { fieldName } from './processor-fields.ts';

const CHECKS: Readonly<Record<string, (value: unknown) => string | undefined>> = {
  name: (value) => (String(value).trim() === '' ? 'The name must not be empty' : undefined),
  penaltyDuration: (value) => durationProblem(String(value)),
  yieldDuration: (value) => durationProblem(String(value)),
  maxBackoffPeriod: (value) => durationProblem(String(value)),
  concurrentlySchedulableTaskCount: (value) => countProblem(value, 1),
  retryCount: (value) => countProblem(value),
};

/** What is wrong with one field of a processor. */
export function problemIn(fields: Fields, key: string): string | undefined {
  if (key === 'schedulingPeriod') return fields.schedulingStrategy === 'TIMER_DRIVEN' ? durationProblem(String(fields[key])) : undefined;
  return CHECKS[key]?.(fields[key]);
}

/** Why the fields cannot be stored; undefined where they can. */
export function obstacleIn(fields: Fields): string | undefined {
  for (const key of [...Object.keys(CHECKS), 'schedulingPeriod']) {
    const problem = problemIn(fields, key);
    if (problem) return `${fieldName(key)}: ${problem}`;
  }
  return undefined;
}
