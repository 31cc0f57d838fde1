/** NiFi's units of time; see server/extension/units.ts, which decides. */
const DURATION =
  /^\s*\d+(\.\d+)?\s*(ns|nanos?|nanoseconds?|us|micros?|microseconds?|ms|millis?|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?|d|days?|w|wks?|weeks?)\s*$/i;
const SIZE = /^\s*\d+(\.\d+)?\s*(B|KB|MB|GB|TB)\s*$/i;

const refersToParameter = (text: string): boolean => text.includes('#{');

/** What is wrong with a duration such as `30 sec`; undefined where nothing is. */
export function durationProblem(text: string): string | undefined {
  return DURATION.test(text) || refersToParameter(text) ? undefined : 'A number and a unit, such as 30 sec, 5 min or 1 day';
}

/** What is wrong with a data size such as `1 GB`. */
export function sizeProblem(text: string): string | undefined {
  return SIZE.test(text) ? undefined : 'A number and a unit, such as 500 MB or 1 GB';
}

/** What is wrong with a whole number. */
export function countProblem(value: unknown, least = 0): string | undefined {
  const text = String(value ?? '').trim();
  return /^\d+$/.test(text) && Number(text) >= least ? undefined : `A whole number, ${least} or more`;
}
