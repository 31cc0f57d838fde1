import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { ApiError, request } from '../../api/client.ts';
import { recordConfiguration } from '../../api/configuration-history.ts';
import { type Editable, useConfigurationChanged, writeComponent } from '../../api/editing.ts';
import { changedFields, type Fields, type FieldValue, type Merge, mergeOf } from './fields.ts';

/** How a kind of component is read into fields, and how fields are sent back. */
export interface FieldMapping<E extends Editable> {
  read(entity: E): Fields;
  /** The body of the component for the fields that changed. */
  write(changed: Fields, entity: E): object;
}

/** An edit of somebody else that came between. */
export interface Interference<E> {
  readonly entity: E;
  readonly merge: Merge;
}

export interface Edit<E extends Editable> {
  /** As it was when the edit began, or was merged last. */
  readonly base: E;
  readonly fields: Fields;
  readonly changed: Fields;
  readonly isDirty: boolean;
  readonly busy: boolean;
  readonly error: unknown;
  readonly interference: Interference<E> | undefined;
  value<T extends FieldValue>(key: string): T;
  set(key: string, value: FieldValue): void;
  /** Takes back what was typed in one field, or in all. */
  reset(key?: string): void;
  /** Resolves to whether it was stored. */
  save(): Promise<boolean>;
  /** Goes on from what somebody else has stored; for each conflict named in `theirs` their value counts. */
  merge(theirs: readonly string[]): void;
}

/** Edits one component: keeps what is typed apart from what is stored, saves on the revision that was read, and notices who was faster. */
export function useEdit<E extends Editable>(path: string, entity: E, mapping: FieldMapping<E>): Edit<E> {
  const [base, setBase] = useState(entity);
  const [edits, setEdits] = useState<Fields>({});
  const stored = useMemo(() => mapping.read(base), [base, mapping]);
  const changed = useMemo(() => changedFields(stored, edits), [stored, edits]);
  const { interference, setStale } = useInterference(entity, base, setBase, stored, changed, mapping);
  const onSaved = (answer: E): void => {
    setBase(answer);
    setEdits({});
  };
  const { save, busy, error, forget } = useSave({ path, base, changed, mapping, setStale, onSaved });
  return {
    base,
    fields: { ...stored, ...edits },
    changed,
    isDirty: Object.keys(changed).length > 0,
    busy,
    error: interference ? undefined : error,
    interference,
    value: <T extends FieldValue>(key: string) => (key in edits ? edits[key] : stored[key]) as T,
    set: (key, value) => setEdits((old) => ({ ...old, [key]: value })),
    reset: (key) => setEdits((old) => (key === undefined ? {} : without(old, [key]))),
    save,
    merge: (theirs) => {
      if (!interference) return;
      setBase(interference.entity);
      setEdits(without(edits, theirs));
      setStale(undefined);
      forget();
    },
  };
}

const without = (fields: Fields, keys: readonly string[]): Fields => Object.fromEntries(Object.entries(fields).filter(([key]) => !keys.includes(key)));

interface SaveProps<E extends Editable> {
  readonly path: string;
  readonly base: E;
  readonly changed: Fields;
  readonly mapping: FieldMapping<E>;
  readonly setStale: (entity: E | undefined) => void;
  readonly onSaved: (answer: E) => void;
}

function useSave<E extends Editable>({ path, base, changed, mapping, setStale, onSaved }: SaveProps<E>) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const client = useQueryClient();
  const changedEverywhere = useConfigurationChanged();
  const store = async (on: E, again: boolean): Promise<void> => {
    try {
      const patch = mapping.write(changed, on);
      const answer = await writeComponent<E>(path, on, patch);
      recordConfiguration(client, path, patch, on, answer);
      onSaved(answer);
      void changedEverywhere();
    } catch (failure) {
      if (!(failure instanceof ApiError) || !failure.isStale) throw failure;
      const fresh = await request<E>(path);
      const { conflicts, taken } = mergeOf(mapping.read(base), mapping.read(fresh), changed);
      // A start or a move makes a revision stale, too; it is nobody's loss.
      if (again && conflicts.length + taken.length === 0) return store(fresh, false);
      setStale(fresh);
      throw failure;
    }
  };
  const save = async (): Promise<boolean> => {
    setBusy(true);
    setError(undefined);
    try {
      if (Object.keys(changed).length > 0) await store(base, true);
      return true;
    } catch (failure) {
      setError(failure);
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { save, busy, error, forget: () => setError(undefined) };
}

/** A newer revision that changes what is edited here. Where nothing is lost by it, it is taken over without a word. */
function useInterference<E extends Editable>(entity: E, base: E, setBase: (entity: E) => void, stored: Fields, changed: Fields, mapping: FieldMapping<E>) {
  const [stale, setStale] = useState<E>();
  const theirs = [stale, entity].find((each) => each && each.revision.version > base.revision.version);
  const interference = useMemo(() => theirs && { entity: theirs, merge: mergeOf(stored, mapping.read(theirs), changed) }, [theirs, stored, changed, mapping]);
  const isHarmless = interference !== undefined && (Object.keys(changed).length === 0 || interference.merge.conflicts.length + interference.merge.taken.length === 0);
  useEffect(() => {
    if (isHarmless) setBase(interference.entity);
  }, [isHarmless, interference, setBase]);
  return { interference: isHarmless ? undefined : interference, setStale };
}
