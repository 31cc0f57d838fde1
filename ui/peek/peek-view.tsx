import { useMemo, useState } from 'react';
import { type PassedFlowFileDto, usePeek } from '../api/peek.ts';
import { AttributeTable } from '../shared/attribute-table.tsx';
import { Button } from '../shared/button.tsx';
import { ContentPanel } from '../shared/content/content-panel.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Check } from '../shared/field.tsx';
import { formatBytes, formatCount } from '../shared/format.ts';
import { EmptyState } from '../shared/message.tsx';
import { Tabs } from '../shared/tabs.tsx';
import './peek.css';

interface PeekViewProps {
  readonly connectionId: string;
  readonly title: string;
  readonly onClose: () => void;
}

/** The latest FlowFiles that go through a connection, while they go. */
export function PeekView({ connectionId, title, onClose }: PeekViewProps) {
  const [paused, setPaused] = useState(false);
  const [follow, setFollow] = useState(true);
  const [chosen, setChosen] = useState<number>();
  const { flowFiles, queued, error } = usePeek(connectionId, { paused });
  const current = (!follow && flowFiles.find(({ sequence }) => sequence === chosen)) || flowFiles[0];
  const choose = (sequence: number) => {
    setFollow(false);
    setChosen(sequence);
  };
  const actions = (
    <>
      <div className="dialog-aside">
        <Button icon={paused ? 'play' : 'stop'} onClick={() => setPaused(!paused)}>
          {paused ? 'Go on' : 'Pause'}
        </Button>
        <Check label="Show the newest" checked={follow} onChange={setFollow} />
      </div>
      <Button onClick={onClose}>Close</Button>
    </>
  );
  return (
    <Dialog
      title={`What goes through ${title}`}
      subtitle={queued === undefined ? 'Looking' : `${formatCount(queued)} in the queue now`}
      size="huge"
      onClose={onClose}
      actions={actions}
    >
      {error && (
        <p className="callout" data-tone="danger" role="alert">
          {error.message}
        </p>
      )}
      <div className="peek">
        {current ? (
          <>
            <List flowFiles={flowFiles} current={current} onChoose={choose} />
            <Detail flowFile={current} />
          </>
        ) : (
          <EmptyState icon="eye" title="Nothing has come yet">
            FlowFiles appear here as they come into this connection, also when they leave it at once.
          </EmptyState>
        )}
      </div>
    </Dialog>
  );
}

interface ListProps {
  readonly flowFiles: readonly PassedFlowFileDto[];
  readonly current: PassedFlowFileDto;
  readonly onChoose: (sequence: number) => void;
}

function List({ flowFiles, current, onChoose }: ListProps) {
  return (
    <ul className="peek-list" aria-label="FlowFiles, newest first">
      {flowFiles.map(({ sequence, timestamp, filename, size }) => (
        <li key={sequence}>
          <button type="button" aria-current={sequence === current.sequence || undefined} onClick={() => onChoose(sequence)}>
            <span>{filename}</span>
            <small>
              <time dateTime={timestamp}>{new Date(timestamp).toLocaleTimeString()}</time> · {formatBytes(size)}
            </small>
          </button>
        </li>
      ))}
    </ul>
  );
}

const TABS = [
  { key: 'content', title: 'Content' },
  { key: 'attributes', title: 'Attributes' },
] as const;

function Detail({ flowFile: { attributes, content, truncated, size } }: { readonly flowFile: PassedFlowFileDto }) {
  const [tab, setTab] = useState<(typeof TABS)[number]['key']>('content');
  const bytes = useMemo(() => (content === undefined ? undefined : Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0))), [content]);
  return (
    <div className="peek-detail">
      <Tabs label="About the FlowFile" tabs={TABS} current={tab} onChange={setTab}>
        {tab === 'attributes' && <AttributeTable attributes={attributes} />}
        {tab === 'content' && bytes && <ContentPanel bytes={bytes} truncated={truncated} size={size} />}
        {tab === 'content' && !bytes && (
          <EmptyState icon="file" title="The content is gone">
            The FlowFile has left, and its content is not kept any more.
          </EmptyState>
        )}
      </Tabs>
    </div>
  );
}
