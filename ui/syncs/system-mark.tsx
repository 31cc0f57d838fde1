import type { CSSProperties } from 'react';
import type { SystemDescription } from '../api/syncs.ts';
import { Icon } from '../shared/icon.tsx';

/** A mark of our own for each system: two letters on a colour. Other makers' logos are not ours to draw. */
const MARKS: Readonly<Record<string, readonly [letters: string, hue: number]>> = {
  bigquery: ['BQ', 220],
  braze: ['Bz', 330],
  brevo: ['Br', 150],
  databricks: ['Db', 15],
  duckdb: ['Du', 48],
  hubspot: ['Hs', 20],
  klaviyo: ['Kl', 110],
  postgresql: ['Pg', 210],
  redshift: ['Rs', 265],
  s3: ['S3', 95],
  sftp: ['Sf', 180],
  snowflake: ['Sn', 195],
  synapse: ['Sy', 235],
};

function markOf({ kind, label }: SystemDescription): readonly [letters: string, hue: number] {
  const sum = Array.from(kind).reduce((total, letter) => total + letter.codePointAt(0)!, 0);
  return MARKS[kind] ?? [label.slice(0, 2), (sum * 47) % 360];
}

export function SystemMark({ system }: { readonly system: SystemDescription }) {
  const [letters, hue] = markOf(system);
  return (
    <span className="system-mark" style={{ '--hue': hue } as CSSProperties} aria-hidden="true">
      {letters}
    </span>
  );
}

/** From where to where, as marks and words. */
export function Route({ source, destination }: { readonly source: SystemDescription; readonly destination: SystemDescription }) {
  return (
    <span className="sync-route">
      <SystemMark system={source} />
      <span>{source.label}</span>
      <Icon name="enter" size={12} />
      <span className="visually-hidden">to</span>
      <SystemMark system={destination} />
      <span>{destination.label}</span>
    </span>
  );
}
