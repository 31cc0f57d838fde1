import type { IconName } from './icons.ts';

export const SECTIONS = ['Add', 'Edit', 'Arrange', 'Run', 'View', 'Go'] as const;

/** Something that can be done now: a row in a context menu, in the palette and on the sheet of keys, and a key. */
export interface Command {
  readonly id: string;
  readonly title: string;
  readonly section: (typeof SECTIONS)[number];
  readonly icon: IconName;
  /** `Mod+Shift+Z`; Mod is Ctrl, and Cmd on a Mac. The first is shown. */
  readonly keys?: readonly string[];
  readonly tone?: 'danger';
  /** Why it cannot be done now; undefined where it can. */
  readonly obstacle?: string;
  /** Is not listed in menus: only a key. */
  readonly hidden?: boolean;
  readonly run: () => void;
}

const isMac = typeof navigator !== 'undefined' && /Mac|iPhone|iPad/.test(navigator.platform);
const SIGNS: Readonly<Record<string, string>> = {
  Mod: isMac ? 'Cmd' : 'Ctrl',
  ArrowUp: 'Up',
  ArrowDown: 'Down',
  ArrowLeft: 'Left',
  ArrowRight: 'Right',
  Escape: 'Esc',
};

/** As it is written beside a command: `Ctrl+Shift+Z`. */
export function showKeys(keys: string): string {
  return keys
    .split('+')
    .map((key) => SIGNS[key] ?? key)
    .join('+');
}

export interface Pressed {
  readonly key: string;
  readonly code: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

/** Whether keys are those of a command. A digit is meant by its place, so that Shift+1 is the same on every keyboard. */
export function matches(keys: string, event: Pressed): boolean {
  const parts = keys.split('+');
  const key = parts.at(-1)!;
  const wants = (modifier: string): boolean => parts.slice(0, -1).includes(modifier);
  const mod = isMac ? event.metaKey : event.ctrlKey;
  const other = isMac ? event.ctrlKey : event.metaKey;
  if (mod !== wants('Mod') || other || event.altKey !== wants('Alt')) return false;
  // Signs such as ? and + need Shift on some keyboards and not on others.
  const isSign = key.length === 1 && !/[a-z0-9]/i.test(key);
  if (!isSign && event.shiftKey !== wants('Shift')) return false;
  if (/^\d$/.test(key)) return event.code === `Digit${key}`;
  return event.key.toLowerCase() === key.toLowerCase();
}
