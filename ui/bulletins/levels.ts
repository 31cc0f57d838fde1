/** From the mildest to the worst. */
export const LEVELS = [
  { level: 'INFO', title: 'All levels' },
  { level: 'WARNING', title: 'Warnings and errors' },
  { level: 'ERROR', title: 'Errors only' },
] as const;

export type Level = (typeof LEVELS)[number]['level'];

const rank = (level: string): number => LEVELS.findIndex((each) => each.level === level);

/** Whether a bulletin of a level is at least as bad as another; levels that we do not know count as mild. */
export function atLeast(level: string, from: Level): boolean {
  return Math.max(rank(level.toUpperCase()), 0) >= rank(from);
}

/** The worst of some levels; undefined where there are none. */
export function worst(levels: readonly string[]): Level | undefined {
  if (levels.length === 0) return undefined;
  return LEVELS[Math.max(0, ...levels.map((level) => rank(level.toUpperCase())))]!.level;
}
