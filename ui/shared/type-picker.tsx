import { type KeyboardEvent, useMemo, useRef, useState } from 'react';
import type { DocumentedTypeDto } from '../api/properties.ts';
import { shortType } from './format.ts';
import { glyphOf } from './glyph.ts';
import { Tile } from './tile.tsx';
import './type-picker.css';

interface TypePickerProps {
  readonly types: readonly DocumentedTypeDto[];
  readonly chosen: DocumentedTypeDto | undefined;
  readonly onChoose: (type: DocumentedTypeDto) => void;
  /** Enter or a double click. */
  readonly onAccept: (type: DocumentedTypeDto) => void;
}

/** Types whose name, tags or description have all the words; those whose name begins with the first come first. */
export function typesMatching<T extends Pick<DocumentedTypeDto, 'type' | 'tags' | 'description'>>(types: readonly T[], query: string): T[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const text = (type: T) => `${type.type} ${type.tags.join(' ')} ${type.description}`.toLowerCase();
  const rank = (type: T): number => {
    const name = shortType(type.type).toLowerCase();
    if (words.length === 0 || name.startsWith(words[0]!)) return 0;
    return words.every((word) => name.includes(word)) ? 1 : 2;
  };
  return types.filter((type) => words.every((word) => text(type).includes(word))).sort((a, b) => rank(a) - rank(b) || shortType(a.type).localeCompare(shortType(b.type)));
}

/** A list of types to search in and choose from; the arrows work while one types. */
export function TypePicker({ types, chosen, onChoose, onAccept }: TypePickerProps) {
  const [query, setQuery] = useState('');
  const list = useRef<HTMLDivElement>(null);
  const found = useMemo(() => typesMatching(types, query), [types, query]);
  const current = chosen && found.includes(chosen) ? chosen : found[0];
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Enter' && current) {
      event.preventDefault();
      onAccept(current);
    } else if (step !== 0 && current) {
      event.preventDefault();
      const next = found[(found.indexOf(current) + step + found.length) % found.length]!;
      onChoose(next);
      list.current?.querySelector(`[data-type="${CSS.escape(next.type)}"]`)?.scrollIntoView({ block: 'nearest' });
    }
  };
  return (
    <div className="type-picker">
      <input
        className="input"
        aria-label="Search types"
        placeholder="Search by name, tag or description"
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={onKeyDown}
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to type here.
        autoFocus
        data-autofocus
      />
      <div className="type-list" role="listbox" aria-label="Types" ref={list} tabIndex={-1}>
        {found.map((type) => (
          <button
            key={type.type}
            type="button"
            role="option"
            className="type-option"
            data-type={type.type}
            aria-selected={type === current}
            tabIndex={-1}
            onClick={() => onChoose(type)}
            onDoubleClick={() => onAccept(type)}
          >
            <Tile glyph={glyphOf(shortType(type.type))} size="small" />
            <span>
              <strong>{shortType(type.type)}</strong>
              <small>{type.description}</small>
            </span>
            <span className="type-tags">{type.tags.slice(0, 3).join(' · ')}</span>
          </button>
        ))}
        {found.length === 0 && <p className="type-none">No type has all of these words.</p>}
      </div>
    </div>
  );
}
