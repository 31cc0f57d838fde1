const LAST = new Map<string, Promise<unknown>>();

/** Runs work on a table after the work on it that came before, of whichever service: where a warehouse watches over no keys, two merges at once could both insert one. `table` says where it is, too. */
export async function inTurn<T>(table: string, work: () => Promise<T>): Promise<T> {
  const before = LAST.get(table) ?? Promise.resolve();
  const mine = before.then(work, work);
  LAST.set(table, mine);
  try {
    return await mine;
  } finally {
    if (LAST.get(table) === mine) LAST.delete(table);
  }
}
