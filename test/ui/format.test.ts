import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatAgo, formatBytes, formatCompact, formatMillis, formatNumberOf, formatPercent, sentenceCase, shortType } from '../../ui/shared/format.ts';
import { glyphOf } from '../../ui/shared/glyph.ts';
import { isLong } from '../../ui/shared/long-text.tsx';
import { formatLocation, parseLocation } from '../../ui/shared/location.ts';
import { formatOpen, type Open, parseOpen } from '../../ui/shared/open-query.ts';
import { setViews, viewStore } from '../../ui/shared/views.ts';
import { runStateOf } from '../../ui/shared/run-state.ts';

const cases = <T>(name: string, of: (value: T) => string, table: readonly (readonly [T, string])[]) =>
  test(name, () => {
    for (const [value, text] of table) assert.equal(of(value), text);
  });

cases('counts in narrow places', formatCompact, [
  [0, '0'],
  [9999, '9,999'],
  [12_345, '12.3k'],
  [4_500_000, '4.5M'],
  [2e9, '2B'],
]);
cases('sizes', formatBytes, [
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1536, '1.5 KB'],
  [120 * 1024, '120 KB'],
  [5 * 1024 ** 3, '5 GB'],
]);
cases('durations', formatMillis, [
  [0, '0 ms'],
  [0.4, '<1 ms'],
  [850, '850 ms'],
  [1250, '1.2 s'],
  [59_999, '59.9 s'],
  [200_000, '3 min 20 s'],
  [7_200_000, '2 h'],
  [187_200_000, '2 d 4 h'],
]);
cases('percentages', formatPercent, [
  [0, '0%'],
  [0.01, '<1%'],
  [99.9, '99%'],
  [130, '130%'],
]);
cases('constants', sentenceCase, [
  ['RUN_ONCE', 'Run once'],
  ['WARN', 'Warn'],
]);
cases('types', shortType, [
  ['dev.millrace.warehouse.QueryWarehouse', 'QueryWarehouse'],
  ['Plain', 'Plain'],
]);

test('plurals and moments', () => {
  assert.equal(formatNumberOf(1, 'FlowFile'), '1 FlowFile');
  assert.equal(formatNumberOf(1200, 'entry', 'entries'), '1,200 entries');
  assert.equal(formatAgo(1000, 1500), 'just now');
  assert.equal(formatAgo(0, 12_900), '12 s ago');
});

test('a place in the flow and its URL lead to each other', () => {
  for (const location of [{ groupId: 'g' }, { groupId: 'g', componentId: 'c/d' }, { groupId: 'g', query: 'view=summary&tab=ports' }, { query: 'side=bulletins' }])
    assert.deepEqual(parseLocation(formatLocation(location)), { groupId: undefined, componentId: undefined, query: '', ...location });
  assert.deepEqual(parseLocation('#/somewhere'), {});
  assert.deepEqual(parseLocation('#/process-groups/%E0%A4%A'), { groupId: '%E0%A4%A', componentId: undefined, query: '' });
});

test('what is open and its part of the URL lead to each other; what is wrong there is left out', () => {
  const open: Open = {
    side: 'services',
    queue: 'q 1',
    views: [
      { name: 'services', groupId: 'g&view=1' },
      { name: 'service', id: 'ü', tab: 'verify' },
      { name: 'provenance', eventType: 'CREATE' },
    ],
  };
  assert.deepEqual(parseOpen(formatOpen(open)), open);
  assert.equal(formatOpen({ views: [{ name: 'parameter-contexts', id: '1', edit: true }] }), 'view=parameter-contexts&id=1');
  const nothing = { views: [], side: undefined, queue: undefined };
  for (const wrong of ['', 'view=', 'view=nothing', 'view=constructor', 'view=service', 'view=peek&title=a', 'view=configure&id=1&groupId=2&kind=x', 'side=left'])
    assert.deepEqual(parseOpen(wrong), nothing, wrong);
});

test('a view stays the same one while it is of the same thing', () => {
  const keys = (): number[] => viewStore.get().map(({ key }) => key);
  setViews([
    { name: 'services', groupId: 'g' },
    { name: 'service', id: 'a' },
  ]);
  const before = keys();
  setViews([
    { name: 'services', groupId: 'g' },
    { name: 'service', id: 'a', tab: 'verify' },
  ]);
  assert.deepEqual(keys(), before);
  setViews([
    { name: 'services', groupId: 'g' },
    { name: 'service', id: 'b' },
  ]);
  assert.equal(keys()[0], before[0]);
  assert.notEqual(keys()[1], before[1]);
  setViews([]);
});

test('how a component is doing', () => {
  assert.equal(runStateOf({ runStatus: 'Stopped' }), 'stopped');
  assert.equal(runStateOf({ runStatus: 'Stopped', activeThreadCount: 1 }), 'stopping');
  assert.equal(runStateOf({ runStatus: 'Stopped', physicalState: 'RUN_ONCE' }), 'once');
  assert.equal(runStateOf({ runStatus: 'Invalid', physicalState: 'STARTING' }), 'invalid');
});

test('types look like what they do, and always the same', () => {
  assert.equal(glyphOf('QueryWarehouse').icon, 'database');
  assert.equal(glyphOf('PutWarehouse').icon, 'upload');
  assert.deepEqual(glyphOf('Zyx'), glyphOf('Zyx'));
});

test('long texts are cut', () => {
  assert.equal(isLong('short'), false);
  assert.equal(isLong('a\nb\nc\nd\ne'), true);
});
