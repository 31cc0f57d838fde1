import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Connections } from '../../../processors/postgresql/connections.ts';
import { copyFromStdin } from '../../../processors/postgresql/copy.ts';
import { POSTGRESQL } from '../../../processors/postgresql/dialect.ts';
import { PostgreSQL } from '../../../processors/postgresql/postgresql.ts';
import PostgreSQLWarehouse from '../../../processors/postgresql/PostgreSQLWarehouse.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import type { Warehouse } from '../../../server/extension/warehouse.ts';
import { runner } from '../../runner.ts';
import { type PostgresServer, postgres } from '../databases/database-rig.ts';
import { warehouseContract } from '../warehouse.contract.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { openIn, settingsFor } from './postgres-rig.ts';

const ENDLESS = 'SELECT count(*) AS n FROM generate_series(1, 100000) a(i), generate_series(1, 1000000) b(j) WHERE i + j = 7';

let server: PostgresServer;
before(async () => {
  server = await postgres();
});
after(() => server.close());

warehouseContract('PostgreSQL', { open: () => openIn(server.address), endless: ENDLESS });

async function withPostgres(work: (warehouse: Warehouse) => Promise<void>, more: Parameters<typeof openIn>[3] = {}): Promise<void> {
  const { warehouse, close } = await openIn(server.address, POSTGRESQL, copyFromStdin, more);
  try {
    await work(warehouse);
  } finally {
    await close();
  }
}

test('a statement that was stopped no longer runs in the server, and its connection is not used again', () =>
  withPostgres(
    async (warehouse) => {
      const stop = new AbortController();
      const stopped = assert.rejects(rows(warehouse, ENDLESS, { signal: stop.signal }), refusedAs('cancelled', /cancelled/));
      const running = async (): Promise<number> =>
        (await rows(warehouse, "SELECT pid FROM pg_stat_activity WHERE application_name = 'stopped' AND state = 'active' AND pid <> pg_backend_pid()")).length;
      while ((await running()) === 0) await delay(5);
      stop.abort();
      await stopped;
      while ((await running()) > 0) await delay(5);
    },
    { applicationName: 'stopped' },
  ));

test('types that only the server knows are checked by it, row by row; a list becomes an array', () =>
  withPostgres(async (warehouse) => {
    await warehouse.execute("CREATE TYPE mood AS ENUM ('sad', 'happy'); CREATE DOMAIN percent AS smallint CHECK (VALUE <= 100)");
    await warehouse.execute('CREATE TABLE t (id uuid, mood mood, address inet, list bigint[], words text[], code varchar(3), share percent, price numeric(4, 2))');
    const key = '11111111-2222-3333-4444-55555555555';
    const result = await warehouse.upsert(
      { table: 't' },
      [
        [
          { id: `${key}1`, mood: 'happy', address: '10.0.0.1', list: [1, null, 9007199254740993n], words: ['a"b', '\\', 'ü,{'], code: 'äöü', share: 7, price: '1e1' },
          { id: `${key}2`, mood: 'angry', address: '10.0.0.1' },
          { id: `${key}3`, address: 'nowhere' },
          { id: `${key}4`, list: ['x'] },
          { id: 'no uuid' },
          { id: `${key}5`, code: 'four' },
          { id: `${key}6`, price: 99.995 },
          { id: `${key}7`, words: ['zero \0'] },
          { id: `${key}8`, share: 40_000 },
        ],
      ],
      { keyColumns: ['id'] },
    );
    assert.deepEqual(
      [result.inserted, result.rejected.map(({ index, reason }) => [index, reason.replace(/ is .*, which/, ',')])],
      [
        1,
        [
          [1, 'mood, is no mood'],
          [2, 'address, is no inet'],
          [3, 'list, is no bigint[]'],
          [4, 'id, is no uuid'],
          [5, 'code, is no character varying(3)'],
          [6, 'price, is no numeric(4,2)'],
          [7, 'words, is no text[]'],
          [8, 'share, is no smallint'],
        ],
      ],
    );
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), [
      { id: `${key}1`, mood: 'happy', address: '10.0.0.1', list: [1, null, 9007199254740993n], words: ['a"b', '\\', 'ü,{'], code: 'äöü', share: 7, price: 10 },
    ]);
  }));

test('what keeps a connection from being made is told by its cause', async () => {
  const refused = async (more: Parameters<typeof settingsFor>[1], kind: Parameters<typeof refusedAs>[0], message: RegExp): Promise<void> => {
    const warehouse = new PostgreSQL(new Connections(settingsFor(server.address, more), POSTGRESQL), copyFromStdin);
    await assert.rejects(warehouse.execute('SELECT 1'), refusedAs(kind, message));
    await warehouse.close();
  };
  await refused({ password: 'wrong' }, 'authentication', /password authentication failed/);
  await refused({ password: undefined }, 'authentication', /password/);
  await refused({ database: 'nope' }, 'missing object', /"nope"/);
  await refused({ port: 1 }, 'connection', /ECONNREFUSED/);
  await refused({ ssl: { rejectUnauthorized: true } }, 'configuration', /SSL/);
});

test('the service reaches a server with or without TLS, with its search path and name', async () => {
  const sql = "SELECT current_setting('application_name') AS name, current_setting('search_path') AS path";
  const properties = { Host: '127.0.0.1', Port: String(server.address.port), Database: 'postgres', Username: 'postgres', Password: 'secret', 'Schema Search Path': 'one, Two' };
  const run = runner(QueryWarehouse, { properties: { 'SQL Query': sql }, services: { Warehouse: { definition: PostgreSQLWarehouse, properties } } });
  await run.run();
  assert.deepEqual(
    run.out('success').map(({ content }) => content),
    ['[{"name":"Millrace","path":"one, \\"Two\\""}]'],
  );
  await run.close();
});
