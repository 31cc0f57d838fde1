import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { PositionDto } from '../api/shapes.ts';
import { type ProcessorTypeDto, useProcessorTypes } from '../api/types.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatNumberOf, shortType } from '../shared/format.ts';
import { glyphOf } from '../shared/glyph.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { endTask } from '../shared/task.ts';
import { Tile } from '../shared/tile.tsx';
import { TypeDocumentation } from './type-documentation.tsx';
import { commonTags, searchTypes } from './type-search.ts';
import { useAdd } from './use-add.ts';

const TAGS = 10;

interface TypePickerProps {
  readonly groupId: string;
  readonly at: PositionDto;
  readonly from?: string;
}

/** Chooses the type of a new processor: search, arrows, Enter. */
export function TypePicker({ groupId, at, from }: TypePickerProps) {
  const { data: types, error, refetch } = useProcessorTypes();
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const add = useAdd(groupId);
  const found = useMemo(() => searchTypes(types ?? [], text), [types, text]);
  const current = found[Math.min(marked, found.length - 1)];
  const search = (next: string): void => {
    setText(next);
    setMarked(0);
  };
  const take = async (type: ProcessorTypeDto | undefined): Promise<void> => {
    if (!type) return;
    endTask();
    await add({ kind: 'processor', at, from, component: { type: type.type, bundle: type.bundle, name: shortType(type.type) }, label: `Added ${shortType(type.type)}` });
  };
  return (
    <Dialog
      title="Add a processor"
      size="huge"
      onClose={endTask}
      onSubmit={() => void take(current)}
      actions={
        <>
          <span className="dialog-note">{formatNumberOf(found.length, 'type')}</span>
          <Button onClick={endTask}>Cancel</Button>
          <Button tone="primary" type="submit" disabled={!current}>
            Add {current ? shortType(current.type) : ''}
          </Button>
        </>
      }
    >
      <SearchField text={text} current={current} onSearch={search} onStep={(step) => setMarked((old) => Math.max(0, Math.min(found.length - 1, old + step)))} />
      <div className="picker-tags">
        {commonTags(types ?? [], TAGS).map((tag) => (
          <button key={tag} type="button" className="tag" aria-pressed={text === tag} onClick={() => search(text === tag ? '' : tag)}>
            {tag}
          </button>
        ))}
      </div>
      {error && !types && <Failure title="The types could not be read" error={error} onRetry={() => void refetch()} />}
      {!error && !types && <Loading>Reading the types</Loading>}
      {types && (
        <div className="picker">
          <TypeList found={found} current={current} onMark={(type) => setMarked(found.indexOf(type))} onTake={(type) => void take(type)} />
          <TypeDocumentation type={current} />
        </div>
      )}
    </Dialog>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

interface SearchFieldProps {
  readonly text: string;
  readonly current: ProcessorTypeDto | undefined;
  readonly onSearch: (text: string) => void;
  /** Marks the type so many rows on. */
  readonly onStep: (rows: number) => void;
}

function SearchField({ text, current, onSearch, onStep }: SearchFieldProps) {
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
      aria-controls="picker-types"
      aria-activedescendant={current && `type-${current.type}`}
      aria-label="Search types by name, tag or description"
      placeholder="Search by name, tag or description"
      value={text}
      onChange={(event) => onSearch(event.target.value)}
      onKeyDown={onKeyDown}
      spellCheck={false}
      // biome-ignore lint/a11y/noAutofocus: who opens the picker goes on to type.
      autoFocus
    />
  );
}

interface TypeListProps {
  readonly found: readonly ProcessorTypeDto[];
  readonly current: ProcessorTypeDto | undefined;
  readonly onMark: (type: ProcessorTypeDto) => void;
  readonly onTake: (type: ProcessorTypeDto) => void;
}

function TypeList({ found, current, onMark, onTake }: TypeListProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked one is looked for in what is drawn.
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [current]);
  if (found.length === 0) {
    return (
      <EmptyState icon="box" title="No type fits">
        Try fewer or other words: every word must occur in the name, a tag or the description.
      </EmptyState>
    );
  }
  return (
    <div className="picker-list" id="picker-types" role="listbox" aria-label="Types" ref={list}>
      {found.map((type) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus and names the marked one.
        // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter in the field above.
        <div
          key={type.type}
          id={`type-${type.type}`}
          className="picker-row"
          role="option"
          aria-selected={type === current}
          onClick={() => onMark(type)}
          onDoubleClick={() => onTake(type)}
        >
          <Tile glyph={glyphOf(shortType(type.type))} size="small" />
          <div>
            <strong>{shortType(type.type)}</strong>
            <p>{type.description}</p>
          </div>
        </div>
      ))}
    </div>
  );
}
