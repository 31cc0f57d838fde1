import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { POSTGRESQL, REDSHIFT } from '../../../processors/postgresql/dialect.ts';
import { insertRows } from '../../../processors/postgresql/insert.ts';
import { type PostgresServer, postgres } from '../databases/database-rig.ts';
import { warehouseContract } from '../warehouse.contract.ts';
import { openIn } from './postgres-rig.ts';

let server: PostgresServer;
before(async () => {
  server = await postgres();
});
after(() => server.close());

/** Redshift's way as far as PostgreSQL understands it: not its types for JSON and bytes, nor how columns are added by several writers at once. */
const COMMON = { ...REDSHIFT, types: { ...REDSHIFT.types, binary: 'bytea', json: 'jsonb' }, addColumn: POSTGRESQL.addColumn };

warehouseContract('Redshift on PostgreSQL', {
  open: () => openIn(server.address, COMMON, insertRows),
  endless: 'SELECT count(*) AS n FROM generate_series(1, 100000) a(i), generate_series(1, 1000000) b(j) WHERE i + j = 7',
});

test('what only Redshift understands is written in its own words', () => {
  assert.equal(REDSHIFT.cast('s."a"', 'super'), 'json_parse(s."a")');
  assert.equal(REDSHIFT.cast('s."a"', 'varbyte(1024000)'), 'from_hex(s."a")');
  assert.match(REDSHIFT.differs('t."a"', 's."a"', 'super'), /^\(json_serialize\(t\."a"\) <> json_serialize\(s\."a"\) OR/);
});
