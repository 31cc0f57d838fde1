import { useState } from 'react';
import { useBulletins } from '../api/bulletins.ts';
import type { BulletinEntity } from '../api/shapes.ts';
import { IconButton } from '../shared/button.tsx';
import { Icon } from '../shared/icon.tsx';
import { LongText } from '../shared/long-text.tsx';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { ScrollArea } from '../shared/scroll-area.tsx';
import { atLeast, LEVELS, type Level } from './levels.ts';
import './bulletins.css';

interface BulletinDrawerProps {
  readonly onClose: () => void;
  /** Shows a component on the canvas. */
  readonly onShow: (groupId: string, componentId: string) => void;
}

/** What components have complained about lately, of the whole flow. */
export function BulletinDrawer({ onClose, onShow }: BulletinDrawerProps) {
  const { data: bulletins, error, refetch } = useBulletins();
  const [level, setLevel] = useState<Level>('INFO');
  const shown = bulletins?.filter(({ bulletin }) => atLeast(bulletin.level, level));
  return (
    <aside className="panel bulletins" aria-label="Bulletins">
      <header className="bulletins-head">
        <h2>Bulletins</h2>
        <label>
          <span className="visually-hidden">Show from level</span>
          <select value={level} onChange={(event) => setLevel(event.target.value as Level)}>
            {LEVELS.map(({ level: each, title }) => (
              <option key={each} value={each}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <IconButton icon="close" label="Close" onClick={onClose} />
      </header>
      <ScrollArea label="Bulletins">
        {shown ? (
          <List bulletins={shown} onShow={onShow} />
        ) : error ? (
          <Failure title="The bulletins could not be read" error={error} onRetry={() => void refetch()} />
        ) : (
          <Loading>Reading the bulletins</Loading>
        )}
      </ScrollArea>
    </aside>
  );
}

function List({ bulletins, onShow }: { readonly bulletins: readonly BulletinEntity[]; readonly onShow: BulletinDrawerProps['onShow'] }) {
  if (bulletins.length === 0)
    return (
      <EmptyState icon="bell" title="No bulletins">
        Nothing has been reported during the last five minutes.
      </EmptyState>
    );
  return (
    <ul>
      {bulletins.map((entity) => (
        <Line key={entity.id} entity={entity} onShow={onShow} />
      ))}
    </ul>
  );
}

function Line({ entity: { bulletin }, onShow }: { readonly entity: BulletinEntity; readonly onShow: BulletinDrawerProps['onShow'] }) {
  const { level, message, sourceName, sourceId, groupId, timestampIso } = bulletin;
  return (
    <li className="bulletin" data-level={level}>
      <Icon name={level === 'ERROR' ? 'error' : level === 'WARNING' ? 'warning' : 'info'} label={level} />
      <div>
        <div className="bulletin-head">
          {sourceId && groupId ? (
            <button type="button" className="link" onClick={() => onShow(groupId, sourceId)} title="Show it on the canvas">
              {sourceName ?? sourceId}
            </button>
          ) : (
            <strong>{sourceName ?? 'Server'}</strong>
          )}
          <time dateTime={timestampIso} title={new Date(timestampIso).toLocaleString()}>
            {new Date(timestampIso).toLocaleTimeString()}
          </time>
        </div>
        <LongText text={message} />
      </div>
    </li>
  );
}
