const LAST = new Map<string, Promise<unknown>>();

/** Runs work on a table after the work on it that came before, of whichever service: two MERGEs at once could both insert a key. */
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
