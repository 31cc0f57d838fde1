import { useMemo, useState } from 'react';
import { formatBytes, formatNumberOf } from '../format.ts';
import { EmptyState } from '../message.tsx';
import { ScrollArea } from '../scroll-area.tsx';
import { type ContentView, contentView } from './content.ts';
import { FileRecords } from './file-records.tsx';
import { hexLines } from './hex.ts';
import { dataUrl } from './image.ts';
import { MOST_ROWS, type ReadPart } from './record-file.ts';
import { Records } from './records.tsx';
import './content.css';

interface ContentPanelProps {
  /** The content, or its beginning. */
  readonly bytes: Uint8Array;
  readonly truncated: boolean;
  /** Of the whole content, in bytes. */
  readonly size: number;
  /** Reads a part of the whole content: formats that have their schema at the end need it. */
  readonly readPart?: ReadPart;
}

const MOST_HEX = 8192;

type Mode = 'records' | 'schema' | 'image' | 'formatted' | 'text' | 'hex';
const MODES: Readonly<Record<Mode, string>> = { records: 'Table', schema: 'Schema', image: 'Image', formatted: 'Formatted', text: 'Text', hex: 'Hex' };

function modesOf(view: ContentView): readonly Mode[] {
  if (view.kind === 'image') return ['image', 'hex'];
  if (view.kind === 'file') return ['records', 'schema', 'hex'];
  if (view.kind === 'hex' || view.kind === 'empty') return ['hex'];
  const texts: readonly Mode[] = view.formatted === undefined ? ['text', 'hex'] : ['formatted', 'text', 'hex'];
  return view.kind === 'records' ? ['records', ...texts] : texts;
}

/** Shows a content as what it is: a table, an image, JSON, text or bytes. */
export function ContentPanel({ bytes, truncated, size, readPart }: ContentPanelProps) {
  const view = useMemo(() => contentView(bytes, truncated), [bytes, truncated]);
  const modes = modesOf(view);
  const [wanted, setWanted] = useState<Mode>();
  if (view.kind === 'empty')
    return (
      <EmptyState icon="file" title="No content">
        This FlowFile carries attributes only.
      </EmptyState>
    );
  const mode = wanted && modes.includes(wanted) ? wanted : modes[0]!;
  return (
    <div className="content">
      <div className="content-bar">
        <fieldset className="segmented" aria-label="Show as">
          {modes.map((each) => (
            <button key={each} type="button" aria-pressed={each === mode} onClick={() => setWanted(each)}>
              {MODES[each]}
            </button>
          ))}
        </fieldset>
        {view.kind === 'records' && mode === 'records' && (
          <span>
            {formatNumberOf(view.table.rows.length, 'record')}
            {view.table.rows.length > MOST_ROWS && `, the first ${MOST_ROWS} shown`}
          </span>
        )}
        {truncated && view.kind !== 'file' && (
          <span>
            The first {formatBytes(bytes.length)} of {formatBytes(size)}. Download it to see the rest.
          </span>
        )}
      </div>
      <ScrollArea className="content-body" label="Content">
        {view.kind === 'file' && mode !== 'hex' ? (
          <FileRecords format={view.format} shown={mode === 'schema' ? 'schema' : 'records'} content={{ bytes, truncated, size, readPart }} />
        ) : (
          <Shown view={view} mode={mode} bytes={bytes} />
        )}
      </ScrollArea>
    </div>
  );
}

function Shown({ view, mode, bytes }: { readonly view: ContentView; readonly mode: Mode; readonly bytes: Uint8Array }) {
  if (mode === 'hex') return <Hex bytes={bytes} />;
  if (view.kind === 'image') return <img className="content-image" src={dataUrl(view.type, bytes)} alt="The content" />;
  if (view.kind !== 'records' && view.kind !== 'text') return null;
  if (mode === 'records' && view.kind === 'records') return <Records table={view.table} />;
  return <pre className="content-text">{mode === 'formatted' ? view.formatted : view.text}</pre>;
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
