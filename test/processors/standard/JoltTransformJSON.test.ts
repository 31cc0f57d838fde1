import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileJolt } from '../../../processors/standard/jolt.ts';
import { jsonText, parseJson } from '../../../server/extension/json-path/json-document.ts';
import JoltTransformJSON from '../../../processors/standard/JoltTransformJSON.ts';
import { runner } from '../../runner.ts';

type Case = readonly [what: string, spec: unknown, input: unknown, expected: unknown];

function check(transform: string, cases: readonly Case[]): void {
  for (const [what, spec, input, expected] of cases) {
    const result = compileJolt(transform, JSON.stringify(spec))(parseJson(JSON.stringify(input)));
    assert.deepEqual(JSON.parse(jsonText(result)), expected, what);
  }
}

test('shift', () => {
  const rating = { rating: { primary: { value: 3 }, quality: { value: 5 } } };
  check('jolt-transform-shift', [
    ['a path', { a: { b: 'x.y' } }, { a: { b: 1 }, c: 2 }, { x: { y: 1 } }],
    ['several paths', { a: ['x', 'y.z'] }, { a: 1 }, { x: 1, y: { z: 1 } }],
    ['alternatives', { 'a|b': 'x' }, { b: 1 }, { x: 1 }],
    [
      "Jolt's first example",
      { rating: { primary: { value: 'Rating' }, '*': { value: 'SecondaryRatings.&1.Value', $: 'SecondaryRatings.&.Id' } } },
      rating,
      { Rating: 3, SecondaryRatings: { quality: { Id: 'quality', Value: 5 } } },
    ],
    ['wildcards with captures', { 'tag-*': 'tags.&(0,1)' }, { 'tag-a': 1, 'tag-b': 2, x: 3 }, { tags: { a: 1, b: 2 } }],
    ['values gather in an array', { '*': 'all' }, { a: 1, b: 2, c: 3 }, { all: [1, 2, 3] }],
    ['arrays by index', { list: { '*': { name: 'people[&1].n' } } }, { list: [{ name: 'x' }, { name: 'y' }] }, { people: [{ n: 'x' }, { n: 'y' }] }],
    [
      'arrays by count',
      { '*': { id: '[#2].id', v: '[#2].v' } },
      { a: { id: 1, v: 2 }, b: { id: 3, v: 4 } },
      [
        { id: 1, v: 2 },
        { id: 3, v: 4 },
      ],
    ],
    ['an array that is always one', { a: 'x[]' }, { a: 1 }, { x: [1] }],
    [
      'values as keys',
      { list: { '*': { value: 'map.@(1,name)' } } },
      {
        list: [
          { name: 'a', value: 1 },
          { name: 'b', value: 2 },
        ],
      },
      { map: { a: 1, b: 2 } },
    ],
    ['the value itself and constants', { a: { '@': 'copy', '#yes': 'flag' } }, { a: { b: 1 } }, { copy: { b: 1 }, flag: 'yes' }],
    ['values ask for ways', { kind: { dog: { '@(2,name)': 'dogs' }, cat: { '@(2,name)': 'cats' } } }, { kind: 'cat', name: 'Tom' }, { cats: 'Tom' }],
    ['literals before wildcards', { a: 'first', '*': 'rest.&' }, { b: 2, a: 1 }, { first: 1, rest: { b: 2 } }],
    ['null drops', { a: null, '*': '&' }, { a: 1, b: 2 }, { b: 2 }],
    ['nothing matches', { z: 'x' }, { a: 1 }, null],
    ['keys up the tree', { '*': { '*': { '*': '&2.&1.&' } } }, { a: { b: { c: 1 } } }, { a: { b: { c: 1 } } }],
  ]);
});

test('default, remove, cardinality, sort', () => {
  check('jolt-transform-default', [
    ['missing and null', { a: 1, b: { c: 2 }, d: 'x' }, { a: null, b: { e: 5 }, d: 'y' }, { a: 1, b: { e: 5, c: 2 }, d: 'y' }],
    ['wildcards and alternatives', { '*': { n: 0 }, 'x|y': 1 }, { a: {}, b: { n: 3 } }, { a: { n: 0 }, b: { n: 3 }, x: 1, y: 1 }],
    ['arrays', { 'list[]': { '0': { a: 1 }, '*': { b: 2 } } }, { list: [{}, {}] }, { list: [{ a: 1, b: 2 }, { b: 2 }] }],
  ]);
  check('jolt-transform-remove', [
    ['keys', { a: '', b: { c: '' } }, { a: 1, b: { c: 2, d: 3 } }, { b: { d: 3 } }],
    ['wildcards', { '*': { 'x*': '' } }, { a: { x1: 1, y: 2 } }, { a: { y: 2 } }],
    ['arrays', { list: { '0': '', '*': { x: '' } } }, { list: [{ x: 1 }, { x: 2, y: 3 }] }, { list: [{ y: 3 }] }],
  ]);
  check('jolt-transform-card', [
    ['one and many', { a: 'ONE', b: 'MANY', c: 'MANY' }, { a: [1, 2], b: 3, c: [4] }, { a: 1, b: [3], c: [4] }],
    ['nested', { a: { '@': 'ONE', b: 'MANY' } }, { a: [{ b: 1 }, { b: 2 }] }, { a: { b: [1] } }],
  ]);
  check('jolt-transform-sort', [['keys', {}, { b: { d: 1, c: 2 }, a: [{ z: 1, y: 2 }] }, { a: [{ y: 2, z: 1 }], b: { c: 2, d: 1 } }]]);
});

test('modify', () => {
  check('jolt-transform-modify-overwrite', [
    [
      'functions',
      { a: '=toUpper', b: '=toInteger', c: '=size', d: "=join(',',@(1,c))", e: "=concat(@(1,a),'-',@(1,b))" },
      { a: 'x', b: '42', c: ['p', 'q'] },
      { a: 'X', b: 42, c: 2, d: '2', e: 'X-42' },
    ],
    [
      'sums',
      { sum: '=intSum(@(1,n))', max: '=max(@(1,n))', avg: '=avg(@(1,n))', first: '=firstElement(@(1,n))' },
      { n: [3, 1, 2] },
      { n: [3, 1, 2], sum: 6, max: 3, avg: 2, first: 3 },
    ],
    ['wildcards, references, conditions', { '*': { up: '=toUpper(@(1,name))', 'gone?': 1 } }, { a: { name: 'x' } }, { a: { name: 'x', up: 'X' } }],
    ['the first that gives something', { x: ['=toInteger(@(1,a))', '@(1,b)', 'none'] }, { b: 7 }, { b: 7, x: 7 }],
    ['nulls', { '*': '=squashNulls' }, { a: [1, null, 2], b: { c: null, d: 1 } }, { a: [1, 2], b: { d: 1 } }],
    [
      'text',
      { a: '=substring(@(1,t),0,3)', b: "=split(' ',@(1,t))", c: "=leftPad(@(1,n),5,'0')", d: '=trim(@(1,s))' },
      { t: 'abc def', n: '42', s: ' x ' },
      { t: 'abc def', n: '42', s: ' x ', a: 'abc', b: ['abc', 'def'], c: '00042', d: 'x' },
    ],
  ]);
  check('jolt-transform-modify-default', [['only what is missing or null', { a: 1, b: 2, c: 3 }, { a: 0, b: null }, { a: 0, b: 2, c: 3 }]]);
  check('jolt-transform-modify-define', [['only what is missing', { a: 1, b: 2, c: 3 }, { a: 0, b: null }, { a: 0, b: null, c: 3 }]]);
});

async function transform(content: string | Uint8Array, properties: Record<string, string>, attributes: Record<string, string> = {}) {
  const run = runner(JoltTransformJSON, { properties });
  run.enqueue(content, attributes);
  await run.run();
  return run;
}

test('the processor: content or attribute, a chain, expressions, exact numbers', async () => {
  const chain = { 'Jolt Specification': '[{"operation":"shift","spec":{"${from}":"x"}},{"operation":"default","spec":{"y":1}}]' };
  const run = await transform('{"a":9007199254740993,"b":1.50}', chain, { from: 'a' });
  assert.deepEqual([run.out('success')[0]!.content, run.out('success')[0]!.attributes['mime.type']], ['{"x":9007199254740993,"y":1}', 'application/json']);
  const attribute = await transform(
    'as it was',
    { 'Jolt Transform': 'jolt-transform-shift', 'Jolt Specification': '{"a":"b"}', 'JSON Source': 'ATTRIBUTE', 'JSON Source Attribute': 'j', 'Pretty Print': 'true' },
    { j: '{"a":1}' },
  );
  assert.deepEqual([attribute.out('success')[0]!.content, attribute.out('success')[0]!.attributes.j], ['as it was', '{\n  "b": 1\n}']);
  assert.equal((await transform('{"b":1,"a":2}', { 'Jolt Transform': 'jolt-transform-sort' })).out('success')[0]!.content, '{"a":2,"b":1}');
});

test('what cannot be transformed fails', async () => {
  const shift = (spec: string) => ({ 'Jolt Transform': 'jolt-transform-shift', 'Jolt Specification': spec });
  for (const [content, spec] of [
    ['{"a":', '{"a":"b"}'],
    ['{"a":1}', '{"a":'],
    ['{"a":1}', '{"a":"&5"}'],
    ['['.repeat(100_000), '{"*":"x"}'],
    [Buffer.from([0xff]), '{}'],
  ] as const) {
    assert.deepEqual((await transform(content, shift(spec))).counts, { failure: 1 }, spec);
  }
  assert.deepEqual((await transform('{}', { 'Jolt Specification': '[{"operation":"dance"}]' })).counts, { failure: 1 });
  assert.deepEqual((await transform('{"i":999999999}', shift('{"i":"x[@]"}'))).counts, { success: 1 });
  assert.match((await runner(JoltTransformJSON).validate()).join(), /Jolt Specification must be set/);
});
