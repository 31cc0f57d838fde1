import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jsonText, parseJson } from '../../../server/extension/json-path/json-document.ts';
import { JsonPath } from '../../../server/extension/json-path/json-path.ts';

const document = parseJson(
  '{"store":{"book":[{"title":"A","price":8.5,"tags":["x","y"]},{"title":"B","price":12.0,"isbn":"1"},{"title":"C","price":22}],"a b":{"title":"D"}},"max":10}',
);

const cases: [path: string, result: string | undefined][] = [
  ['$.max', '10'],
  ['$.none', undefined],
  ['$.store.book[0].title', '"A"'],
  ["$['store']['a b'].title", '"D"'],
  ['$.store.book[-1].title', '"C"'],
  ['$.store.book[5]', undefined],
  ['$.store.book.length()', '3'],
  ['$.store.book[0,2].title', '["A","C"]'],
  ['$.store.book[1:].title', '["B","C"]'],
  ['$.store.book[:-1].price', '[8.5,12.0]'],
  ['$.store.book[*].price', '[8.5,12.0,22]'],
  ['$..title', '["D","A","B","C"]'],
  ["$.store.book[0]['title','price']", '["A",8.5]'],
  ['$.store.book[?(@.price < $.max)].title', '["A"]'],
  ['$.store.book[?(@.isbn)].title', '["B"]'],
  ["$.store.book[?(!@.isbn && (@.title == 'A' || @.title == 'C'))].title", '["A","C"]'],
  ["$.store.book[?(@.title in ['B', 'C'])].price", '[12.0,22]'],
  ['$.store.book[?(@.title =~ /[ab]/i)].title', '["A","B"]'],
];

for (const [path, result] of cases) {
  test(path, () => {
    const found = JsonPath.parse(path).read(document);
    const same = (text: string | undefined): unknown => (text === undefined ? undefined : path === '$..title' ? JSON.stringify((JSON.parse(text) as string[]).sort()) : text);
    assert.equal(same(found === undefined ? undefined : jsonText(found)), same(result));
  });
}

test('what is wrong is said', () => {
  for (const path of ['store', '$.', '$[', '$[?(@.a ==)]', '$.a b', "$['a'"]) assert.throws(() => JsonPath.parse(path), /is not a JSON path/);
});
