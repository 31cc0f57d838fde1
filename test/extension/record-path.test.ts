import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type DataRecord, parseExactly, stringifyExactly } from '../../server/extension/record.ts';
import { compileRecordPath } from '../../server/extension/record-path/record-path.ts';
import { inferSchema } from '../../server/extension/schema-inference.ts';

const person = {
  name: 'John Doe',
  details: { identifier: 100, map: { firstKey: 'a', secondKey: 'b' }, vehicle: null },
  homeAddress: { street: 'Sesame', city: 'Jersey City', state: 'NJ', zip: 7304 },
  workAddress: { number: '123', street: '5th Avenue', city: 'New York', state: 'NY', zip: '10020' },
  sons: ['John Jr.', 'Luke', 'Leo'],
  elements: [
    { name: 'book', color: 'red', price: 9.5 },
    { name: 'computer', color: 'black', price: 999 },
  ],
  age: 30,
  big: 9007199254740993n,
  text: ' {"a":[1,2]} ',
  when: '2017-10-20T11:00:00Z',
  empty: '',
  'a b': 1,
};

/** Each path with the values that it leads to. Most are examples of the RecordPath Guide. */
const cases: readonly (readonly [string, readonly unknown[]])[] = [
  ['/name', ['John Doe']],
  ['/', [person]],
  ['/details/identifier', [100]],
  ["/'a b'", [1]],
  ['/nothing', [undefined]],
  ['//identifier', [100]],
  ['//city', ['Jersey City', 'New York']],
  ['//*[. = "NY"]', ['NY']],
  ['/workAddress/*', ['123', '5th Avenue', 'New York', 'NY', '10020']],
  ['/*/city', [undefined, 'Jersey City', 'New York']],
  ['//city/../state', ['NJ', 'NY']],
  ['/sons[0]', ['John Jr.']],
  ['/sons[-1]', ['Leo']],
  ['/sons[0, 2]', ['John Jr.', 'Leo']],
  ['/sons[0..1]', ['John Jr.', 'Luke']],
  ['/sons[1..-1]', ['Luke', 'Leo']],
  ['/sons[0, 1..2]', ['John Jr.', 'Luke', 'Leo']],
  ['/sons[9]', []],
  ['/sons[*]', ['John Jr.', 'Luke', 'Leo']],
  ["/details/map['firstKey']", ['a']],
  ["/details/map['firstKey', 'secondKey']", ['a', 'b']],
  ['/details/map[*]', ['a', 'b']],
  ['/elements[*]/name', ['book', 'computer']],
  ["/elements[*][./color = 'red']/name", ['book']],
  ['/elements[*][./price > 10]/name', ['computer']],
  ['/elements[*]/price[. <= 9]', []],
  ['/elements[*]/price[. < 10]', [9.5]],
  ["/*[./state != 'NY']", [person.details, person.homeAddress]],
  ["/*[./state = 'NY']/city", ['New York']],
  ['/*[./state = /workAddress/state]/zip', ['10020']],
  ['/homeAddress[./zip = 7304]/city', ['Jersey City']],
  ["/name[contains(., 'ohn')]", ['John Doe']],
  ["/name[not(contains(., 'ohn'))]", []],
  ["/name[startsWith(., 'J')]", ['John Doe']],
  ["/name[endsWith(., 'x')]", []],
  ["/name[matchesRegex(., '[A-Za-z ]+')]", ['John Doe']],
  ["/name[containsRegex(., 'D.e')]", ['John Doe']],
  ['/empty[isEmpty(.)]', ['']],
  ['/name[isBlank(.)]', []],
  ['/details/vehicle[isEmpty(.)]', [null]],
  ["//city[not(startsWith(fieldName(..), 'work'))]", ['Jersey City']],
  ['/age = 30', [true]],
  ["contains(/name, 'x')", [false]],
  ['substring( /name, 0, -1 )', ['John Doe']],
  ['substring( /name, 0, -5 )', ['John']],
  ['substring( /name, 1000, 1005 )', ['']],
  ['substring( /name, 0, 1005)', ['John Doe']],
  ['substring( /name, -50, -1)', ['']],
  ["substringAfter( /name, ' ' )", ['Doe']],
  ["substringAfter( /name, 'o' )", ['hn Doe']],
  ["substringAfter( /name, '' )", ['John Doe']],
  ["substringAfter( /name, 'xyz' )", ['John Doe']],
  ["substringAfterLast( /name, 'o' )", ['e']],
  ["substringAfterLast( /name, '' )", ['John Doe']],
  ["substringBefore( /name, 'o' )", ['J']],
  ["substringBefore( /name, 'xyz' )", ['John Doe']],
  ["substringBeforeLast( /name, 'o' )", ['John D']],
  ["substringBeforeLast( /name, '' )", ['John Doe']],
  ["replace( /name, 'o', 'x' )", ['Jxhn Dxe']],
  ["replace( /name, 'Doe', /workAddress/city )", ['John New York']],
  ["replaceRegex( /name, 'o', 'xyz' )", ['Jxyzhn Dxyze']],
  ["replaceRegex( /name, '\\s+.*', /workAddress/city )", ['JohnNew York']],
  ["replaceRegex(/name, '([JD])', '$1x')", ['Jxohn Dxoe']],
  ["replaceRegex(/name, '(?<hello>[JD])', '${hello}x')", ['Jxohn Dxoe']],
  ["replaceNull( /details/vehicle, 'no vehicle' )", ['no vehicle']],
  ["replaceNull( /name, 'default' )", ['John Doe']],
  ['replaceNull( /details/vehicle, /name )', ['John Doe']],
  ["concat( /name, ' lives in ',  /homeAddress/city )", ['John Doe lives in Jersey City']],
  ["join(', ', /workAddress/* )", ['123, 5th Avenue, New York, NY, 10020']],
  ["join('-', /sons)", ['John Jr.-Luke-Leo']],
  ['anchored(/homeAddress, /city)', ['Jersey City']],
  ['anchored(/elements, /name)', ['book', 'computer']],
  ["anchored(/elements, concat(/name, ': ', /color))", ['book: red', 'computer: black']],
  ['fieldName(//city/..)', ['homeAddress', 'workAddress']],
  ["format( toDate(/when, \"yyyy-MM-dd'T'HH:mm:ss'Z'\", \"UTC\"), 'yyyy-MM-dd HH:mm Z', 'GMT+8')", ['2017-10-20 19:00 +0800']],
  ["toDate(/name, 'yyyy')", ['John Doe']],
  ['trim(/text)', ['{"a":[1,2]}']],
  ['toUpperCase(/name)', ['JOHN DOE']],
  ['toLowerCase(/name)', ['john doe']],
  ['base64Encode(/name)', ['Sm9obiBEb2U=']],
  ['base64Decode(base64Encode(/name))', ['John Doe']],
  ['escapeJson(/name)', ['"John Doe"']],
  ['escapeJson(/age)', ['30']],
  ['unescapeJson(trim(/text))', [{ a: [1, 2] }]],
  ["hash(/name, 'MD5')", ['4c2a904bafba06591225113ad17b5cec']],
  ["padLeft(/name, 12, '@')", ['@@@@John Doe']],
  ['padRight(/name, 10)', ['John Doe__']],
  ["padLeft(/name, 13, 'xy')", ['xyxyxJohn Doe']],
  ["uuid5('www.example.com', '6ba7b810-9dad-11d1-80b4-00c04fd430c8')", ['2ed6657d-e927-568b-95e1-2665a8aea6a2']],
  ['coalesce(/details/vehicle, /nothing, /name)', ['John Doe']],
  ['count(/elements[*])', [2]],
  ["arrayOf(/name, 'x')", [['John Doe', 'x']]],
  ["mapOf('a', /name, 'b', /age)", [{ a: 'John Doe', b: '30' }]],
  ["recordOf('a', /age)", [{ a: 30 }]],
  ['toString(toBytes(/name))', ['John Doe']],
  ['add(/age, 12)', [42]],
  ['subtract(/age, 12)', [18]],
  ['divide(/age, 4)', [7]],
  ['multiply(/elements[0]/price, 2)', [19]],
  ['add(/big, 1)', [9007199254740994n]],
  ["toNumber('12')", [12]],
];

const record = parseExactly(stringifyExactly(person)) as DataRecord;
const schema = inferSchema([record]);

test('the examples of the guide and more', () => {
  for (const [path, expected] of cases) {
    assert.deepEqual(
      compileRecordPath(path)
        .evaluate(record, schema)
        .map(({ value }) => value),
      expected,
      path,
    );
  }
});

test('what is no path says where', () => {
  for (const [path, reason] of [
    ['/name[', /the end' is not expected at position 6/],
    ['name', /'the end' is not expected|'name' is not expected/],
    ['/a b', /'b' is not expected at position 3/],
    ['subtract(/age, 0.5)', /not expected/],
    ['unknown(/a)', /no function 'unknown'/],
    ['trim()', /takes 1 arguments, not 0/],
    ['/a[?]', /'\?' is not expected/],
    [`${'trim('.repeat(200)}/a${')'.repeat(200)}`, /nested too deep/],
    ['', /not expected/],
  ] as const)
    assert.throws(() => compileRecordPath(path), reason);
});

test('a relative path begins at the field that is looked at', () => {
  const [city] = compileRecordPath('/homeAddress/city').evaluate(record, schema);
  const at = (path: string) =>
    compileRecordPath(path)
      .evaluate(record, schema, city)
      .map(({ value }) => value);
  assert.deepEqual([at('.'), at('../state'), at("concat(., '!')"), at('/age')], [['Jersey City'], ['NJ'], ['Jersey City!'], [30]]);
  assert.deepEqual([compileRecordPath('/a').isAbsolute, compileRecordPath('./a').isAbsolute, compileRecordPath('concat(./a)').isAbsolute], [true, false, false]);
});
