import { type KeyboardEvent, useDeferredValue, useEffect, useRef, useState } from 'react';
import { type Found, type FoundKind, useSearch } from '../api/search.ts';
import { type Command, showKeys } from '../shared/command.ts';
import { Dialog } from '../shared/dialog.tsx';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icons.ts';
import { endTask } from '../shared/task.ts';
import { isMeant, rankCommands } from './ranking.ts';
import './commands.css';

interface PaletteProps {
  readonly commands: readonly Command[];
  /** Goes to a component that was found. */
  readonly onFound: (found: Found) => void;
}

const LOOKS: Readonly<Record<FoundKind, readonly [IconName, string]>> = {
  processor: ['box', 'Processor'],
  processGroup: ['group', 'Process group'],
  inputPort: ['inputPort', 'Input port'],
  outputPort: ['outputPort', 'Output port'],
  connection: ['connection', 'Connection'],
  funnel: ['funnel', 'Funnel'],
  label: ['label', 'Label'],
  controllerServiceNode: ['plug', 'Controller service'],
  parameterContext: ['columns', 'Parameter context'],
  parameter: ['tag', 'Parameter'],
};

interface Row {
  readonly key: string;
  readonly icon: IconName;
  readonly title: string;
  readonly note?: string;
  readonly keys?: string;
  readonly obstacle?: string;
  readonly run: () => void;
}

function rowOfCommand({ id, icon, title, keys, obstacle, run }: Command): Row {
  return { key: id, icon, title, keys: keys?.[0] && showKeys(keys[0]), obstacle, note: obstacle, run };
}

/**
 * With components found, only the commands that fit best. Who types a name means what has it: Enter must not start a group because its
 * name is in the title of a command. As long as nobody has answered what is found, such commands wait.
 */
function rowsFor(commands: readonly Command[], text: string, found: readonly Found[] | undefined, onFound: PaletteProps['onFound']): Row[] {
  const components = (found ?? []).map((each) => ({
    key: `${each.kind} ${each.id}`,
    icon: LOOKS[each.kind][0],
    title: each.name || LOOKS[each.kind][1],
    note: [LOOKS[each.kind][1], each.parentGroup && `in ${each.parentGroup.name}`, each.matches[0]].filter(Boolean).join(' · '),
    run: () => onFound(each),
  }));
  const ranked = rankCommands(commands, text, components.length > 0 ? 5 : 100);
  const [meant, others] = [ranked.filter((each) => isMeant(each, text)), ranked.filter((each) => !isMeant(each, text))];
  return [...meant.map(rowOfCommand), ...components, ...(found ? others : []).map(rowOfCommand)];
}

/** Finds components of the whole flow, and commands. */
export function Palette({ commands, onFound }: PaletteProps) {
  const [text, setText] = useState('');
  const [marked, setMarked] = useState(0);
  const deferred = useDeferredValue(text.trim());
  const { data } = useSearch(deferred);
  const rows = rowsFor(commands, text, text.trim() === '' ? [] : data, onFound);
  const at = Math.min(marked, rows.length - 1);
  const take = (row: Row | undefined): void => {
    if (!row || row.obstacle !== undefined) return;
    endTask();
    row.run();
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    setMarked((at + step + rows.length) % Math.max(1, rows.length));
  };
  return (
    <Dialog title="Search and commands" size="large" onClose={endTask} onSubmit={() => take(rows[at])}>
      <input
        className="input picker-search"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-rows"
        aria-activedescendant={rows[at] && `palette-${at}`}
        aria-label="Search components and commands"
        placeholder="A name, a property value, or what you want to do"
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setMarked(0);
        }}
        onKeyDown={onKeyDown}
        spellCheck={false}
        autoFocus
      />
      <Rows rows={rows} at={at} onMark={setMarked} onTake={take} />
    </Dialog>
  );
}

interface RowsProps {
  readonly rows: readonly Row[];
  readonly at: number;
  readonly onMark: (index: number) => void;
  readonly onTake: (row: Row) => void;
}

function Rows({ rows, at, onMark, onTake }: RowsProps) {
  const list = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the marked row is looked for in what is drawn.
  useEffect(() => list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' }), [at]);
  return (
    <div className="palette-rows" id="palette-rows" role="listbox" aria-label="Results" ref={list}>
      {rows.length === 0 && <p className="palette-none">Nothing fits.</p>}
      {rows.map((row, index) => (
        // biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus and names the marked row.
        // biome-ignore lint/a11y/useKeyWithClickEvents: arrows and Enter in the field above.
        <div
          key={row.key}
          id={`palette-${index}`}
          className="palette-row"
          role="option"
          aria-selected={index === at}
          aria-disabled={row.obstacle !== undefined}
          onPointerMove={() => onMark(index)}
          onClick={() => onTake(row)}
        >
          <Icon name={row.icon} />
          <div>
            <span>{row.title}</span>
            {row.note && <small>{row.note}</small>}
          </div>
          {row.keys && (
            <span className="keys" aria-hidden="true">
              {row.keys}
            </span>
          )}
        </div>
      ))}
    </div>
  );
}
