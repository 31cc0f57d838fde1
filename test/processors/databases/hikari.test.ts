import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import ExecuteSQLRecord from '../../../processors/databases/ExecuteSQLRecord.ts';
import HikariCPConnectionPool from '../../../processors/databases/HikariCPConnectionPool.ts';
import PutDatabaseRecord from '../../../processors/databases/PutDatabaseRecord.ts';
import StandardDatabaseDialectService from '../../../processors/databases/StandardDatabaseDialectService.ts';
import { jsonReader, jsonWriter, service } from '../records/record-services.ts';
import { runOn } from './database-rig.ts';

const directory = mkdtempSync(path.join(os.tmpdir(), 'millrace-hikari-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const pool = (more: Readonly<Record<string, string>> = {}) =>
  service(HikariCPConnectionPool, {
    'Database Connection URL': `jdbc:sqlite:${path.join(directory, 'test.db')}`,
    'Database Driver Class Name': 'driver',
    'Validation Query': 'SELECT 1',
    ...more,
  });
const query = (sql: string, more: Readonly<Record<string, string>> = {}) => runOn(ExecuteSQLRecord, pool(more), { 'SQL Query': sql }, { 'Record Writer': jsonWriter() });

test('a flow with the HikariCP pool and a dialect service writes and reads a database', async () => {
  await query('CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT)');
  const properties = { 'Table Name': 'people', 'Statement Type': 'UPSERT', 'Database Type': 'Database Dialect Service' };
  const services = { 'Record Reader': jsonReader(), 'Database Dialect Service': service(StandardDatabaseDialectService) };
  for (const name of ['Ada', 'Bob']) assert.deepEqual((await runOn(PutDatabaseRecord, pool(), properties, services, JSON.stringify([{ id: 1, name }]))).counts, { success: 1 });
  assert.deepEqual(JSON.parse((await query('SELECT id, name FROM people')).out('success')[0]!.content), [{ id: 1, name: 'Bob' }]);
});

test('a pool whose address no database has is refused', async () => {
  await assert.rejects(query('SELECT 1', { 'Database Connection URL': 'jdbc:oracle:thin:@somewhere' }), /oracle/i);
});
