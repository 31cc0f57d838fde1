import { useMemo, useState } from 'react';
import { PREVIEW_BYTES, useContent } from '../api/queues.ts';
import { formatBytes, formatCount, formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { type Cell, type ContentView, contentView, type RecordTable } from './content.ts';
import { hexLines } from './hex.ts';

interface ContentViewerProps {
  readonly connectionId: string;
  readonly uuid: string;
  readonly size: number;
}

const MOST_ROWS = 200;
const MOST_HEX = 8192;

export function ContentViewer({ connectionId, uuid, size }: ContentViewerProps) {
  const { data: content, error, refetch } = useContent(connectionId, uuid, size);
  const view = useMemo(() => content && contentView(content.bytes, content.truncated), [content]);
  if (!content || !view) return error ? <Failure title="The content could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the content</Loading>;
  return (
    <Viewed
      key={uuid}
      view={view}
      bytes={content.bytes}
      note={content.truncated ? `The first ${formatBytes(PREVIEW_BYTES)} of ${formatBytes(size)}. Download it to see the rest.` : undefined}
    />
  );
}

type Mode = 'records' | 'text' | 'hex';
const MODES: Readonly<Record<Mode, string>> = { records: 'Table', text: 'Text', hex: 'Hex' };

function modesOf({ kind }: ContentView): readonly Mode[] {
  if (kind === 'records') return ['records', 'text', 'hex'];
  return kind === 'text' ? ['text', 'hex'] : ['hex'];
}

interface ViewedProps {
  readonly view: ContentView;
  readonly bytes: Uint8Array;
  readonly note?: string;
}

function Viewed({ view, bytes, note }: ViewedProps) {
  const modes = modesOf(view);
  const [chosen, setChosen] = useState<Mode>(modes[0]!);
  if (view.kind === 'empty')
    return (
      <EmptyState icon="file" title="No content">
        This FlowFile carries attributes only.
      </EmptyState>
    );
  return (
    <div className="content">
      <div className="content-bar">
        <fieldset className="segmented" aria-label="Show as">
          {modes.map((mode) => (
            <button key={mode} type="button" aria-pressed={mode === chosen} onClick={() => setChosen(mode)}>
              {MODES[mode]}
            </button>
          ))}
        </fieldset>
        {view.kind === 'records' && chosen === 'records' && (
          <span>
            {formatNumberOf(view.table.rows.length, 'record')}
            {view.table.rows.length > MOST_ROWS && `, the first ${MOST_ROWS} shown`}
          </span>
        )}
        {note && <span>{note}</span>}
      </div>
      <ScrollArea className="content-body" label="Content">
        {chosen === 'records' && view.kind === 'records' && <Records table={view.table} />}
        {chosen === 'text' && view.kind !== 'hex' && <pre className="content-text">{view.text}</pre>}
        {chosen === 'hex' && <Hex bytes={bytes} />}
      </ScrollArea>
    </div>
  );
}

function Records({ table: { columns, rows } }: { readonly table: RecordTable }) {
  return (
    <table className="records">
      <thead>
        <tr>
          <th scope="col" className="row-number">
            #
          </th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, MOST_ROWS).map((row, index) => {
          const number = formatCount(index + 1);
          return (
            <tr key={number}>
              <td className="row-number">{number}</td>
              {columns.map((column, at) => (
                <RecordCell key={column} cell={row[at]} />
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function RecordCell({ cell }: { readonly cell: Cell | undefined }) {
  return cell ? (
    <td data-kind={cell.kind} title={cell.text.length > 40 ? cell.text : undefined}>
      {cell.text}
    </td>
  ) : (
    <td aria-label="not there" />
  );
}

function Hex({ bytes }: { readonly bytes: Uint8Array }) {
  const lines = hexLines(bytes, MOST_HEX);
  return (
    <pre className="hex">
      {lines.map(({ offset, hex, text }) => (
        <div key={offset}>
          <span>{offset}</span>
          <span>{hex}</span>
          <span>{text}</span>
        </div>
      ))}
      {bytes.length > MOST_HEX && `The first ${formatBytes(MOST_HEX)} of ${formatBytes(bytes.length)}.`}
    </pre>
  );
}
