import type { BulletinEntity } from '../api/shapes.ts';
import { Icon } from '../shared/icon.tsx';
import { LongText } from '../shared/long-text.tsx';
import { Section } from './section.tsx';

const SHOWN = 5;

/** The latest things that a component has complained about. */
export function ComponentBulletins({ bulletins = [] }: { readonly bulletins?: readonly BulletinEntity[] }) {
  if (bulletins.length === 0) return null;
  const latest = [...bulletins].sort((a, b) => b.id - a.id).slice(0, SHOWN);
  return (
    <Section title="Bulletins" note="of the last five minutes">
      <ul className="component-bulletins">
        {latest.map(({ id, bulletin }) => (
          <li key={id} data-level={bulletin.level}>
            <Icon name={bulletin.level === 'ERROR' ? 'error' : bulletin.level === 'WARNING' ? 'warning' : 'info'} label={bulletin.level} />
            <div>
              <LongText text={bulletin.message} />
            </div>
            <time dateTime={bulletin.timestampIso}>{new Date(bulletin.timestampIso).toLocaleTimeString()}</time>
          </li>
        ))}
      </ul>
    </Section>
  );
}
