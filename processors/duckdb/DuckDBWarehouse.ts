import { join } from 'node:path';
import { messageOf, PropertyError } from '../../server/extension/errors.ts';
import type { ComponentContext, VerificationStep } from '../../server/extension/component.ts';
import { property, type PropertyValues } from '../../server/extension/property.ts';
import { defineControllerService } from '../../server/extension/service.ts';
import { WAREHOUSE } from '../../server/extension/warehouse.ts';
import { Database, databasePath, type DatabaseSettings } from './database.ts';
import { DuckDB } from './duckdb.ts';

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
  memoryLimit: property.dataSize('Memory Limit', 'What DuckDB may use for this file; beyond it, it works on disk', { default: '256 MB' }),
  threads: property.integer('Threads', 'How many threads DuckDB may use', { default: '2', min: 1, max: 256 }),
  setupSql: property.text(
    'Setup SQL',
    'Statements that run whenever the service is enabled, such as to attach databases or to load CSV, JSON or Parquet files. They must do no harm when run again (CREATE TABLE IF NOT EXISTS, CREATE OR REPLACE).',
    {
      language: 'sql',
      expressions: 'environment',
    },
  ),
};

type Properties = PropertyValues<typeof properties>;

function settings({ properties: values, dataDirectory }: ComponentContext<typeof properties>): DatabaseSettings {
  const { path, readOnly, memoryLimit, threads }: Properties = values;
  return { path: databasePath(path, dataDirectory), temporaryDirectory: join(dataDirectory, 'duckdb-temp'), readOnly, memoryLimit, threads };
}

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

async function verify(context: ComponentContext<typeof properties>): Promise<VerificationStep[]> {
  try {
    const warehouse = await enable(context);
    try {
      return [{ name: 'Open the database', outcome: 'SUCCESSFUL', explanation: `${warehouse.transitUri} is open.` }, ...(await warehouse.verify({ signal: context.signal }))];
    } finally {
      await warehouse.close();
    }
  } catch (thrown) {
    return [{ name: 'Open the database', outcome: 'FAILED', explanation: messageOf(thrown) }];
  }
}

export default defineControllerService({
  description: 'An embedded DuckDB database as a warehouse: no server, one file, full SQL. It also queries CSV, JSON and Parquet files in place.',
  tags: ['warehouse', 'duckdb', 'sql', 'database', 'embedded', 'restricted'],
  restrictions: {
    'read-filesystem': 'Lets whoever writes its SQL read any file that the server may read.',
    'write-filesystem': 'Lets whoever writes its SQL write any file that the server may write.',
  },
  properties,
  provides: [WAREHOUSE],
  onEnabled: enable,
  onDisabled: (warehouse: DuckDB) => warehouse.close(),
  verify,
});
