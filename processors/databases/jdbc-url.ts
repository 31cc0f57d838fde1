import path from 'node:path';
import { PropertyError } from '../../server/extension/errors.ts';
import type { DriverConnection } from './connection-pool.ts';
import { DuckDBFile } from './duckdb.ts';
import { openPostgres } from './postgresql.ts';
import { openSqlite } from './sqlite.ts';
import { openSqlServer } from './sqlserver.ts';
import { sqlServerConfiguration } from './sqlserver-url.ts';

export interface Login {
  readonly user?: string;
  readonly password?: string;
  /** Relative paths of embedded databases begin here. */
  readonly directory: string;
  /** Further properties of the driver, such as `ssl`. */
  readonly more: ReadonlyMap<string, string>;
}

const PATTERN = /^jdbc:(postgresql|sqlite|duckdb|sqlserver):(.*)$/i;

/** Throws PropertyError where no driver of this runtime takes the URL. */
export function checkJdbcUrl(url: string): void {
  if (!PATTERN.test(url.trim()))
    throw new PropertyError('it must begin with jdbc:postgresql:, jdbc:sqlserver:, jdbc:sqlite: or jdbc:duckdb:, the databases that this runtime reaches');
}

const fileOf = (rest: string, directory: string): string => (rest === '' || rest === ':memory:' ? rest : path.resolve(directory, rest.replace(/^file:/, '')));

/** What opens connections to the database that a JDBC URL names. */
export function driverFor(url: string, { user, password, directory, more }: Login): () => Promise<DriverConnection> {
  checkJdbcUrl(url);
  const [, product = '', rest = ''] = PATTERN.exec(url.trim())!;
  if (product.toLowerCase() === 'sqlite') return () => openSqlite(fileOf(rest, directory));
  if (product.toLowerCase() === 'duckdb') {
    const file = new DuckDBFile(fileOf(rest, directory), more.get('allowed_directories'));
    return () => file.open();
  }
  if (product.toLowerCase() === 'sqlserver') {
    const configuration = sqlServerConfiguration(rest, { user, password, more });
    return () => openSqlServer(configuration);
  }
  const address = new URL(`postgresql:${rest.startsWith('//') ? rest : `//localhost/${rest}`}`);
  for (const [name, value] of more) address.searchParams.set(name, value);
  if (user !== undefined) address.username = encodeURIComponent(user);
  if (password !== undefined) address.password = encodeURIComponent(password);
  return () => openPostgres(address.href);
}
