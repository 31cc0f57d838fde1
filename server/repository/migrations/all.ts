import { initial } from './0001-initial.ts';

/** The schema's history: number n brings version n - 1 to n. Append only. */
export const migrations: readonly string[] = [initial];
