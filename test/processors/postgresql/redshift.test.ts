import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { POSTGRESQL, REDSHIFT } from '../../../processors/postgresql/dialect.ts';
import { insertRows } from '../../../processors/postgresql/insert.ts';
import { type BulkSettings, CopyFromS3 } from '../../../processors/postgresql/copy-from-s3.ts';
import RedshiftWarehouse from '../../../processors/postgresql/RedshiftWarehouse.ts';
import PutWarehouse from '../../../processors/warehouse/PutWarehouse.ts';
import type { AwsCredentialsService } from '../../../server/extension/aws.ts';
import { RedshiftProxy } from '../../emulators/redshift.ts';
import { ACCESS_KEY, S3Emulator, SECRET_KEY } from '../../emulators/s3.ts';
import { runner } from '../../runner.ts';
import { keys, SERVICE } from '../aws/s3-rig.ts';
import { type PostgresServer, postgres } from '../databases/database-rig.ts';
import { warehouseContract } from '../warehouse.contract.ts';
import { type OpenWarehouse, refusedAs, rows } from '../warehouse-tests.ts';
import { upsertContract } from '../warehouse-upserts.contract.ts';
import { openIn } from './postgres-rig.ts';

let server: PostgresServer;
let s3: S3Emulator;
let proxy: RedshiftProxy;
before(async () => {
  server = await postgres();
  s3 = await S3Emulator.start('staging');
  proxy = await RedshiftProxy.start(server.address, s3);
});
after(async () => {
  await proxy.stop();
  await s3.stop();
  await server.close();
});

/** Redshift's way as far as PostgreSQL understands it: not its types for JSON and bytes, nor how columns are added by several writers at once. */
const COMMON = { ...REDSHIFT, types: { ...REDSHIFT.types, binary: 'bytea', json: 'jsonb' }, addColumn: POSTGRESQL.addColumn };

warehouseContract('Redshift on PostgreSQL', {
  open: () => openIn(server.address, COMMON, insertRows),
  endless: 'SELECT count(*) AS n FROM generate_series(1, 100000) a(i), generate_series(1, 1000000) b(j) WHERE i + j = 7',
});

const credentials: AwsCredentialsService = { credentials: async () => ({ accessKeyId: ACCESS_KEY, secretAccessKey: SECRET_KEY }) };
const bulk = (more: Partial<BulkSettings> = {}): CopyFromS3 =>
  new CopyFromS3({
    bucket: 'staging',
    prefix: 'in/',
    region: 'eu-west-1',
    credentials,
    role: undefined,
    endpoint: s3.url,
    timeout: 5000,
    ssl: undefined,
    proxy: undefined,
    ...more,
  });

/** A warehouse whose COPY is carried out by the proxy before PostgreSQL. */
async function withCopy(more: Partial<BulkSettings> = {}): Promise<OpenWarehouse> {
  const copy = bulk(more);
  const { warehouse, close } = await openIn(proxy.address, COMMON, copy.load);
  return {
    warehouse,
    async close() {
      await close();
      await copy.close();
    },
  };
}

upsertContract('Redshift by COPY', { open: () => withCopy(), endless: '' });

test('rows are loaded by one COPY for ten thousand, and nothing is left in the bucket', async () => {
  const { warehouse, close } = await withCopy({ role: 'arn:aws:iam::123456789012:role/copy' });
  try {
    proxy.copies.length = 0;
    await warehouse.createTable({ table: 't' }, [
      { name: 'id', type: 'integer' },
      { name: 'word', type: 'text' },
    ]);
    const words = ['', null, '\\N', 'NULL', '"\t\n\\', 'é,|'];
    const records = Array.from({ length: 12_000 }, (_, id) => ({ id, word: words[id % words.length]! }));
    assert.equal((await warehouse.upsert({ table: 't' }, [records], { keyColumns: ['id'] })).inserted, 12_000);
    assert.deepEqual(await rows(warehouse, 'SELECT * FROM t ORDER BY id'), records);
    assert.equal(proxy.copies.length, 2);
    assert.match(
      proxy.copies[0]!,
      /^COPY "millrace stage" \("millrace row", "id", "word"\) FROM 's3:\/\/staging\/in\/millrace-[\w-]+\.json\.gz' IAM_ROLE 'arn:aws:iam::123456789012:role\/copy' FORMAT/,
    );
    assert.deepEqual([...s3.buckets.get('staging')!.objects.keys()], []);
  } finally {
    await close();
  }
});

test('a bucket that cannot be used is told, and the table stays as it was', async () => {
  const wrong: AwsCredentialsService = { credentials: async () => ({ accessKeyId: ACCESS_KEY, secretAccessKey: 'x' }) };
  const none: AwsCredentialsService = { credentials: async () => undefined };
  for (const [more, kind, message] of [
    [{ bucket: 'nope' }, 'missing object', /bucket nope: NoSuchBucket.*COPY Bucket/],
    [{ credentials: wrong }, 'authentication', /SignatureDoesNotMatch/],
    [{ credentials: none }, 'permission', /AccessDenied/],
  ] as const) {
    const { warehouse, close } = await withCopy(more);
    try {
      await warehouse.createTable({ table: 't' }, [{ name: 'id', type: 'integer' }]);
      await assert.rejects(warehouse.upsert({ table: 't' }, [[{ id: 1 }]], { keyColumns: ['id'] }), refusedAs(kind, message));
      assert.deepEqual(await rows(warehouse, 'SELECT * FROM t'), []);
    } finally {
      await close();
    }
  }
});

test('the service loads by COPY where it is given a bucket', async () => {
  proxy.copies.length = 0;
  const { port } = proxy.address;
  const database = { Host: '127.0.0.1', Port: String(port), Database: 'postgres', Username: 'postgres', Password: 'secret', 'SSL Mode': 'disable' };
  const bucket = { 'COPY Bucket': 'staging', 'COPY IAM Role': 'default', 'COPY Endpoint Override URL': s3.url, [SERVICE]: 'keys' };
  const put = runner(PutWarehouse, {
    properties: { 'Table Name': 'bulk_contacts', 'Key Columns': 'email' },
    services: { Warehouse: { definition: RedshiftWarehouse, properties: { ...database, ...bucket }, services: { [SERVICE]: keys() } } },
  });
  put.enqueue('[{"email":"a","n":1}]');
  await put.run();
  assert.equal(put.out('success').length, 1, put.bulletins.map(({ message }) => message).join());
  assert.match(proxy.copies[0]!, / IAM_ROLE default /);
  await put.close();
});

test('what only Redshift understands is written in its own words', () => {
  assert.equal(REDSHIFT.cast('s."a"', 'super'), 'json_parse(s."a")');
  assert.equal(REDSHIFT.cast('s."a"', 'varbyte(1024000)'), 'from_hex(s."a")');
  assert.match(REDSHIFT.differs('t."a"', 's."a"', 'super'), /^\(json_serialize\(t\."a"\) <> json_serialize\(s\."a"\) OR/);
});
