import assert from 'node:assert/strict';
import { test } from 'node:test';
import RouteOnAttribute from '../../../processors/standard/RouteOnAttribute.ts';
import { runner } from '../../runner.ts';

const routes = { big: '${size:toNumber():gt(10)}', even: '${size:toNumber():mod(2):equals(0)}' };
const route = (strategy?: string) => runner(RouteOnAttribute, { properties: { ...routes, ...(strategy ? { 'Routing Strategy': strategy } : {}) } });

async function counts(strategy?: string) {
  const run = route(strategy);
  for (const size of ['12', '11', '4', '3']) run.enqueue('content', { size });
  await run.run();
  return run;
}

test('by name: a copy for each expression that is true', async () => {
  const run = await counts();
  assert.deepEqual(run.counts, { big: 2, even: 2, unmatched: 1 });
  assert.deepEqual(
    run.out('big').map(({ attributes }) => [attributes.size, attributes['RouteOnAttribute.Route']]),
    [
      ['12', 'big'],
      ['11', 'big'],
    ],
  );
  assert.deepEqual(
    run.out('even').map(({ attributes, content }) => [attributes.size, attributes['RouteOnAttribute.Route'], content]),
    [
      ['12', 'even', 'content'],
      ['4', 'even', 'content'],
    ],
  );
  assert.equal(run.out('unmatched')[0]!.attributes['RouteOnAttribute.Route'], 'unmatched');
});

test('all must match, or any', async () => {
  assert.deepEqual((await counts("Route to 'match' if all match")).counts, { matched: 1, unmatched: 3 });
  assert.deepEqual((await counts("Route to 'match' if any matches")).counts, { matched: 3, unmatched: 1 });
});

test('relationships follow from the properties', () => {
  assert.deepEqual(Object.keys(route().node.relationships).sort(), ['big', 'even', 'unmatched']);
  assert.deepEqual(Object.keys(route("Route to 'match' if all match").node.relationships).sort(), ['matched', 'unmatched']);
});

test('what is no boolean expression is invalid', async () => {
  assert.notEqual((await runner(RouteOnAttribute, { properties: { odd: 'plain text' } }).validate()).length, 0);
});
