import assert from 'node:assert/strict';
import { test } from 'node:test';
import AvroRecordSetWriter from '../../../processors/records/AvroRecordSetWriter.ts';
import ConvertRecord from '../../../processors/records/ConvertRecord.ts';
import CSVRecordSetWriter from '../../../processors/records/CSVRecordSetWriter.ts';
import FreeFormTextRecordSetWriter from '../../../processors/records/FreeFormTextRecordSetWriter.ts';
import GrokReader from '../../../processors/records/GrokReader.ts';
import JsonPathReader from '../../../processors/records/JsonPathReader.ts';
import ReaderLookup from '../../../processors/records/ReaderLookup.ts';
import RecordSetWriterLookup from '../../../processors/records/RecordSetWriterLookup.ts';
import Syslog5424Reader from '../../../processors/records/Syslog5424Reader.ts';
import SyslogReader from '../../../processors/records/SyslogReader.ts';
import YamlTreeReader from '../../../processors/records/YamlTreeReader.ts';
import { runner } from '../../runner.ts';
import { contentOf, convert, csvReader, jsonReader, jsonWriter, type Properties, reasonOf, service } from './record-services.ts';

async function read(definition: unknown, content: string, properties: Properties = {}, writer: Properties = {}): Promise<string> {
  return contentOf(await convert(content, service(definition, properties), jsonWriter(writer))).toString();
}
const failure = async (definition: unknown, content: string, properties: Properties = {}): Promise<string> =>
  reasonOf(await convert(content, service(definition, properties), jsonWriter()));
const schema = (fields: unknown[]): Properties => ({ 'Schema Access Strategy': 'schema-text-property', 'Schema Text': JSON.stringify({ type: 'record', name: 'r', fields }) });

test('JSON paths find fields within each record', async () => {
  const json = '[{"id":9007199254740993,"o":{"name":"Ada","tags":["x","y"]},"total":1.10},{"id":2,"o":{"tags":[]}}]';
  const paths = { id: '$.id', name: '$.o.name', first: '$.o.tags[0]', tags: '$.o.tags', big: "$[?(@ == 'Ada')]" };
  assert.equal(
    await read(JsonPathReader, json, paths, { 'Suppress Null Values': 'suppress-missing' }),
    '[{"id":9007199254740993,"name":"Ada","first":"x","tags":["x","y"],"big":[]},{"id":2,"tags":[],"big":[]}]',
  );
  const typed = {
    ...schema([
      { name: 'id', type: 'string' },
      { name: 'name', type: 'string', default: 'nobody' },
    ]),
    id: '$.id',
    name: '$.o.name',
  };
  assert.equal(await read(JsonPathReader, json, typed), '[{"id":"9007199254740993","name":"Ada"},{"id":"2","name":"nobody"}]');
  await assert.rejects(convert(json, service(JsonPathReader), jsonWriter()), /has no fields/);
  await assert.rejects(convert(json, service(JsonPathReader, { id: 'id' }), jsonWriter()), /JSON path of 'id' is not valid/);
});

test('JSON paths find doubles where the text has them', async () => {
  const json = '[{"o":{"n":12.0,"e":1e3,"i":12}},{"o":{"n":3,"e":4,"i":5}}]';
  const paths = { n: '$.o.n', e: '$.o.e', i: '$.o.i' };
  const schema = contentOf(await convert(json, service(JsonPathReader, paths), service(AvroRecordSetWriter))).toString('latin1');
  for (const [name, type] of [
    ['n', 'double'],
    ['e', 'double'],
    ['i', 'int'],
  ])
    assert.match(schema, new RegExp(`"name":"${name}","type":\\["null","${type}"\\]`));
  assert.equal(await read(JsonPathReader, json, { all: '$..[?(@.n == 12.0)].i' }), '[{"all":[12]},{"all":[]}]');
});

test('YAML: lists, mappings, documents, anchors, and numbers with all their digits', async () => {
  assert.equal(
    await read(
      YamlTreeReader,
      '# people\n- id: 9007199254740993\n  name: "Ada"\n  total: 1.10\n  long: 0.12345678901234567890123\n  on: true\n  tags: [x, y]\n- id: 0x1F\n  name: |\n    two\n    lines\n',
    ),
    '[{"id":9007199254740993,"name":"Ada","total":1.1,"long":0.12345678901234567890123,"on":true,"tags":["x","y"]},{"id":31,"name":"two\\nlines\\n","total":null,"long":null,"on":null,"tags":null}]',
  );
  assert.equal(await read(YamlTreeReader, 'a: &x {b: 1}\nc: *x\n'), '[{"a":{"b":1},"c":{"b":1}}]');
  assert.equal(await read(YamlTreeReader, '---\na: 1\n---\na: 2\n'), '[{"a":1},{"a":2}]');
  assert.equal(
    await read(YamlTreeReader, 'x:\n  items:\n    - a: 1\n    - a: 2\n', { 'Starting Field Strategy': 'NESTED_FIELD', 'Starting Field Name': 'items' }),
    '[{"a":1},{"a":2}]',
  );
});

test('a long YAML list is read in parts', async () => {
  const yaml = Array.from({ length: 40_000 }, (_, i) => `- id: ${i}\n  text: "- not an element ${i}"\n  block: |\n    - nor this\n`).join('');
  const records = JSON.parse(await read(YamlTreeReader, yaml)) as { id: number; text: string }[];
  assert.deepEqual([records.length, records.at(-1)!.id, records[20_000]!.text], [40_000, 39_999, '- not an element 20000']);
});

test('YAML that is none, or an attack, fails with the reason', async () => {
  const bomb = `a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n${Array.from({ length: 9 }, (_, i) => `a${i + 1}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(',')}]`).join('\n')}\n`;
  for (const [yaml, reason] of [
    ['a: [1, 2', /not YAML/],
    ['just text', /record 1 is not a mapping/],
    [bomb, /aliases stand for more than/],
    [`a: ${'['.repeat(10_000)}`, /not YAML/],
    ['a: *nowhere', /not YAML/],
    [`a: "${'x'.repeat(9 * 1024 ** 2)}"\nb: 1\n`, /more than 2 MB/],
  ] as const)
    assert.match(await failure(YamlTreeReader, yaml), reason);
});

test('Syslog of both kinds', async () => {
  const old = '<34>Oct 11 22:14:15 host1 su: failed\n\n<13>1 2026-02-03T04:05:06Z host2 app - - - hello\n';
  assert.equal(
    await read(SyslogReader, old, { 'Raw Message': 'true' }),
    '[{"priority":"34","severity":"2","facility":"4","version":null,"timestamp":"Oct 11 22:14:15","hostname":"host1","body":"su: failed","_raw":"<34>Oct 11 22:14:15 host1 su: failed"},' +
      '{"priority":"13","severity":"5","facility":"1","version":"1","timestamp":"2026-02-03T04:05:06Z","hostname":"host2","body":"app - - - hello","_raw":"<13>1 2026-02-03T04:05:06Z host2 app - - - hello"}]',
  );
  const structured = '<165>1 2003-10-11T22:14:15.003Z host evntslog 12 ID47 [ex@32473 iut="3" src="a.b \\"q\\""][meta seq="1"] text here';
  const [record] = JSON.parse(await read(Syslog5424Reader, structured, {}, { 'Timestamp Format': 'yyyy-MM-dd HH:mm:ss.SSS' })) as [Record<string, unknown>];
  assert.deepEqual([record.appName, record.procid, record.messageid, record.body], ['evntslog', '12', 'ID47', 'text here']);
  assert.deepEqual(record.structuredData, { 'ex@32473': { iut: '3', src: 'a.b "q"' }, meta: { seq: '1' } });
  assert.match(String(record.timestamp), /^2003-10-1\d \d\d:\d4|^2003-10-1\d .*15\.003$/);
  assert.match(await failure(SyslogReader, '<34>Oct 11 22:14:15 h m\nno message\n'), /Line 2 is not a Syslog message/);
  assert.match(await failure(Syslog5424Reader, '<34>Oct 11 22:14:15 h m\n'), /Line 1 is not a Syslog message/);
});

const LOG = '%{TIMESTAMP_ISO8601:at} %{LOGLEVEL:level} %{GREEDYDATA:message}';

test('grok: fields, lines that belong to the message before, stack traces', async () => {
  const log =
    'lost line\n2026-01-02 03:04:05,678 INFO started\nand more\n2026-01-02 03:04:06 ERROR it failed\njava.lang.IllegalStateException: no\n\tat a.b.C(C.java:1)\n    at a.b.D(D.java:2)\nCaused by: java.io.IOException: x\n2026-01-02 03:04:07 WARN "quoted"\n';
  assert.deepEqual(JSON.parse(await read(GrokReader, log, { 'Grok Expressions': LOG })), [
    { at: '2026-01-02 03:04:05,678', level: 'INFO', message: 'started\nand more', stackTrace: null, _raw: '2026-01-02 03:04:05,678 INFO started\nand more' },
    {
      at: '2026-01-02 03:04:06',
      level: 'ERROR',
      message: 'it failed',
      stackTrace: 'java.lang.IllegalStateException: no\n\tat a.b.C(C.java:1)\n    at a.b.D(D.java:2)\nCaused by: java.io.IOException: x',
      _raw: '2026-01-02 03:04:06 ERROR it failed\njava.lang.IllegalStateException: no\n\tat a.b.C(C.java:1)\n    at a.b.D(D.java:2)\nCaused by: java.io.IOException: x',
    },
    { at: '2026-01-02 03:04:07', level: 'WARN', message: 'quoted', stackTrace: null, _raw: '2026-01-02 03:04:07 WARN "quoted"' },
  ]);
  const raw = JSON.parse(await read(GrokReader, log, { 'Grok Expressions': LOG, 'No Match Behavior': 'raw-line' })) as { _raw: string; at: unknown }[];
  assert.deepEqual([raw.length, raw[0]!._raw, raw[0]!.at], [9, 'lost line', null]);
  const skipped = JSON.parse(await read(GrokReader, log, { 'Grok Expressions': LOG, 'No Match Behavior': 'skip-line' })) as { message: string }[];
  assert.deepEqual(
    skipped.map(({ message }) => message),
    ['started', 'it failed', 'quoted'],
  );
});

test('grok: own patterns, several expressions, types of a schema, Apache logs', async () => {
  const properties = {
    'Grok Patterns': 'CODE [A-Z]{3}-\\d+',
    'Grok Expressions': 'order %{CODE:code} %{INT:count}\nreturn %{CODE:code}',
    ...schema([
      { name: 'code', type: 'string' },
      { name: 'count', type: ['null', 'int'] },
    ]),
  };
  assert.equal(await read(GrokReader, 'order ABC-1 5\nreturn XYZ-22\n', properties), '[{"code":"ABC-1","count":5},{"code":"XYZ-22","count":null}]');
  const apache = '127.0.0.1 - frank [10/Oct/2000:13:55:36 -0700] "GET /a?b=c HTTP/1.0" 200 2326 "http://x.org/s" "Mozilla/4.08 [en]"';
  const [line] = JSON.parse(await read(GrokReader, apache, { 'Grok Expressions': '%{COMBINEDAPACHELOG}' })) as [Record<string, string>];
  assert.deepEqual(
    [line.clientip, line.auth, line.timestamp, line.verb, line.request, line.response, line.bytes, line.referrer, line.agent],
    ['127.0.0.1', 'frank', '10/Oct/2000:13:55:36 -0700', 'GET', '/a?b=c', '200', '2326', 'http://x.org/s', 'Mozilla/4.08 [en]'],
  );
  await assert.rejects(convert('x', service(GrokReader, { 'Grok Expressions': '%{NOPE:x}' }), jsonWriter()), /there is no pattern NOPE/);
  await assert.rejects(convert('x', service(GrokReader, { 'Grok Patterns': 'A %{A}', 'Grok Expressions': '%{A:x}' }), jsonWriter()), /names itself/);
});

test('free-form text sees fields before attributes', async () => {
  const writer = service(FreeFormTextRecordSetWriter, { Text: "${name:toUpper()} of ${filename}: ${total:isNull():ifElse('nothing', ${total})}" });
  const run = await convert('[{"name":"ada","total":12.5},{"name":"bob"}]', jsonReader(), writer);
  assert.equal(contentOf(run).toString(), 'ADA of records: 12.5\nBOB of records: nothing\n');
  assert.equal(run.out('success')[0]!.attributes['mime.type'], 'text/plain');
});

test('a FlowFile says which reader and which writer', async () => {
  const run = runner(ConvertRecord, {
    services: {
      'Record Reader': service(ReaderLookup, {}, { json: jsonReader(), csv: csvReader() }),
      'Record Writer': service(RecordSetWriterLookup, {}, { json: jsonWriter(), csv: service(CSVRecordSetWriter) }),
    },
  });
  run.enqueue('a\n1\n', { 'recordreader.name': 'csv', 'recordsetwriter.name': 'json' });
  run.enqueue('[{"a":1}]', { 'recordreader.name': 'json', 'recordsetwriter.name': 'csv' });
  run.enqueue('x', { 'recordreader.name': 'xml' });
  run.enqueue('x');
  await run.run(4);
  assert.deepEqual(
    run.out('success').map(({ content, attributes }) => [content, attributes['mime.type']]),
    [
      ['[{"a":1}]', 'application/json'],
      ['a\n1\n', 'text/csv'],
    ],
  );
  const reasons = run.out('failure').map(({ attributes }) => attributes['record.error.message']!);
  assert.match(reasons[0]!, /has no service 'xml'.*json, csv/);
  assert.match(reasons[1]!, /Service to Use is empty/);
});

test('JSON numbers written as doubles are doubles, whatever stands in texts beside them', async () => {
  const same = async (json: string): Promise<void> => assert.equal(contentOf(await convert(json, jsonReader(), jsonWriter())).toString(), json);
  await same('[{"a":12.0}]');
  await same('[{"a":12,"b":{"c":[1.0,2.5]},"d":"5.0, 6.0, \\"7.0, \\\\","8.0, ":-0.5,"e":-3.0}]');
  await same('[{"a":12}]');
  const read = async (json: string): Promise<string> => contentOf(await convert(json, jsonReader(), jsonWriter())).toString();
  assert.equal(await read('{"a":1}\n{"a":2.00}\n'), '[{"a":1.0},{"a":2.0}]', 'an int beside a double is one');
  assert.equal(await read('[{"a":1e3, "b":1.5E+2 }]'), '[{"a":1000.0,"b":150.0}]');
  assert.equal(await read('[{"a":12345678901234567890.0,"b":1.0}]'), '[{"a":12345678901234567890,"b":1.0}]', 'no digit of a long number is lost');
  assert.match(reasonOf(await convert('[{"a":12.0,"b":"x}]', jsonReader(), jsonWriter())), /not JSON records/);
});
