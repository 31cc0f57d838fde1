import assert from 'node:assert/strict';
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { places } from '../server/config.ts';
import { parameterOverride } from '../server/run-command.ts';
import { bytesText, progressBar } from '../server/run-report.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-run-test-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const flow = path.join(places.flows, 'customer-segments.json');

interface Expectation {
  readonly tables: {
    readonly contacts: { readonly rowCount: number; readonly distribution: { readonly SEGMENT_NAME: Record<string, number> }; readonly rows: Record<string, unknown>[] };
  };
}

const expected = (JSON.parse(readFileSync(flow.replace('.json', '.expect.json'), 'utf8')) as Expectation).tables.contacts;

function millrace(...args: string[]): SpawnSyncReturns<string> {
  return spawnSync(process.execPath, [path.join(places.project, 'dist', 'server', 'main.js'), ...args], { encoding: 'utf8', cwd: directory });
}

async function rows(database: string, sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(path.join(directory, database), { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const result = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return result;
}

test('run writes the contacts that an independent calculation gives, prints a table and exits with 0', async () => {
  const { stdout, stderr, status } = millrace('run', flow, '--data', 'one');
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^processor +in +out +bytes +seconds$/m);
  assert.match(stdout, /^Write contacts +1 +0 /m);
  assert.match(stdout, new RegExp(`rows written: ${expected.rowCount}, rows unchanged: 0, rows rejected: 0`));
  const segments = await rows('one/databases/marketing.duckdb', 'select SEGMENT_NAME, count(*) as n from contacts group by 1');
  assert.deepEqual(Object.fromEntries(segments.map(({ SEGMENT_NAME, n }) => [SEGMENT_NAME, Number(n)]).sort()), expected.distribution.SEGMENT_NAME);
  for (const row of expected.rows) {
    const [found] = await rows('one/databases/marketing.duckdb', `select * from contacts where EMAIL = '${row.EMAIL}'`);
    assert.deepEqual({ ...found, LTV_SCORE: Number(found!.LTV_SCORE), ORDER_COUNT: Number(found!.ORDER_COUNT) }, { ...found, ...row });
  }
});

test('run again writes nothing new', () => {
  const { stdout, status } = millrace('run', flow, '--data', 'one');
  assert.equal(status, 0);
  assert.match(stdout, new RegExp(`rows written: 0, rows unchanged: ${expected.rowCount}, rows rejected: 0`));
});

test('--param sets parameters', async () => {
  const { stdout, status } = millrace('run', flow, '--data', 'one', '--param', 'Customer Segments.Destination Table=people', 'Customer Segments.Initial Last Sync=2011-12-01');
  assert.equal(status, 0, stdout);
  const [{ n } = { n: 0 }] = await rows('one/databases/marketing.duckdb', 'select count(*) as n from people');
  assert.ok(Number(n) > 0 && Number(n) < expected.rowCount, `${n} rows`);
});

/** The flow with one thing changed. */
function variant(name: string, change: (text: string) => string): string {
  const file = path.join(directory, name);
  writeFileSync(file, change(readFileSync(flow, 'utf8')));
  return file;
}

const failures: [string, () => string[], RegExp][] = [
  ['an unknown parameter', () => ['run', flow, '--param', 'Customer Segments.Destination=x'], /no parameter 'Destination'.*Destination Database/],
  ['a parameter that is none', () => ['run', flow, '--param', 'nonsense'], /--param nonsense is not of the form/],
  ['a file that is not there', () => ['run', 'nowhere.json'], /nowhere\.json cannot be read as a flow definition/],
  ['a file that is no flow', () => ['run', variant('no-flow.json', () => '{"a":1}')], /flow definition/],
  [
    'a column that is not in the result',
    () => ['run', variant('column.json', (text) => text.replace('\\"source\\": \\"rfm\\"', '\\"source\\": \\"rmf\\"')), '--data', 'two'],
    /FAILED: Map to contact fields: Column rmf .*is not in the result: change the mapping.*rfm/,
  ],
  ['a table that is not there', () => ['run', variant('table.json', (text) => text.replace('FROM invoices', 'FROM invoice')), '--data', 'three'], /FAILED: .*invoice/],
  [
    'a type that is not installed',
    () => ['run', variant('type.json', (text) => text.replace('dev.millrace.records.MapRecord', 'dev.millrace.records.MapNothing')), '--data', 'four'],
    /FAILED: .*not valid/,
  ],
];

for (const [what, args, message] of failures) {
  test(`${what} fails the run with a message`, () => {
    const { stdout, stderr, status } = millrace(...args());
    assert.equal(status, 1);
    assert.match(stdout + stderr, message);
    assert.doesNotMatch(stdout + stderr, /\n {4}at /, 'no stack trace');
  });
}

test('sizes, progress and overrides in words', () => {
  assert.deepEqual([0, 1023, 1536, 5 * 1024 ** 3].map(bytesText), ['0 B', '1023 B', '1.5 KB', '5.0 GB']);
  assert.equal(progressBar(1, 2), `[${'='.repeat(15)}${' '.repeat(15)}] 1 of 2 FlowFiles`);
  assert.deepEqual(parameterOverride('A b.c.d=e=f'), { context: 'A b', name: 'c.d', value: 'e=f' });
});
