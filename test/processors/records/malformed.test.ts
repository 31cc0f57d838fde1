import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import AvroReader from '../../../processors/records/AvroReader.ts';
import CSVReader from '../../../processors/records/CSVReader.ts';
import GrokReader from '../../../processors/records/GrokReader.ts';
import JsonPathReader from '../../../processors/records/JsonPathReader.ts';
import JsonTreeReader from '../../../processors/records/JsonTreeReader.ts';
import ParquetReader from '../../../processors/records/ParquetReader.ts';
import Syslog5424Reader from '../../../processors/records/Syslog5424Reader.ts';
import SyslogReader from '../../../processors/records/SyslogReader.ts';
import XMLReader from '../../../processors/records/XMLReader.ts';
import YamlTreeReader from '../../../processors/records/YamlTreeReader.ts';
import { convert, jsonWriter, type Properties, reasonOf, service } from './record-services.ts';

/** So many columns, and so many levels, are no records but an attack. */
const COLUMNS = 1_000_000;
const LEVELS = 10_000;
/** Of the whole test process, bytes: a reader that held any of these contents ten times over would break it. */
const CEILING = 1.5e9;

const columns = (one: (index: number) => string, between: string): string => Array.from({ length: COLUMNS }, (_, index) => one(index)).join(between);
const latin = (text: string): Buffer => Buffer.from(text, 'latin1');

/** An Avro data file of one block, whatever is in it. */
function avroFile(schema: string, codec: string, block: Buffer): Buffer {
  const long = (value: number): Buffer => {
    const bytes: number[] = [];
    for (let rest = value * 2; ; rest = Math.floor(rest / 128)) {
      bytes.push((rest % 128) | (rest >= 128 ? 128 : 0));
      if (rest < 128) return Buffer.from(bytes);
    }
  };
  const text = (value: string): Buffer[] => [long(Buffer.byteLength(value)), Buffer.from(value)];
  const sync = Buffer.alloc(16, 7);
  return Buffer.concat([
    latin('Obj\x01'),
    long(2),
    ...text('avro.schema'),
    ...text(schema),
    ...text('avro.codec'),
    ...text(codec),
    long(0),
    sync,
    long(1),
    long(block.length),
    block,
    sync,
  ]);
}
const avroSchema = (fields: string): string => `{"type":"record","name":"r","fields":[${fields}]}`;
const TEXT_SCHEMA = avroSchema('{"name":"a","type":"string"}');

const log = { 'Grok Expressions': '%{WORD:a} %{GREEDYDATA:b}' };
const paths = { a: '$.a' };

type Case = readonly [what: string, definition: unknown, properties: Properties, content: () => string | Buffer, reason: RegExp];

const cases: readonly Case[] = [
  ['CSV, truncated', CSVReader, {}, () => 'a,b\n1,"x', /not closed/],
  ['CSV, wrong encoding', CSVReader, {}, () => latin('a\n\xe9\n'), /not UTF-8 text/],
  ['CSV, a million columns', CSVReader, {}, () => columns((i) => `c${i}`, ','), /1000000 columns/],
  ['JSON, truncated', JsonTreeReader, {}, () => '[{"a":1},{"a"', /middle of a record/],
  ['JSON, wrong encoding', JsonTreeReader, {}, () => latin('[{"a":"\xe9"}]'), /not UTF-8/],
  ['JSON, deep', JsonTreeReader, {}, () => `[${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}]`, /nested more than 1000 deep/],
  ['JSON, a million columns', JsonTreeReader, {}, () => `[{${columns((i) => `"c${i}":1`, ',')}}]`, /more than 100000 fields/],
  ['JSON paths, truncated', JsonPathReader, paths, () => '[{"a":', /middle of a record/],
  ['JSON paths, wrong encoding', JsonPathReader, paths, () => latin('[{"a":"\xe9"}]'), /not UTF-8/],
  ['JSON paths, deep', JsonPathReader, paths, () => `[${'{"a":'.repeat(LEVELS)}1${'}'.repeat(LEVELS)}]`, /nested more than 1000 deep/],
  ['XML, truncated', XMLReader, {}, () => '<a><b>1', /not XML/],
  ['XML, wrong encoding', XMLReader, {}, () => latin('<a>\xe9</a>'), /not XML/],
  ['XML, deep', XMLReader, {}, () => '<a>'.repeat(LEVELS) + '</a>'.repeat(LEVELS), /nested more than 1000 deep/],
  ['XML, a million columns', XMLReader, {}, () => `<r>${columns((i) => `<c${i}/>`, '')}</r>`, /more than 100000 fields/],
  ['XML, entities', XMLReader, {}, () => `<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "${'&a;'.repeat(100)}">]><a>&b;</a>`, /undefined entity/],
  ['YAML, truncated', YamlTreeReader, {}, () => '- a: [1, 2', /not YAML/],
  ['YAML, wrong encoding', YamlTreeReader, {}, () => latin('- a: \xe9\n'), /not UTF-8 text/],
  ['YAML, deep', YamlTreeReader, {}, () => `a: ${'['.repeat(LEVELS)}${']'.repeat(LEVELS)}`, /nested more than|not YAML/],
  ['YAML, a million columns', YamlTreeReader, {}, () => columns((i) => `c${i}: 1`, '\n'), /more than 2 MB/],
  ['YAML, aliases', YamlTreeReader, {}, () => `a: &a [${'x,'.repeat(2000)}]\nb: &b [${'*a,'.repeat(2000)}]\nc: [${'*b,'.repeat(2000)}]`, /aliases stand for more/],
  ['Syslog, no message', SyslogReader, {}, () => 'hello', /not a Syslog message/],
  ['Syslog, wrong encoding', SyslogReader, {}, () => latin('<34>Oct 11 22:14:15 h \xe9\n'), /not UTF-8 text/],
  ['Syslog of RFC 5424, truncated', Syslog5424Reader, {}, () => '<165>1 2003-10-11T22:14:15.003Z host app 12 ID47 [ex a="', /not a Syslog message/],
  ['log lines, wrong encoding', GrokReader, log, () => latin('caf\xe9 x\n'), /not UTF-8 text/],
  ['log lines, one without an end', GrokReader, log, () => 'x'.repeat(17 * 1024 ** 2), /A line has more than/],
  ['Avro, no file', AvroReader, {}, () => 'Obj', /Avro data file/],
  ['Avro, truncated', AvroReader, {}, () => avroFile(TEXT_SCHEMA, 'null', Buffer.from('\x02x')).subarray(0, -10), /Avro/],
  ['Avro, a million columns', AvroReader, {}, () => avroFile(avroSchema(columns((i) => `{"name":"c${i}","type":"int"}`, ',')), 'null', Buffer.alloc(1)), /schema is longer than/],
  ['Avro, a bomb of compression', AvroReader, {}, () => avroFile(TEXT_SCHEMA, 'deflate', deflateRawSync(Buffer.alloc(200 * 1024 ** 2))), /decompression error/],
  ['Parquet, no file', ParquetReader, {}, () => 'hello', /does not begin with 'PAR1'/],
  ['Parquet, truncated', ParquetReader, {}, () => Buffer.concat([latin('PAR1'), Buffer.alloc(1000, 3)]), /cannot be read/],
  [
    'Parquet, a footer that claims too much',
    ParquetReader,
    {},
    () => Buffer.concat([latin('PAR1'), Buffer.alloc(100, 255), Buffer.from([255, 255, 255, 127]), latin('PAR1')]),
    /cannot be read/,
  ],
];

for (const [what, definition, properties, content, reason] of cases)
  test(what, async () => {
    const run = await convert(content(), service(definition, properties), jsonWriter());
    assert.deepEqual(run.counts, { failure: 1 });
    assert.match(reasonOf(run), reason);
    await run.close();
  });

after(() => {
  const peak = process.resourceUsage().maxRSS * 1024;
  assert.ok(peak < CEILING, `${Math.round(peak / 1e6)} MB were in memory`);
});
