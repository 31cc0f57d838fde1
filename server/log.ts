import type { LogLine } from './engine/runtime.ts';

const WEIGHTS = { debug: 0, info: 1, warn: 2, error: 3 } as const;

/** Writes log lines from a level up: time, level, component, message. Warnings and errors go to standard error. */
export function consoleLog(from: keyof typeof WEIGHTS): (line: LogLine) => void {
  return ({ level, time, component, message }) => {
    if (WEIGHTS[level] < WEIGHTS[from]) return;
    const who = component ? ` [${component.name}]` : '';
    const text = `${new Date(time).toISOString()} ${level.toUpperCase().padEnd(5)}${who} ${message}`;
    if (WEIGHTS[level] >= WEIGHTS.warn) console.error(text);
    else console.log(text);
  };
}
