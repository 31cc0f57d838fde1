/** Choices that are shown as they are stored. */
export function choices<const N extends string>(...names: readonly N[]): { readonly [K in N]: string } {
  return Object.fromEntries(names.map((name) => [name, name])) as unknown as { readonly [K in N]: string };
}
