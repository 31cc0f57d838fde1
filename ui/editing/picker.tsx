import { type KeyboardEvent, type MouseEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Glyph } from '../shared/glyph.ts';
import { Tile } from '../shared/tile.tsx';

/** Something in a list to choose from. */
export interface Pickable {
  /** Unique in the list and fit for an id of HTML. */
  readonly key: string;
  readonly glyph: Glyph;
  readonly title: string;
  readonly description: string;
}

interface Mark<T> {
  /** The row that would be taken; undefined where there are none. */
  readonly current: T | undefined;
  readonly find: (key: string) => T | undefined;
  readonly mark: (key: string) => void;
  /** So many rows further down. */
  readonly step: (rows: number) => void;
  /** The first one again. */
  readonly reset: () => void;
}

/** Which row of what was found is marked. */
export function useMark<T>(found: readonly T[], keyOf: (row: T) => string): Mark<T> {
  const [index, setIndex] = useState(0);
  const indexOf = (key: string): number => found.findIndex((row) => keyOf(row) === key);
  return {
    current: found[Math.min(index, found.length - 1)],
    find: (key) => found[indexOf(key)],
    mark: (key) => setIndex(indexOf(key)),
    step: (rows) => setIndex((old) => Math.max(0, Math.min(found.length - 1, old + rows))),
    reset: () => setIndex(0),
  };
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
const LIST = 'picker-list';
const idOf = (key: string): string => `pick-${key}`;

interface PickerSearchProps {
  readonly label: string;
  readonly placeholder: string;
  readonly text: string;
  /** Key of the marked row. */
  readonly marked: string | undefined;
  readonly onSearch: (text: string) => void;
  /** Marks the row so many further down. */
  readonly onStep: (rows: number) => void;
}

/** The field above the list: it keeps the focus, and the arrows go through the list. */
export function PickerSearch({ label, placeholder, text, marked, onSearch, onStep }: PickerSearchProps) {
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    onStep(step);
  };
  return (
    <input
      className="input picker-search"
      type="search"
      role="combobox"
      aria-expanded="true"
      aria-controls={LIST}
      aria-activedescendant={marked && idOf(marked)}
      aria-label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => onSearch(event.target.value)}
      onKeyDown={onKeyDown}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: who opens the picker goes on to type.
      autoFocus
      data-autofocus
    />
  );
}

/** A click marks; Enter and the arrows go on to work, as the field keeps the focus. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

interface PickerListProps {
  readonly label: string;
  readonly rows: readonly Pickable[];
  readonly marked: string | undefined;
  readonly onMark: (key: string) => void;
  readonly onTake: (key: string) => void;
  /** Stands there where there are no rows. */
  readonly empty: ReactNode;
}

/** What can be chosen; a double click takes it. */
export function PickerList({ label, rows, marked, onMark, onTake, empty }: PickerListProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked one is looked for in what is drawn.
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [marked]);
  if (rows.length === 0) return empty;
  return (
    <div className="picker-list" id={LIST} role="listbox" aria-label={label} ref={list}>
      {rows.map(({ key, glyph, title, description }) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus and names the marked one.
        // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter in the field above.
        <div
          key={key}
          id={idOf(key)}
          className="picker-row"
          role="option"
          aria-selected={key === marked}
          onMouseDown={keepFocus}
          onClick={() => onMark(key)}
          onDoubleClick={() => onTake(key)}
        >
          <Tile glyph={glyph} size="small" />
          <div>
            <strong>{title}</strong>
            <p>{description}</p>
          </div>
        </div>
      ))}
    </div>
  );
}
