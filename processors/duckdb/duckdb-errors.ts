import { messageOf } from '../../server/extension/errors.ts';
import { sandboxRemedy } from '../../server/extension/duckdb-sandbox.ts';
import { stoppedError, type WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';
import { REACHABLE } from './reachable-folders.ts';

/** What DuckDB says, in the words that every warehouse uses. The first pattern that fits counts. */
const CAUSES: readonly (readonly [RegExp, WarehouseCause, string?])[] = [
  [/^INTERRUPT/i, 'cancelled'],
  [/Could not set lock|Conflicting lock/i, 'connection', 'Another process has this database file open: stop it, or let both read only.'],
  [/unique file handle|different configuration/i, 'configuration', 'Another warehouse service has this file open with other settings: give both the same value of Read Only.'],
  [/read-only/i, 'permission', "Set the service's Read Only to false."],
  [/^Out of Memory/i, 'resources', "Raise the service's Memory Limit, or make the query smaller."],
  [/No space left|^IO Error: .*(space|write)/i, 'resources', 'Free disk space under the data directory.'],
  [/Permission denied|^Permission Error/i, 'permission', 'Let the user that runs Millrace read and write the file.'],
  [/No such file|No files found|Cannot open (file|database)/i, 'missing object', 'Check the path; relative paths of databases lie under the data directory.'],
  [/not a valid DuckDB|newer version|serialization/i, 'configuration', 'Check that Database Path names a DuckDB database, and that its version is not newer.'],
  [/Referenced column|does not have a column|column .* not found|no column/i, 'missing column'],
  [/^Catalog Error: .*(does not exist|not found)/is, 'missing object'],
  [/conflict/i, 'conflict'],
  [/^Constraint Error/i, 'constraint'],
  [/^(Conversion|Out of Range|Invalid Input) Error/i, 'data'],
  [/^(Parser|Binder|Catalog|Not implemented) Error/i, 'syntax'],
];

/** DuckDB's message without the drawing of the statement, on one line. */
function firstWords(message: string): string {
  return message
    .split(/\n+LINE \d+:/)[0]!
    .replace(/^Failed to extract statements: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

/** Any failure of DuckDB as a WarehouseError; `aborted` tells whether a time limit or a stop ended the statement. */
export function duckdbError(thrown: unknown, aborted?: AbortSignal): WarehouseError {
  if (thrown instanceof WarehouseError) return thrown;
  const message = firstWords(messageOf(thrown));
  if (aborted?.aborted) return stoppedError('DuckDB', aborted.reason, thrown);
  const refused = sandboxRemedy(message, REACHABLE);
  if (refused) return new WarehouseError('permission', `DuckDB: ${message}`, { remedy: refused, cause: thrown });
  const [, kind, remedy] = CAUSES.find(([pattern]) => pattern.test(message)) ?? [/./, 'unknown' as const];
  return new WarehouseError(kind, `DuckDB: ${message}`, { remedy, cause: thrown });
}
