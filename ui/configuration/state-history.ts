import type { ScopeHistory, StateScope } from '../api/state.ts';
import type { StateEntryDto } from '../api/shapes.ts';

/** What became of an entry from one version to the next. */
export interface EntryChange {
  readonly key: string;
  readonly kind: 'added' | 'changed' | 'removed';
  /** As it was after, or before it was removed. */
  readonly value: string;
}

export interface StateStep {
  readonly scope: StateScope;
  readonly version: number;
  readonly timestamp: string;
  readonly changes: readonly EntryChange[];
  readonly isEmpty: boolean;
  readonly isCurrent: boolean;
}

export function changesBetween(before: readonly StateEntryDto[], after: readonly StateEntryDto[]): EntryChange[] {
  const [old, now] = [new Map(before.map(({ key, value }) => [key, value])), new Map(after.map(({ key, value }) => [key, value]))];
  const removed = before.filter(({ key }) => !now.has(key)).map(({ key, value }) => ({ key, value, kind: 'removed' as const }));
  const written = after
    .filter(({ key, value }) => old.get(key) !== value)
    .map(({ key, value }) => ({ key, value, kind: old.has(key) ? ('changed' as const) : ('added' as const) }));
  return [...written, ...removed];
}

/** All versions of all scopes, newest first, each with what it changed. */
export function stateSteps(history: readonly ScopeHistory[]): StateStep[] {
  return history
    .flatMap(({ scope, versions }) =>
      versions.map(({ version, timestamp, entries }, index) => ({
        scope,
        version,
        timestamp,
        isEmpty: entries.length === 0,
        isCurrent: index === 0,
        changes: changesBetween(versions[index + 1]?.entries ?? [], entries),
      })),
    )
    .sort((a, b) => b.timestamp.localeCompare(a.timestamp) || b.version - a.version);
}
