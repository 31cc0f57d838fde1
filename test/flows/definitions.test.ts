import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { test } from 'node:test';
import { gunzipSync, gzipSync } from 'node:zlib';
import Sqlite from 'better-sqlite3';
import { until } from '../api-client.ts';
import { lines, type Scene, stage } from './scene.ts';

const run = stage();
const scene = async (name: string, scene: Scene): Promise<void> => void (await run(name, scene));

test('orders-by-country: CSV, partitions, fields renamed and removed', () =>
  scene('orders-by-country', {
    input: { 'orders.csv': lines('id,country,total', '1,PL,99.50', '2,DE,12.00', '3,PL,7', '4,"F,R",-0.5') },
    output: {
      'pl-2.jsonl': '{"id":1,"amount":99.5}\n{"id":3,"amount":7.0}',
      'de-1.jsonl': '{"id":2,"amount":12.0}',
      'f,r-1.jsonl': '{"id":4,"amount":-0.5}',
    },
  }));

test('split-route-merge: fragments go two ways and come together in their order, compressed and not', async () => {
  const orders = [250, 99.99, 100].map((total, index) => ({ total, customer: { name: ['Ada', 'Bob', 'Cyd'][index] } }));
  const flow = await run('split-route-merge', {
    input: { 'orders.json': JSON.stringify({ orders }) },
    meanwhile: (flow) => until(() => Object.keys(flow.out()).length === 2),
  });
  const { 'orders.json': plain, 'orders.json.gz': compressed } = flow.out();
  assert.equal(plain, 'LARGE Ada\nsmall Bob\nLARGE Cyd\n');
  assert.equal(gunzipSync(Buffer.from(compressed!, 'latin1')).toString(), plain);
  assert.equal(await flow.counter('orders'), 3);
});

test('archive: into a ZIP and out of it, with types and hashes', () => {
  const files = { 'a.txt': 'alpha', 'b.json': '{"b":1}', 'c.xml': '<c/>' };
  const sha = (text: string): string => createHash('sha256').update(text).digest('hex');
  const row = (name: keyof typeof files, type: string): string => `${name},${sha(files[name])},${type}`;
  const isList = (text: string | undefined): boolean => text !== undefined && text.split('\n').length === 3;
  return scene('archive', {
    input: files,
    meanwhile: async (flow) => {
      await until(() => isList(flow.out()['list.csv']));
      assert.deepEqual(flow.out()['list.csv']!.split('\n').sort(), [row('a.txt', 'text/plain'), row('b.json', 'application/json'), row('c.xml', 'application/xml')]);
    },
  });
});

test('table-copy: new rows only, changed, into another table', async () => {
  let source: Sqlite.Database;
  let target: Sqlite.Database;
  const flow = await run('table-copy', {
    parameters: (flow) => {
      source = new Sqlite(flow.path('source.db'));
      target = new Sqlite(flow.path('target.db'));
      source.exec(
        "CREATE TABLE orders (id INTEGER PRIMARY KEY, email TEXT, total REAL, status TEXT); INSERT INTO orders VALUES (1, 'ADA@X.ORG', 99.5, 'new'), (2, 'bob@x.org', 0.5, 'new')",
      );
      target.exec('CREATE TABLE orders_copy (id INTEGER PRIMARY KEY, email TEXT, total REAL, status TEXT); CREATE TABLE runs (what TEXT)');
      return { source: `jdbc:sqlite:${flow.path('source.db')}`, target: `jdbc:sqlite:${flow.path('target.db')}` };
    },
    meanwhile: async (flow) => {
      await flow.expect({ 'totals.csv': lines('n,total,status,email', '2,100,copied,ada@x.org') });
      source.exec("INSERT INTO orders VALUES (3, 'Cyd@x.org', 1, 'new')");
      await flow.expect({ 'totals.csv': lines('n,total,status,email', '3,101,copied,ada@x.org') });
    },
  });
  assert.deepEqual(target!.prepare('SELECT id, email FROM orders_copy ORDER BY id').raw().all(), [
    [1, 'ada@x.org'],
    [2, 'bob@x.org'],
    [3, 'cyd@x.org'],
  ]);
  assert.equal((target!.prepare('SELECT count(*) AS n FROM runs').get() as { n: number }).n, 2);
  assert.equal((await flow.bulletins()).length, 0);
  source!.close();
  target!.close();
});

test('enrich: by SQL, looked up, split', () =>
  scene('enrich', {
    input: { 'people.csv': lines('name,country,total', 'Zoe,PL,10.5', 'Ann,DE,20', 'Low,PL,1', 'Max,XX,11') },
    output: {
      'known-0.json': '{"name":"Ann","country":"DE","twice":40.0,"country_name":"Germany"}',
      'known-1.json': '{"name":"Zoe","country":"PL","twice":21.0,"country_name":"Poland"}',
      'unknown.json': '{"name":"Max","country":"XX","twice":22.0,"country_name":null}',
    },
  }));

test('wait-for-all: the whole waits for its parts', () =>
  scene('wait-for-all', { input: { 'whole.txt': lines('banana', 'papaya', 'kiwi') }, output: { 'whole-19.txt': lines('banana', 'papaya', 'kiwi') } }));

test('deduplicate: each key once', () =>
  scene('deduplicate', {
    input: { 'words.txt': lines('tea one', 'milk', 'tea two', 'milk') },
    output: { 'words.txt': lines('tea one (first)', 'milk (first)', 'tea two (again of 1)', 'milk (again of 2)') },
  }));

test('watch-log: lines are followed while they are written', () =>
  scene('watch-log', {
    parameters: (flow) => ({ log: flow.write('app.log', lines('t1 [main] INFO up', 't2 [a]   ERROR disk full', 't3 [b] WARN slow down')) }),
    meanwhile: async (flow) => {
      await until(() => Object.keys(flow.out()).length === 2);
      appendFileSync(flow.path('app.log'), 't4 [main] ERROR net');
      appendFileSync(flow.path('app.log'), ' gone\n');
    },
    output: {
      'error-disk_full.json': '{"at":"t2","thread":"a","message":"disk full"}',
      'error-net_gone.json': '{"at":"t4","thread":"main","message":"net gone"}',
      'warnings.csv': '1,5',
    },
  }));

test('in-order: two ways of different length', () =>
  scene('in-order', { input: { 'lines.txt': lines('1', '2', '3', '4', '5', '6') }, output: { 'ordered.txt': 'slow 1\n2\nslow 3\n4\nslow 5\n6' } }));

test('seal: encrypted and read again', () => {
  const secret = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7919) & 255));
  return scene('seal', { parameters: { passphrase: 'battery staple' }, input: { 'secret.bin': secret }, output: { 'secret.bin': secret } });
});

test('xml-orders: what follows the schema becomes CSV, the rest is set aside', () => {
  const order = (id: string, who: string, total: string): string => `<order id="${id}"><who>${who}</who><total>${total}</total></order>`;
  const bad = `<orders>${order('x', 'Eve', '1')}</orders>`;
  return scene('xml-orders', {
    parameters: (flow) => ({ xsd: flow.write('orders.xsd', ORDERS_XSD) }),
    input: { 'good.xml': `<orders>${order('1', 'A &amp; B', '9.50')}${order('2', 'Bob', '1')}</orders>`, 'bad.xml': bad, 'torn.xml': '<orders><order' },
    output: { 'good.csv': '1,A & B,9.50\n2,Bob,1', 'bad.xml.bad': bad, 'torn.xml.bad': '<orders><order' },
  });
});

const ORDERS_XSD = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="orders"><xs:complexType><xs:sequence><xs:element name="order" maxOccurs="unbounded"><xs:complexType>
    <xs:sequence><xs:element name="who" type="xs:string"/><xs:element name="total" type="xs:decimal"/></xs:sequence>
    <xs:attribute name="id" type="xs:integer" use="required"/>
  </xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>
</xs:schema>`;

test('by-code: a script, an expression, a command', () => scene('by-code', { input: { 'n.json': '{"n":12}' }, output: { '144.json': '{"SUM":156}' } }));

test('set-aside: malformed content goes its own way, the rest goes on', () => {
  const torn = gzipSync('x'.repeat(1000)).subarray(0, 15);
  return scene('set-aside', {
    input: {
      'a.json': '[{"id":1,"who":"Ada"},{"id":2,"who":null}]',
      'b.json': '[{"id":1',
      'c.csv': lines('id,name', '1,x', '2,x'),
      'd.csv': lines('id,name', '1,x', '2,y'),
      'e.gz': gzipSync('fine'),
      'f.gz': torn,
      'g.doc': '?',
    },
    output: {
      'good-a.json': lines('id,who', '1,Ada', '2,'),
      'bad-b.json': '[{"id":1',
      'bad-c.csv': lines('id,name', '1,x', '2,x'),
      'good-d.csv': lines('id,name', '1,x', '2,y'),
      'good-e.gz': 'fine',
      'bad-f.gz': torn,
      'bad-g.doc': '?',
    },
  });
});

test('bytes-and-letters: character sets, pieces, encodings', () => {
  const base64 = (text: string): string => Buffer.from(text).toString('base64');
  return scene('bytes-and-letters', {
    input: { 'menu.txt': Buffer.from('<café;thé;eau>', 'latin1') },
    output: { 'word-1.b64': base64('café'), 'word-2.b64': base64('thé'), 'word-3.b64': base64('eau') },
  });
});

test('flatten: nested JSON becomes flat, words are translated', () =>
  scene('flatten', {
    parameters: (flow) => ({ table: flow.write('table.txt', lines('red\trot', 'blue\tblau')), words: flow.write('words.txt', 'blau\n') }),
    input: { 'a.json': '{"shirt":{"colour":"red","sizes":[1,2]},"hat":{"colour":"blue"}}', 'b.json': '{"shirt":{"colour":"red"}}' },
    output: { 'a.json': '{"shirt_colour":"rot","shirt_sizes":[1,2],"hat_colour":"blau"}' },
  }));

test('table-pages: every table, page by page', () =>
  scene('table-pages', {
    parameters: (flow) => {
      const source = new Sqlite(flow.path('source.db'));
      source.exec(
        "CREATE TABLE fruit (id INTEGER, name TEXT); INSERT INTO fruit VALUES (1, 'apple'), (2, 'fig'), (3, 'kiwi'); CREATE TABLE nuts (id INTEGER, name TEXT); INSERT INTO nuts VALUES (9, 'pecan')",
      );
      source.close();
      return { source: `jdbc:sqlite:${flow.path('source.db')}` };
    },
    output: { 'fruit-0-of-2.csv': lines('id,name', '1,apple', '2,fig'), 'fruit-1-of-2.csv': lines('id,name', '3,kiwi'), 'nuts-0-of-1.csv': lines('id,name', '9,pecan') },
  }));
