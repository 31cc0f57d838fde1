import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cornerOf, readPasted, shifted } from '../../ui/api/clipboard.ts';
import { arrange } from '../../ui/canvas/arrange.ts';
import { insertBend, moveBend, nearestSegment, removeBend, segments } from '../../ui/canvas/bend-edits.ts';
import { layOut } from '../../ui/canvas/layout.ts';
import { commonTags, searchTypes } from '../../ui/editing/type-search.ts';
import { matches } from '../../ui/shared/command.ts';
import { type Edit, EditHistory, EditOutdated, together } from '../../ui/shared/history.ts';
import { differences, pick, valueAt, valuesAt } from '../../ui/shared/patch.ts';

function counter() {
  let value = 0;
  const edit = (by: number): Edit => ({ label: `+${by}`, groupId: 'g', undo: async () => void (value -= by), redo: async () => void (value += by) });
  return { edit, get: () => value, add: (by: number) => (value += by) };
}

test('edits are undone and redone in order, however fast they are asked for; a new edit ends what was undone', async () => {
  const [history, sum] = [new EditHistory(), counter()];
  for (const by of [1, 10, 100]) {
    sum.add(by);
    history.record(sum.edit(by));
  }
  await Promise.all([history.undo(), history.undo()]);
  assert.equal(sum.get(), 1);
  await history.redo();
  assert.equal(sum.get(), 11);
  sum.add(1000);
  history.record(sum.edit(1000));
  assert.equal(await history.redo(), undefined);
  for (let n = 0; n < 5; n++) await history.undo();
  assert.equal(sum.get(), 0);
});

test('an edit that cannot be undone now stays; one that never can goes', async () => {
  const history = new EditHistory();
  const failing = (failure: Error): Edit => ({ label: 'x', groupId: 'g', undo: () => Promise.reject(failure), redo: async () => undefined });
  history.record(failing(new EditOutdated('gone')));
  history.record(failing(new Error('running')));
  await assert.rejects(history.undo(), /running/);
  assert.equal(history.store.get().done.length, 2);
  history.store.set({ ...history.store.get(), done: history.store.get().done.slice(0, 1) });
  await assert.rejects(history.undo(), /gone/);
  assert.deepEqual(history.store.get(), { done: [], undone: [] });
});

test('several edits as one go back in the opposite order', async () => {
  const said: string[] = [];
  const edit = (name: string): Edit => ({ label: name, groupId: 'g', undo: async () => void said.push(`-${name}`), redo: async () => void said.push(name) });
  const one = together('both', [edit('a'), edit('b')]);
  await one.undo();
  await one.redo();
  assert.deepEqual(said, ['-b', '-a', 'a', 'b']);
});

test('the way back of a change has the same fields with the old values, null where there was none', () => {
  const component = { name: 'old', style: { a: '1' }, config: { properties: { 'a.b': 'x' }, schedulingPeriod: '1 sec' }, bends: [{ x: 1, y: 2 }] };
  const patch = { name: 'new', style: {}, config: { properties: { 'a.b': 'y', added: 'z' } }, bends: [] };
  const back = valuesAt(patch, component);
  assert.deepEqual(back, { name: 'old', style: { a: '1' }, config: { properties: { 'a.b': 'x', added: null } }, bends: [{ x: 1, y: 2 }] });
  assert.deepEqual(differences(patch, back), ['name', 'style', 'config.properties.a.b', 'config.properties.added', 'bends']);
  assert.deepEqual(differences(back, valuesAt(back, component)), []);
  assert.equal(valueAt(patch, 'config.properties.a.b'), 'y');
  assert.deepEqual(pick(patch, ['config.properties.a.b']), { config: { properties: { 'a.b': 'y' } } });
});

const at = (id: string, x: number, y: number, width = 100, height = 50) => ({ id, x, y, width, height });

test('components are lined up and distributed', () => {
  const three = [at('a', 0, 0), at('b', 130, 40, 200), at('c', 500, 10)];
  assert.deepEqual(
    arrange('right', three),
    new Map([
      ['a', { x: 500, y: 0 }],
      ['b', { x: 400, y: 40 }],
    ]),
  );
  assert.deepEqual(
    arrange('middle', three),
    new Map([
      ['a', { x: 0, y: 20 }],
      ['b', { x: 130, y: 20 }],
      ['c', { x: 500, y: 20 }],
    ]),
  );
  assert.deepEqual(arrange('across', three), new Map([['b', { x: 200, y: 40 }]]));
  assert.equal(arrange('down', three.slice(0, 2)).size, 0);
});

test('a layout runs downwards, nothing lies on anything, and what stands alone comes below', () => {
  const placed = Array.from({ length: 30 }, (_, index) => at(`n${index}`, 64, 32, 304, 128));
  const links = [...placed.slice(1, 25).map(({ id }, index) => ({ source: `n${Math.floor(index / 2)}`, target: id })), { source: 'n3', target: 'n3' }];
  const places = layOut(placed, links);
  assert.equal(places.size, 30);
  for (const { source, target } of links) if (source !== target) assert.ok(places.get(source)!.y < places.get(target)!.y, `${source} above ${target}`);
  const all = [...places.values()];
  for (const [index, a] of all.entries()) for (const b of all.slice(index + 1)) assert.ok(Math.abs(a.x - b.x) >= 304 || Math.abs(a.y - b.y) >= 128);
  const lowest = Math.max(...placed.slice(0, 25).map(({ id }) => places.get(id)!.y));
  for (const { id } of placed.slice(25)) assert.ok(places.get(id)!.y > lowest);
});

test('bend points are put in, moved and taken out without touching the old list', () => {
  const bends = Object.freeze([
    { x: 0, y: 0 },
    { x: 100, y: 0 },
  ]);
  assert.deepEqual(
    insertBend(bends, 1, { x: 50, y: 9 }).map(({ x }) => x),
    [0, 50, 100],
  );
  assert.deepEqual(moveBend(bends, 1, { x: 7, y: 7 })[1], { x: 7, y: 7 });
  assert.deepEqual(removeBend(bends, 0), [{ x: 100, y: 0 }]);
  assert.deepEqual(segments([...bends, { x: 100, y: 100 }]), [
    { x: 50, y: 0 },
    { x: 100, y: 50 },
  ]);
  assert.equal(nearestSegment([...bends, { x: 100, y: 100 }], { x: 90, y: 70 }), 1);
});

test('types are found by words of name, tags and description, the best first', () => {
  const type = (name: string, description: string, tags: string[] = []) => ({ type: `org.x.${name}`, bundle: { group: 'g', artifact: 'a', version: '1' }, description, tags });
  const types = [
    type('PutFile', 'Writes to disk', ['local']),
    type('GetFile', 'Reads a file', ['local', 'put']),
    type('FetchS3Object', 'Reads a file of a bucket', ['S3']),
    type('QueryDatabaseTable', 'SQL'),
  ];
  const names = (text: string) => searchTypes(types, text).map((each) => each.type.slice(6));
  assert.deepEqual(names('put'), ['PutFile', 'GetFile']);
  assert.deepEqual(names('query table'), ['QueryDatabaseTable']);
  assert.deepEqual(names('file bucket'), ['FetchS3Object']);
  assert.deepEqual(names('nothing like it'), []);
  assert.equal(names('').length, 4);
  assert.deepEqual(commonTags(types, 1), ['local']);
});

test('keys are compared with their modifiers; signs do not care for Shift', () => {
  const press = (key: string, more: object = {}) => ({ key, code: '', ctrlKey: false, metaKey: false, shiftKey: false, altKey: false, ...more });
  assert.ok(matches('Mod+Z', press('z', { ctrlKey: true })));
  assert.ok(!matches('Mod+Z', press('Z', { ctrlKey: true, shiftKey: true })));
  assert.ok(matches('Mod+Shift+Z', press('Z', { ctrlKey: true, shiftKey: true })));
  assert.ok(matches('?', press('?', { shiftKey: true })));
  assert.ok(matches('Shift+1', press('!', { code: 'Digit1', shiftKey: true })));
  assert.ok(!matches('P', press('p', { ctrlKey: true })));
});

test('a clipboard is read as components, as a flow definition, or as nothing', () => {
  assert.equal(readPasted('hello'), undefined);
  assert.equal(readPasted('{"processors":"x"}'), undefined);
  assert.equal(readPasted('{"processors":[]}'), undefined);
  assert.deepEqual(readPasted('{"flowContents":{"name":"F"}}'), { kind: 'definition', definition: { flowContents: { name: 'F' } }, name: 'F' });
  const pasted = readPasted(JSON.stringify({ processors: [{ position: { x: 5, y: 9 } }], connections: [{ bends: [{ x: 1, y: 1 }] }] }));
  assert.equal(pasted?.kind, 'copy');
  if (pasted?.kind !== 'copy') return;
  assert.deepEqual(cornerOf(pasted.copy), { x: 5, y: 9 });
  assert.deepEqual(shifted(pasted.copy, { x: 10, y: 0 }), { processors: [{ position: { x: 15, y: 9 } }], connections: [{ bends: [{ x: 11, y: 1 }] }] });
});
