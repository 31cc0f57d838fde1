import { SqlError } from '../../server/extension/database.ts';

/** Waits for work on a connection at most so long; 0 waits for ever. `giveUp` closes the connection, which ends what runs on it. Throws SqlError. */
export async function withinTime<T>(work: Promise<T>, millis: number, giveUp: () => void, setting = 'Max Wait Time'): Promise<T> {
  if (millis <= 0) return work;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      giveUp();
      reject(new SqlError(`The query took longer than ${millis} ms (${setting}).`, true));
    }, millis);
  });
  work.catch(() => undefined);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
