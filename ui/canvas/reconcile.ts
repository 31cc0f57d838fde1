/** Whether two values made of plain objects, arrays and primitives are the same. */
export function sameValue(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(left);
  return keys.length === Object.keys(right).length && keys.every((key) => key in right && sameValue(left[key], right[key]));
}

/** The new list with the old object wherever nothing about it has changed: React then draws only what has. */
export function reconcile<T extends { readonly id: string }>(previous: readonly T[], next: readonly T[]): readonly T[] {
  const known = new Map(previous.map((item) => [item.id, item]));
  const result = next.map((item) => {
    const old = known.get(item.id);
    return old && sameValue(old, item) ? old : item;
  });
  return result.length === previous.length && result.every((item, index) => item === previous[index]) ? previous : result;
}
