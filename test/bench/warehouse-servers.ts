import { generateKeyPairSync } from 'node:crypto';
import { BigQueryEmulator } from '../emulators/bigquery.ts';
import { DatabricksEmulator, TOKEN, WAREHOUSE_ID } from '../emulators/databricks.ts';
import { SnowflakeEmulator } from '../emulators/snowflake.ts';
import { SynapseEmulator } from '../emulators/synapse.ts';
import { postgres } from '../processors/databases/database-rig.ts';

/** The service that reaches a warehouse, and a query of so many narrow rows in its words. */
export interface BenchWarehouse {
  readonly type: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly sql: string;
}

type Start = (rows: number) => Promise<BenchWarehouse>;

async function snowflake(rows: number, access: 'SQL_API' | 'DRIVER'): Promise<BenchWarehouse> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  // Snowflake's partitions grow to some tens of megabytes, its driver's chunks to 48 where it is asked for small ones.
  const partitionBytes = access === 'DRIVER' ? 48_000_000 : 24_000_000;
  const { url } = await SnowflakeEmulator.start({
    account: 'ACME-PROD',
    user: { name: 'LOADER', publicKeys: [publicKey], programmaticToken: '-' },
    databases: ['SHOP'],
    partitionBytes,
  });
  return {
    type: 'dev.millrace.snowflake.SnowflakeWarehouse',
    properties: { 'Account Identifier': 'acme-prod', 'Account URL': url, 'Access Strategy': access, Username: 'loader', 'Private Key': privateKey, Database: 'shop' },
    sql: `SELECT SEQ8() AS id, 'row ' || SEQ8() AS word FROM TABLE(GENERATOR(ROWCOUNT => ${rows}))`,
  };
}

export const WAREHOUSES: Readonly<Record<string, Start>> = {
  'Snowflake, SQL API': (rows) => snowflake(rows, 'SQL_API'),
  'Snowflake, driver': (rows) => snowflake(rows, 'DRIVER'),
  async BigQuery(rows) {
    const emulator = await BigQueryEmulator.start();
    emulator.maxPage = 100_000;
    await emulator.createDataset('bench');
    return {
      type: 'dev.millrace.bigquery.BigQueryWarehouse',
      properties: { 'Service Account JSON Key': emulator.key(), 'Default Dataset': 'bench', 'API Endpoint': emulator.url },
      sql: `SELECT i AS id, CONCAT('row ', CAST(i AS STRING)) AS word FROM UNNEST(GENERATE_ARRAY(1, ${rows})) AS i`,
    };
  },
  async Databricks(rows) {
    const emulator = await DatabricksEmulator.start();
    emulator.chunkRows = 200_000;
    return {
      type: 'dev.millrace.databricks.DatabricksWarehouse',
      properties: { 'Workspace URL': emulator.url, 'Warehouse ID': WAREHOUSE_ID, 'Personal Access Token': TOKEN, Catalog: 'workspace' },
      sql: `SELECT id, concat('row ', CAST(id AS STRING)) AS word FROM range(0, ${rows}) t(id)`,
    };
  },
  async 'Azure Synapse'(rows) {
    const { port } = await SynapseEmulator.start();
    return {
      type: 'dev.millrace.synapse.SynapseWarehouse',
      properties: { Server: '127.0.0.1', Port: String(port), Database: 'pool', Username: 'loader', Password: 'secret', Encrypt: 'false' },
      sql: `SELECT CAST(id AS bigint) AS id, 'row ' + CAST(id AS nvarchar(20)) AS word FROM range(${rows}) AS t(id)`,
    };
  },
  async PostgreSQL(rows) {
    const { address } = await postgres();
    return {
      type: 'dev.millrace.postgresql.PostgreSQLWarehouse',
      properties: { Host: address.host, Port: String(address.port), Database: 'postgres', Username: 'postgres', Password: 'secret', 'SSL Mode': 'disable' },
      sql: `SELECT id, 'row ' || id AS word FROM generate_series(1, ${rows}) t(id)`,
    };
  },
  DuckDB: async (rows) => ({
    type: 'dev.millrace.duckdb.DuckDBWarehouse',
    properties: { 'Database Path': 'bench.duckdb', 'Memory Limit': '128 MB' },
    sql: `SELECT range AS id, 'row ' || range AS word FROM range(${rows})`,
  }),
};

// In a process of its own, so that its memory is not the reader's.
const [name, rows] = process.argv.slice(2);
if (process.send && name) process.send(await WAREHOUSES[name]!(Number(rows)));
