import type { RunStatus, SyncStatus } from '../api/syncs.ts';
import { Icon } from '../shared/icon.tsx';
import type { IconName } from '../shared/icons.ts';

/** A word, a sign, and whose colours it has (`data-state` in controls.css). */
type Look = readonly [title: string, icon: IconName, state: string];

const SYNCS: Readonly<Record<SyncStatus, Look>> = {
  ENABLED: ['Enabled', 'check', 'running'],
  PAUSED: ['Paused', 'stop', 'stopped'],
  DRAFT: ['Draft', 'pencil', 'disabled'],
  UNABLE_TO_CONNECT: ['Unable to connect', 'warning', 'invalid'],
};

const RUNS: Readonly<Record<RunStatus, Look>> = {
  SCHEDULED: ['Scheduled', 'clock', 'stopped'],
  IN_PROGRESS: ['In progress', 'play', 'running'],
  RETRYING: ['Error, retrying', 'warning', 'invalid'],
  COMPLETED: ['Completed', 'check', 'running'],
  COMPLETED_WITH_REJECTED: ['Completed, rows rejected', 'warning', 'invalid'],
  FAILED: ['Failed', 'error', 'invalid'],
  CANCELLED: ['Cancelled', 'close', 'stopped'],
  PAUSED: ['Paused', 'stop', 'stopped'],
};

function Pill({ look: [title, icon, state], note }: { readonly look: Look; readonly note?: string }) {
  return (
    <span className="status-pill" data-state={state}>
      <Icon name={icon} size={12} />
      {title}
      {note}
    </span>
  );
}

export function SyncPill({ status }: { readonly status: SyncStatus }) {
  return <Pill look={SYNCS[status]} />;
}

/** `percent` is shown while a run is in progress. */
export function RunPill({ status, percent }: { readonly status: RunStatus; readonly percent: number | null }) {
  return <Pill look={RUNS[status]} note={status === 'IN_PROGRESS' && percent !== null ? ` ${percent}%` : undefined} />;
}

export const syncStatusTitle = (status: SyncStatus): string => SYNCS[status][0];
export const runStatusTitle = (status: RunStatus): string => RUNS[status][0];
