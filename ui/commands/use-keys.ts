import { useEffect } from 'react';
import { type Command, matches } from '../shared/command.ts';
import { hasUnsaved } from '../shared/views.ts';

/** Where keys belong to what is typed. */
function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName));
}

/** Dialogs and menus have keys of their own. */
const isAway = (): boolean => document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null;
/** What was deleted in a list is brought back there, too; not while something is typed, which has its own steps. */
const isInView = (id: string): boolean => (id === 'undo' || id === 'redo') && !hasUnsaved() && document.querySelector('[role=alertdialog], [role=menu]') === null;
/** The browser's own events do these: they bring the clipboard along. */
const CLIPBOARD = new Set(['cut', 'copy', 'paste']);
/** On a button these press it; not on one that only selects, and has. */
const PRESSES = new Set(['Enter', ' ']);

function isForControl({ key, target }: KeyboardEvent): boolean {
  return PRESSES.has(key) && target instanceof HTMLElement && target.closest('button:not(.chip[data-selected]), a, [role=tab], summary') !== null;
}

const isModified = ({ ctrlKey, metaKey, altKey }: KeyboardEvent): boolean => ctrlKey || metaKey || altKey;

/**
 * Runs commands by their keys. What cannot be done now leaves its keys to the browser. Keys with Ctrl, Cmd or Alt are taken before React
 * Flow sees them: it would take Alt+Down for a move, and Ctrl+Enter for the end of a selection.
 */
export function useKeys(commands: () => readonly Command[]): void {
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isTyping(event.target)) return;
      const away = isAway();
      const command = commands().find(
        ({ id, keys, obstacle }) => obstacle === undefined && (!away || isInView(id)) && !CLIPBOARD.has(id) && keys?.some((each) => matches(each, event)),
      );
      if (!command || (isForControl(event) && !isModified(event))) return;
      event.preventDefault();
      event.stopPropagation();
      command.run();
    };
    const early = (event: KeyboardEvent): void => void (isModified(event) && press(event));
    const late = (event: KeyboardEvent): void => void (!isModified(event) && press(event));
    window.addEventListener('keydown', early, true);
    window.addEventListener('keydown', late);
    return () => {
      window.removeEventListener('keydown', early, true);
      window.removeEventListener('keydown', late);
    };
  }, [commands]);
}

export { isAway, isTyping };
