/** What is to be done for one FlowFile. */
export interface Work<T> {
  /** Whom it is about: two works about the same one are done one after the other. */
  readonly keys: readonly string[];
  /** Resolves once the work is begun; `ended` does once it is done. */
  begin(): Promise<{ readonly ended: Promise<T> }>;
}

/**
 * Does works beside each other, begun in their order, each prepared while the earlier ones go on. One that shares a key with those
 * under way waits for their end. After a failure nothing more is begun, and it is thrown once all that was begun has ended.
 */
export async function sideBySide<I, T>(items: readonly I[], prepare: (item: I) => Work<T>): Promise<T[]> {
  const ends: Promise<T>[] = [];
  const busy = new Set<string>();
  let hasFailed = false;
  try {
    for (const item of items) {
      const work = prepare(item);
      if (work.keys.some((key) => busy.has(key))) {
        await Promise.all(ends);
        busy.clear();
      }
      if (hasFailed) break;
      const { ended } = await work.begin();
      ended.catch(() => (hasFailed = true));
      ends.push(ended);
      for (const key of work.keys) busy.add(key);
    }
  } finally {
    await Promise.allSettled(ends);
  }
  return Promise.all(ends);
}
