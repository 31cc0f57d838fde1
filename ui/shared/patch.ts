/** Part of a component as an edit sends it: only what it changes. */
export type Patch = { readonly [field: string]: unknown };

/** What is replaced as a whole. */
const WHOLE = new Set(['style', 'position', 'bends']);

function isNested(field: string, value: unknown): value is Patch {
  return !WHOLE.has(field) && typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The same fields with the values that they have in a component: what an edit must send to take a patch back. What is missing there
 * is null, which unsets it.
 */
export function valuesAt(patch: Patch, component: unknown): Patch {
  const present = (typeof component === 'object' && component !== null ? component : {}) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(patch).map(([field, value]) => [field, isNested(field, value) ? valuesAt(value, present[field]) : (present[field] ?? null)]));
}

/** Fields, as paths, at which two patches of the same shape differ. */
export function differences(a: Patch, b: Patch, path = ''): string[] {
  return Object.keys(a).flatMap((field) => {
    const [left, right] = [a[field], b[field]];
    const here = path === '' ? field : `${path}.${field}`;
    if (isNested(field, left) && isNested(field, right)) return differences(left, right, here);
    return JSON.stringify(left ?? null) === JSON.stringify(right ?? null) ? [] : [here];
  });
}

/** Some fields of a patch, by their paths. */
export function pick(patch: Patch, paths: readonly string[], prefix = ''): Patch {
  return Object.fromEntries(
    Object.entries(patch).flatMap(([field, value]) => {
      const here = prefix === '' ? field : `${prefix}.${field}`;
      if (paths.includes(here)) return [[field, value]];
      const inner = isNested(field, value) ? pick(value, paths, here) : {};
      return Object.keys(inner).length > 0 ? [[field, inner]] : [];
    }),
  );
}

/** The value at a path. Names of properties may contain dots: the longest field that fits is taken. */
export function valueAt(patch: unknown, path: string): unknown {
  if (typeof patch !== 'object' || patch === null) return undefined;
  const holder = patch as Record<string, unknown>;
  if (path in holder) return holder[path];
  const field = Object.keys(holder).find((each) => path.startsWith(`${each}.`));
  return field === undefined ? undefined : valueAt(holder[field], path.slice(field.length + 1));
}
