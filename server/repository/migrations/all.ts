import { initial } from './0001-initial.ts';
import { users } from './0002-users.ts';
import { access } from './0003-access.ts';
import { runs } from './0004-runs.ts';

/** The schema's history: number n brings version n - 1 to n. Append only. */
export const migrations: readonly string[] = [initial, users, access, runs];
