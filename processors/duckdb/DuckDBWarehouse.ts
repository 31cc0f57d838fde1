import { createHash } from 'node:crypto';
import { basename, isAbsolute, join } from 'node:path';
import { PropertyError } from '../../server/extension/errors.ts';
import type { ComponentContext } from '../../server/extension/component.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { verifyService } from '../../server/extension/warehouse-staging.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { Database, databasePath, type DatabaseSettings } from './database.ts';
import { DuckDB } from './duckdb.ts';
import { reachableFolders } from './reachable-folders.ts';

function checkFolders(text: string): void {
  for (const folder of text.split(/[,\n]/)) if (folder.trim() !== '' && !isAbsolute(folder.trim())) throw new PropertyError(`'${folder.trim()}' must be an absolute path`);
}

const properties = {
  path: property.text(
    'Database Path',
    'The database file, created when missing. A relative path lies under the data directory; :memory: keeps everything in memory and forgets it on disable.',
    {
      default: 'warehouse.duckdb',
      expressions: 'environment',
      validate: (text: string) => {
        if (text.trim() === '') throw new PropertyError('it must be a path, or :memory:');
      },
    },
  ),
  readOnly: property.boolean('Read Only', 'Opens the file without the right to write, so that other processes may read it too', { default: 'false' }),
  memoryLimit: property.dataSize(
    'Memory Limit',
    'What DuckDB may use for this file; beyond it, it works on disk. Of several services on one file the first that is enabled decides',
    { default: '256 MB' },
  ),
  threads: property.integer('Threads', 'How many threads DuckDB may use. Of several services on one file the first that is enabled decides', { default: '2', min: 1, max: 256 }),
  allowed: property.text(
    'Allowed Directories',
    'Further folders, absolute and with commas between them, whose files SQL may read and write. Whoever may edit a query that uses this service reaches all that lies in them. Without any, SQL reaches the database file, the folder beside it whose name ends in .files, and the sample data of Millrace.',
    { expressions: 'environment', validate: checkFolders },
  ),
  setupSql: property.text(
    'Setup SQL',
    'Statements that run whenever the service is enabled, such as to attach databases or to load CSV, JSON or Parquet files that SQL may reach. They must do no harm when run again (CREATE TABLE IF NOT EXISTS, CREATE OR REPLACE).',
    {
      language: 'sql',
      expressions: 'environment',
    },
  ),
};

type Properties = PropertyValues<typeof properties>;

const OPENING = 'Open the database';

function settings(context: ComponentContext<typeof properties>): DatabaseSettings {
  const { path: named, readOnly, memoryLimit, threads, allowed }: Properties = context.properties;
  const path = databasePath(named, context.dataDirectory);
  // A folder for each database: SQL may read what lies in it.
  const temporaryDirectory = join(context.dataDirectory, 'duckdb-temp', path === ':memory:' ? context.id : `${basename(path)}-${fingerprint(path)}`);
  return { path, temporaryDirectory, readOnly, memoryLimit, threads, directories: reachableFolders(path, readOnly, allowed, context) };
}

const fingerprint = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

async function enable(context: ComponentContext<typeof properties>): Promise<DuckDB> {
  const warehouse = new DuckDB(await Database.open(settings(context)));
  try {
    if (context.properties.setupSql) await warehouse.execute(context.properties.setupSql, { signal: context.signal });
    return warehouse;
  } catch (thrown) {
    await warehouse.close();
    throw thrown;
  }
}

export default defineControllerService({
  description: 'An embedded DuckDB database as a warehouse: no server, one file, full SQL. It also queries CSV, JSON and Parquet files in place.',
  tags: ['warehouse', 'duckdb', 'sql', 'database', 'embedded', 'restricted'],
  restrictions: {
    'read-filesystem': 'Lets whoever configures it open any file that the server may read to SQL, by its path and by Allowed Directories.',
    'write-filesystem': 'Lets whoever configures it open any file that the server may write to SQL, by its path and by Allowed Directories.',
  },
  properties,
  provides: [WAREHOUSE],
  onEnabled: enable,
  onDisabled: (warehouse: DuckDB) => warehouse.close(),
  verify: (context) =>
    verifyService(() => enable(context), context, {
      opening: OPENING,
      before: (warehouse) => [{ name: OPENING, outcome: 'SUCCESSFUL', explanation: `${warehouse.transitUri} is open.` }],
    }),
});
