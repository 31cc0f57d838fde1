/** What one request may hold. */
export interface Portion {
  readonly bytes: number;
  readonly items?: number;
}

/** Items in parts that fit into a request, in their order; one that is too large by itself gets a part of its own. */
export function portionsOf<T>(items: readonly T[], { bytes: most, items: mostItems = Number.POSITIVE_INFINITY }: Portion, bytesOf: (item: T) => number): T[][] {
  const parts: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const size = bytesOf(item);
    if (bytes + size > most || parts.at(-1)!.length >= mostItems) {
      parts.push([]);
      bytes = 0;
    }
    parts.at(-1)!.push(item);
    bytes += size;
  }
  return parts;
}
