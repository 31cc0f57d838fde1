import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import tls from 'node:tls';
import PostgreSQLWarehouse from '../../../processors/postgresql/PostgreSQLWarehouse.ts';
import RedshiftWarehouse from '../../../processors/postgresql/RedshiftWarehouse.ts';
import { Connections } from '../../../processors/postgresql/connections.ts';
import { copyFromStdin } from '../../../processors/postgresql/copy.ts';
import { POSTGRESQL } from '../../../processors/postgresql/dialect.ts';
import { PostgreSQL } from '../../../processors/postgresql/postgresql.ts';
import { SshTunnel, type TunnelSettings } from '../../../processors/postgresql/ssh-tunnel.ts';
import QueryWarehouse from '../../../processors/warehouse/QueryWarehouse.ts';
import { certificate } from '../../certificates.ts';
import { runner } from '../../runner.ts';
import { OpenSsh, withoutOpenSsh } from '../../servers/openssh.ts';
import { PASSWORD, SftpServer, USER } from '../../servers/sftp-server.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';
import { type PostgresServer, postgres } from '../databases/database-rig.ts';
import { refusedAs, rows } from '../warehouse-tests.ts';
import { settingsFor } from './postgres-rig.ts';

let server: PostgresServer;
let ssh: SftpServer;
before(async () => {
  server = await postgres();
  ssh = await SftpServer.start({ forwards: true });
});
after(async () => {
  await ssh.stop();
  await server.close();
});

const tunnelled = (more: Partial<TunnelSettings> = {}, database: Parameters<typeof settingsFor>[1] = {}): PostgreSQL => {
  const login = { host: '127.0.0.1', port: ssh.port, user: USER, password: PASSWORD, keyFile: undefined, passphrase: undefined };
  const tunnel = new SshTunnel({ ...login, isStrict: false, hostKeyFile: undefined, connectTimeout: 10_000, ...more });
  return new PostgreSQL(new Connections(settingsFor(server.address, { stream: tunnel.stream, ...database }), POSTGRESQL), copyFromStdin, () => tunnel.close());
};

async function using(warehouse: PostgreSQL, work: (warehouse: PostgreSQL) => Promise<void>): Promise<void> {
  try {
    await work(warehouse);
  } finally {
    await warehouse.close();
  }
}

const service = (definition: unknown, more: Record<string, string>) => {
  const database = { Host: '127.0.0.1', Port: String(server.address.port), Database: 'postgres', Username: 'postgres', Password: 'secret', 'SSL Mode': 'disable' };
  return { Warehouse: { definition: definition as typeof RedshiftWarehouse, properties: { ...database, ...more } } };
};

async function asked(definition: unknown, more: Record<string, string>): Promise<string[]> {
  const run = runner(QueryWarehouse, { properties: { 'SQL Query': 'SELECT 1 AS a' }, services: service(definition, more) });
  try {
    await run.run();
    return run.out('success').map(({ content }) => content);
  } finally {
    await run.close();
  }
}

test('all connections of a warehouse run through one login; rows stream, and what is stopped ends in the server', () =>
  using(tunnelled(), async (warehouse) => {
    const [logins, forwarded] = [ssh.logins, ssh.forwarded];
    const many = await Promise.all([1, 2, 3].map(() => rows(warehouse, 'SELECT i, repeat(md5(i::text), 30) AS word FROM generate_series(1, 4000) t(i)')));
    assert.deepEqual(
      many.map(({ length }) => length),
      [4000, 4000, 4000],
    );
    assert.deepEqual([ssh.logins - logins, ssh.forwarded - forwarded], [1, 3]);
    const endless = 'SELECT count(*) FROM generate_series(1, 100000) a(i), generate_series(1, 1000000) b(j) WHERE i + j = 7';
    await assert.rejects(rows(warehouse, endless, { timeout: 100 }), refusedAs('timeout', /time allowed/));
    await warehouse.createTable({ table: 'tunnelled' }, [{ name: 'id', type: 'integer' }]);
    const { inserted } = await warehouse.upsert({ table: 'tunnelled' }, [Array.from({ length: 5000 }, (_, id) => ({ id }))], { keyColumns: ['id'] });
    assert.equal(inserted, 5000);
  }));

test('a connection that is lost while it is made ends no more than its statement', () =>
  using(tunnelled(), async (warehouse) => {
    for (let time = 0; time < 5; time++) {
      const { forwarded } = ssh;
      const asked = rows(warehouse, 'SELECT 1 AS a').catch((thrown: Error) => thrown);
      while (ssh.forwarded === forwarded) await new Promise(setImmediate);
      ssh.cut();
      await asked;
    }
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
  }));

test('a tunnel that was lost is made anew', () =>
  using(tunnelled(), async (warehouse) => {
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
    const lost = assert.rejects(rows(warehouse, 'SELECT pg_sleep(60)'), refusedAs('connection', /./));
    const sleeping = "SELECT 1 AS a FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%' AND state = 'active'";
    await using(new PostgreSQL(new Connections(settingsFor(server.address), POSTGRESQL), copyFromStdin), async (direct) => {
      while ((await rows(direct, sleeping)).length === 0) await delay(5);
    });
    ssh.cut();
    await lost;
    assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]);
  }));

test('the SSH server must show a key that is known', async () => {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  const file = path.join(directory, 'known_hosts');
  writeFileSync(file, `${ssh.knownHost}\n`);
  await using(tunnelled({ isStrict: true, hostKeyFile: file }), async (warehouse) => assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]));
  writeFileSync(file, 'other.example ssh-ed25519 AAAA\n');
  await using(tunnelled({ isStrict: true, hostKeyFile: file }), (warehouse) =>
    assert.rejects(rows(warehouse, 'SELECT 1'), refusedAs('configuration', /host key of the SSH server .* not among the known hosts.*ssh-keyscan/)),
  );
});

test('what keeps a tunnel from being made is told by its cause', async () => {
  const refused = (more: Partial<TunnelSettings>, kind: Parameters<typeof refusedAs>[0], message: RegExp, database = {}) =>
    using(tunnelled(more, database), (warehouse) => assert.rejects(rows(warehouse, 'SELECT 1'), refusedAs(kind, message)));
  await refused({ password: 'wrong' }, 'authentication', /does not let ann in/);
  while (ssh.open > 0) await delay(5);
  await refused({ port: 1 }, 'connection', /No SSH connection to 127\.0\.0\.1:1/);
  await refused({ keyFile: '/nowhere' }, 'configuration', /private key \/nowhere cannot be read/);
  await refused({}, 'connection', /does not lead to 127\.0\.0\.1:1 /, { port: 1 });
});

/** A server that asks for TLS, with PostgreSQL behind it. */
async function withTls({ key, cert }: { key: string; cert: string }, work: (port: number) => Promise<void>): Promise<void> {
  const front = net.createServer((socket) => {
    socket.once('data', () => {
      const secure = new tls.TLSSocket(socket, { isServer: true, key, cert });
      const database = net.connect(server.address);
      for (const each of [secure, database]) each.on('error', () => secure.destroy(database.destroy() as never));
      secure.pipe(database).pipe(secure);
      // What PostgreSQL answers to a client that asks for TLS.
      socket.write('S');
    });
    socket.on('error', () => undefined);
  });
  front.listen(0, '127.0.0.1');
  await once(front, 'listening');
  try {
    await work((front.address() as net.AddressInfo).port);
  } finally {
    front.close();
  }
}

test('TLS runs inside the tunnel, and the database must show its certificate', () => {
  const own = certificate();
  return withTls(own, async (port) => {
    const secure = (ca: string): PostgreSQL => tunnelled({}, { port, ssl: { rejectUnauthorized: true, ca } });
    await using(secure(own.cert), async (warehouse) => assert.deepEqual(await rows(warehouse, 'SELECT 1 AS a'), [{ a: 1 }]));
    await using(secure(certificate('other').cert), (warehouse) => assert.rejects(rows(warehouse, 'SELECT 1'), refusedAs('configuration', /self-signed certificate/)));
  });
});

test('both services go through the tunnel that their properties name', async () => {
  const more = { 'SSH Host': '127.0.0.1', 'SSH Port': String(ssh.port), 'SSH Username': USER, 'SSH Password': PASSWORD, 'SSH Strict Host Key Checking': 'false' };
  const before = ssh.logins;
  assert.deepEqual(await asked(PostgreSQLWarehouse, more), ['[{"a":1}]']);
  assert.deepEqual(await asked(RedshiftWarehouse, more), ['[{"a":1}]']);
  assert.equal(ssh.logins, before + 2);
});

describe('through OpenSSH', { skip: withoutOpenSsh }, () => {
  test('with a private key and known hosts', async () => {
    const openssh = await OpenSsh.start();
    try {
      const { Port, Username, 'Private Key Path': key, 'Private Key Passphrase': phrase, 'Host Key File': known } = openssh.properties as Record<string, string>;
      const login = { 'SSH Host': '127.0.0.1', 'SSH Port': Port!, 'SSH Username': Username!, 'SSH Private Key Path': key!, 'SSH Private Key Passphrase': phrase! };
      assert.deepEqual(await asked(PostgreSQLWarehouse, { ...login, 'SSH Host Key File': known! }), ['[{"a":1}]']);
    } finally {
      await openssh.stop();
    }
  });
});
