import assert from 'node:assert/strict';
import { test } from 'node:test';
import CEFReader from '../../../processors/records/CEFReader.ts';
import { contentOf, convert, jsonWriter, type Properties, reasonOf, service } from './record-services.ts';

const TIMES = { 'Timestamp Format': "yyyy-MM-dd'T'HH:mm:ss.SSS" };
const reading = (content: string | Uint8Array, properties: Properties) =>
  convert(content, service(CEFReader, properties), jsonWriter({ 'Suppress Null Values': 'suppress-missing', ...TIMES }));
const read = async (content: string, properties: Properties = {}): Promise<Record<string, unknown>[]> =>
  JSON.parse(contentOf(await reading(content, properties)).toString()) as Record<string, unknown>[];
const failure = async (content: string | Uint8Array, properties: Properties = {}): Promise<string> => reasonOf(await reading(content, properties));

const HEADER = 'CEF:0|Company|Product|1.2.3|audit-login|Successful login|3|';
const HEADERS = {
  version: 0,
  deviceVendor: 'Company',
  deviceProduct: 'Product',
  deviceVersion: '1.2.3',
  deviceEventClassId: 'audit-login',
  name: 'Successful login',
  severity: '3',
};

test('header, dictionary and custom extensions, each with its type', async () => {
  const first = `${HEADER}src=10.0.0.1 spt=44444 cn1=5000000000 cfp1=1.5 dlat=4.25 smac=00:0D:60:AF:1B:61 msg=two words here c6a1=2345:425::23 loginSequence=123 free=yes`;
  const second = `<14>Jan  2 03:04:05 host ${HEADER.replace('|Product|', '|Pro\\|duct|')}request=http://x/?a\\=b loginSequence=7 free=5`;
  assert.deepEqual(await read(`${first}\r\n\n${second}\n`), [
    {
      ...HEADERS,
      ...{ src: '10.0.0.1', spt: 44444, cn1: 5_000_000_000, cfp1: 1.5, dlat: 4.25, smac: '00:0D:60:AF:1B:61', msg: 'two words here', c6a1: '2345:425::23' },
      ...{ loginSequence: 123, free: 'yes' },
    },
    { ...HEADERS, deviceProduct: 'Pro\\|duct', request: 'http://x/?a\\=b', loginSequence: 7, free: '5' },
  ]);
});

test('dates: milliseconds, names of months, zones, languages', async () => {
  const at = async (text: string, properties: Properties = {}): Promise<unknown> => (await read(`${HEADER}rt=${text}`, properties))[0]!.rt;
  const inZone = (millis: number): string => new Date(millis - new Date(millis).getTimezoneOffset() * 60_000).toISOString().slice(0, -1);
  const millis = Date.UTC(2020, 6, 5, 10, 11, 12, 130);
  assert.equal(await at(String(millis)), inZone(millis));
  assert.equal(await at('Jul 05 2020 10:11:12.130'), '2020-07-05T10:11:12.130');
  assert.equal(await at('July 05 2020 10:11:12.130 UTC'), inZone(millis));
  assert.equal(await at('juil. 05 2020 10:11:12', { 'DateTime Locale': 'fr-FR' }), '2020-07-05T10:11:12.000');
  assert.equal(await at('Jul 05 10:11:12'), `${new Date().getFullYear()}-07-05T10:11:12.000`);
});

test('which parts become fields', async () => {
  const line = `${HEADER}spt=1 mine=2`;
  const inferred = (value: string): Promise<Record<string, unknown>[]> => read(line, { 'Inference Strategy': value });
  assert.deepEqual(await inferred('headers-only'), [HEADERS]);
  assert.deepEqual(await inferred('headers-and-extensions'), [{ ...HEADERS, spt: 1 }]);
  assert.deepEqual(await inferred('custom-extensions-as-string'), [{ ...HEADERS, spt: 1, mine: '2' }]);
  assert.deepEqual(await inferred('custom-extensions-inferred'), [{ ...HEADERS, spt: 1, mine: 2 }]);
});

test('a schema says the types, of dates too', async () => {
  const day = { type: 'long', logicalType: 'timestamp-millis' };
  const fields = [
    { name: 'spt', type: 'string' },
    { name: 'rt', type: day },
    { name: 'mine', type: day },
  ];
  const schema = { 'Schema Access Strategy': 'schema-text-property', 'Schema Text': JSON.stringify({ type: 'record', name: 'e', fields }) };
  const dates = 'rt=Feb 03 2021 04:05:06 mine=Feb 03 2021 04:05:06';
  assert.deepEqual(await read(`${HEADER}spt=80 ${dates}`, schema), [{ spt: '80', rt: '2021-02-03T04:05:06.000', mine: '2021-02-03T04:05:06.000' }]);
  assert.match(await failure(`${HEADER}mine=soon`, schema), /'soon' of field 'mine' cannot be converted to TIMESTAMP/);
});

test('the line as it was, lines that are no events, extensions without a value', async () => {
  const bad = 'not an event';
  const fields = { 'Raw Message Field': 'raw', 'Invalid Field': 'invalid' };
  assert.deepEqual(await read(`${HEADER}\n${bad}\n${HEADER}spt=\n`, fields), [{ ...HEADERS, raw: HEADER }, { invalid: bad }, { invalid: `${HEADER}spt=` }]);
  assert.deepEqual(await read(`${HEADER}spt= cs1=`, { 'Accept Empty Extensions': 'true' }), [{ ...HEADERS, spt: null, cs1: '' }]);
});

test('what is no event fails with the line and the reason', async () => {
  for (const [line, number] of [
    [HEADER.slice(0, -4), 1],
    [HEADER.slice(0, -1), 1],
    [HEADER.replace('CEF:0', 'CEF:x'), 1],
    [`${HEADER}a=1\n${HEADER}spt=many`, 2],
    [`${HEADER}src=300.1.1.1`, 1],
    [`${HEADER}src=localhost`, 1],
    [`${HEADER}dmac=00:11`, 1],
    [`${HEADER}rt=yesterday 10:00:00`, 1],
    [`${HEADER}rt=soon`, 1],
    [`${HEADER}a=b=c`, 1],
  ] as const)
    assert.match(await failure(line), new RegExp(`^Line ${number} is not a CEF event`), line);
  assert.match(await failure(Buffer.from(`${HEADER}cs1=Zo\u00eb`, 'latin1')), /not UTF-8 text/);
  assert.match(await failure(`${HEADER}cs1=${'x'.repeat(17 * 1024 ** 2)}`), /more than 16777216 characters/);
});

test('names that events have already, and unknown locales, are refused', async () => {
  await assert.rejects(reading(HEADER, { 'Raw Message Field': 'severity' }), /one of the CEF header fields/);
  await assert.rejects(reading(HEADER, { 'Invalid Field': 'src' }), /one of the CEF extension fields/);
  await assert.rejects(reading(HEADER, { 'DateTime Locale': 'not a locale' }), /not a locale that this runtime knows/);
});
