/** What can stand in a field: data as JSON has it. */
export type FieldValue = string | number | boolean | null | undefined | readonly FieldValue[] | { readonly [key: string]: FieldValue };

/** A component's configuration as one flat list, so that every kind is edited, compared and merged alike. */
export type Fields = Readonly<Record<string, FieldValue>>;

export function sameValue(a: FieldValue, b: FieldValue): boolean {
  return a === b || JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** Edits without those that say what is so anyway. */
export function changedFields(base: Fields, edits: Fields): Fields {
  return Object.fromEntries(Object.entries(edits).filter(([key, value]) => !sameValue(value, base[key])));
}

/** A field that two people have changed to different values. */
export interface Conflict {
  readonly key: string;
  readonly base: FieldValue;
  readonly mine: FieldValue;
  readonly theirs: FieldValue;
}

export interface Merge {
  /** Where both changed the same field. */
  readonly conflicts: readonly Conflict[];
  /** Fields that only somebody else has changed. */
  readonly taken: readonly string[];
}

/** What somebody else has changed since `base`, beside my own edits. */
export function mergeOf(base: Fields, theirs: Fields, edits: Fields): Merge {
  const mine = changedFields(base, edits);
  const keys = new Set([...Object.keys(base), ...Object.keys(theirs)]);
  const changed = [...keys].filter((key) => !sameValue(base[key], theirs[key]));
  const conflicts = changed.filter((key) => key in mine && !sameValue(mine[key], theirs[key])).map((key) => ({ key, base: base[key], mine: mine[key], theirs: theirs[key] }));
  return { conflicts, taken: changed.filter((key) => !(key in mine)) };
}

/** A value in a few words, for people who compare. */
export function describeValue(value: FieldValue): string {
  if (value === undefined || value === null) return 'no value';
  if (value === '') return 'empty text';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((each) => describeValue(each as FieldValue)).join(', ');
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
