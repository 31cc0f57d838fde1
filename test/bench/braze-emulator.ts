import { isDeepStrictEqual } from 'node:util';
import { withDatabase } from '../flows/connector.ts';
import { BrazeEmulator } from '../emulators/braze.ts';

/** What came, and what is there. */
export interface BrazeCount {
  readonly requests: number;
  /** Objects taken, those that came twice counted twice. */
  readonly taken: number;
  readonly users: number;
}

/** Users against the rows of the source. */
export interface Comparison {
  readonly rows: number;
  readonly missing: number;
  readonly different: number;
  readonly surplus: number;
}

/** What the process answers: its address at first, then a message for each that it gets. */
export type BrazeQuestion = 'count' | 'forget' | { readonly compareWith: string };

const braze = await BrazeEmulator.start();
braze.forgets = true;

async function compare(directory: string): Promise<Comparison> {
  const found = { rows: 0, missing: 0, different: 0 };
  await withDatabase(directory, 'braze-shop.duckdb', async (database) => {
    for await (const batch of await database.query('SELECT EXTERNAL_ID, PAYLOAD FROM braze_sync', { batchSize: 10_000 }))
      for (const { EXTERNAL_ID, PAYLOAD } of batch) {
        const user = braze.user({ external_id: EXTERNAL_ID });
        found.rows++;
        if (!user) found.missing++;
        else if (!isDeepStrictEqual(user, JSON.parse(PAYLOAD as string))) found.different++;
      }
  });
  return { ...found, surplus: braze.users.size - (found.rows - found.missing) };
}

async function answer(question: BrazeQuestion): Promise<unknown> {
  if (typeof question === 'object') return compare(question.compareWith);
  if (question === 'forget') {
    braze.users.clear();
    braze.taken = 0;
  }
  return { requests: braze.count, taken: braze.taken, users: braze.users.size } satisfies BrazeCount;
}

process.on('message', async (question: BrazeQuestion) => process.send?.(await answer(question)));
process.send?.(braze.url);
