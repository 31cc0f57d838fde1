import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PropertyDescriptorDto } from '../../ui/api/shapes.ts';
import { changedFields, describeValue, mergeOf } from '../../ui/shared/edit/fields.ts';
import { completionPlace } from '../../ui/shared/editor/completion.ts';
import { controlOf, parameterNameFor, problemOf, refusalOfName, shownDescriptors, sortProblems } from '../../ui/shared/properties/model.ts';

const descriptor = (name: string, more: Partial<PropertyDescriptorDto> = {}) => ({ name, displayName: name, dependencies: [], ...more }) as unknown as PropertyDescriptorDto;
const choice = (...values: string[]) => values.map((value) => ({ canRead: true, allowableValue: { value, displayName: value } }));

test('two edits of the same component are merged field by field', () => {
  const base = { name: 'a', period: '0 sec', 'property:x': '1', 'property:y': null };
  assert.deepEqual(changedFields(base, { name: 'a', period: '1 min' }), { period: '1 min' });
  const theirs = { ...base, name: 'b', 'property:x': '2', 'property:z': 'new' };
  assert.deepEqual(mergeOf(base, theirs, { 'property:x': '3', period: '1 min' }), {
    conflicts: [{ key: 'property:x', base: '1', mine: '3', theirs: '2' }],
    taken: ['name', 'property:z'],
  });
  assert.deepEqual(mergeOf(base, theirs, { name: 'b' }).conflicts, [], 'who wanted the same has no quarrel');
  assert.deepEqual(mergeOf(base, base, { name: 'c' }), { conflicts: [], taken: [] });
  assert.deepEqual([describeValue(null), describeValue(''), describeValue(['a', 'b']), describeValue(true)], ['no value', 'empty text', 'a, b', 'yes']);
});

test('properties are shown where what they depend on is so; removed ones go', () => {
  const descriptors = {
    own: descriptor('own', { dynamic: true }),
    Mode: descriptor('Mode', { defaultValue: 'simple' }),
    Detail: descriptor('Detail', { dependencies: [{ propertyName: 'Mode', dependentValues: ['full'] }] }),
  };
  const names = (values: Record<string, string | null>) => shownDescriptors(descriptors, values).map(({ name }) => name);
  assert.deepEqual(names({ own: '1' }), ['Mode', 'own']);
  assert.deepEqual(names({ Mode: 'full', own: null }), ['Mode', 'Detail']);
});

test('what the page says of a value by itself', () => {
  const mode = descriptor('Mode', { required: true, allowableValues: choice('a', 'b') });
  assert.equal(problemOf(mode, 'a'), undefined);
  assert.match(problemOf(mode, null)!, /required/);
  assert.match(problemOf(mode, 'c')!, /not one of/);
  assert.equal(problemOf(mode, '#{mode}'), undefined);
  assert.match(problemOf(descriptor('S', { identifiesControllerService: 'x', allowableValues: [] }), 'gone')!, /does not exist/);
  assert.deepEqual(
    [mode, descriptor('S', { sensitive: true }), descriptor('T'), descriptor('C', { identifiesControllerService: 'x', allowableValues: choice('1') })].map(controlOf),
    ['choice', 'secret', 'text', 'service'],
  );
});

test('sentences of the server find their property', () => {
  const descriptors = { size: descriptor('size', { displayName: 'File Size' }) };
  assert.deepEqual(
    sortProblems(["'File Size' validated against 'x' is invalid because it must be a size", "'Relationship a' is invalid because it is not connected"], descriptors),
    {
      byProperty: { size: 'It must be a size' },
      others: ["'Relationship a' is invalid because it is not connected"],
    },
  );
});

test('names of new properties and parameters', () => {
  const descriptors = { a: descriptor('a'), b: descriptor('b', { dynamic: true }) };
  assert.match(refusalOfName(' ', descriptors, {})!, /empty/);
  assert.match(refusalOfName('a', descriptors, {})!, /already/);
  assert.equal(refusalOfName('b', descriptors, { b: null }), undefined);
  assert.equal(parameterNameFor('API Key (v3) / test'), 'API Key v3 test');
});

test('completion knows where it is', () => {
  const place = (text: string) => {
    const at = text.indexOf('|');
    return completionPlace(text.replace('|', ''), at);
  };
  assert.equal(place('plain |'), undefined);
  assert.deepEqual(place('#{us|'), { kind: 'parameter', from: 2 });
  assert.deepEqual(place('a #{my pa|ram}'), { kind: 'parameter', from: 4 });
  assert.equal(place('#{a}|'), undefined);
  assert.deepEqual(place('${file|name}'), { kind: 'first', from: 2 });
  assert.deepEqual(place('${filename:to|'), { kind: 'subject', from: 11 });
  assert.deepEqual(place('${filename:append(na|'), { kind: 'first', from: 18 });
  assert.deepEqual(place("${filename:append('x'):|"), { kind: 'subject', from: 23 });
  assert.equal(place("${filename:append('x|"), undefined);
  assert.deepEqual(place("${filename:append('#{p|"), { kind: 'parameter', from: 21 });
  assert.deepEqual(place("${a:append('}'):x|"), { kind: 'subject', from: 16 });
  assert.deepEqual(place('${a:equals(${b:|'), { kind: 'subject', from: 15 });
  assert.equal(place('$${no|'), undefined);
  assert.deepEqual(place('$$${yes|'), { kind: 'first', from: 4 });
});
