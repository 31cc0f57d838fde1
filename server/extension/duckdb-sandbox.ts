import { mkdirSync, realpathSync } from 'node:fs';
import path from 'node:path';

/**
 * SQL in an embedded DuckDB runs inside this process, and whoever may edit a query must not thereby read its files: the key of
 * all secrets, its store, other flows' databases. DuckDB's own settings close them; they cannot be opened again while it runs.
 */

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Functions that act on the whole process past the locked configuration, and those that would build their names at run time. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/enable_logging|disable_logging|truncate_duckdb_logs|enable_profiling|enable_profile\b/i, 'logging and profiling'],
  [/json_execute_serialized_sql/i, 'json_execute_serialized_sql'],
  [/(?<!\b(?:into|table|exists)\s+(?:"?\w+"?\.)*"?)\bquery"?(?:\s|\*\/|--[^\n]*|\/\*[\s\S]*?\*\/)*\(/i, 'the function query()'],
];

/** The statements that shut a fresh database off from all files but those below these folders. DuckDB itself adds the database file and the temporary folder. */
export function sandboxStatements(directories: readonly string[]): string {
  const folders = directories.map((one) => literal(one.endsWith('/') ? one : `${one}/`));
  // Order matters: folders can be named only while access is on, and nothing can be set once the configuration is locked.
  return `SET autoinstall_known_extensions = false; SET autoload_known_extensions = false; SET allowed_directories = [${folders.join(', ')}]; SET allow_persistent_secrets = false; SET enable_external_access = false; SET lock_configuration = true`;
}

/** Why this SQL may not run in an embedded database, as a sentence; undefined where it may be tried. */
export function forbiddenSql(sql: string): string | undefined {
  const found = FORBIDDEN.find(([pattern]) => pattern.test(sql));
  return found && `SQL in this runtime may not use ${found[1]}.`;
}

/** What to do about a refusal of the sandbox; undefined where the message of DuckDB is about something else. */
export function sandboxRemedy(message: string, reachable: string): string | undefined {
  if (/the configuration has been locked/.test(message)) return 'Settings of the embedded database are fixed when it is opened; what can be chosen is a property of the service.';
  if (/file system operations are disabled|Loading external extensions is disabled/.test(message)) return `SQL here reaches ${reachable}, and no other file, address or extension.`;
  return undefined;
}

/** A list of folders as a property holds them: absolute, with commas or line breaks between them, resolved to where they really are. */
export function parseDirectories(text: string | undefined): string[] {
  const named = (text ?? '').split(/[,\n]/).map((one) => one.trim());
  return named.filter((one) => one !== '').map(realFolder);
}

/** The folder that belongs to a database file: beside it, made when missing. Undefined for a database in memory. */
export function ownFolder(file: string): string | undefined {
  if (file === '' || file === ':memory:') return undefined;
  const folder = `${file}.files`;
  mkdirSync(folder, { recursive: true });
  return realFolder(folder);
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return path.resolve(folder);
  }
}
