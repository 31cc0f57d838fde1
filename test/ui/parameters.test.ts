import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Parameter, ParameterContextEntity } from '../../ui/api/parameters.ts';
import { affectedBy, changeOf, heritable, isEmpty, nameProblem, NO_CHANGES, rowsOf, withParameter } from '../../ui/parameters/draft.ts';
import { moved } from '../../ui/shared/ordered-list.tsx';

const parameter = (name: string, more: Partial<Parameter> = {}): Parameter => ({
  name,
  description: '',
  sensitive: false,
  value: '1',
  provided: false,
  inherited: false,
  referencedAssets: [],
  referencingComponents: [],
  ...more,
});

const user = (id: string) => ({ id, component: { id, state: 'RUNNING' } }) as never;

test('a draft of parameters shows what would be and sends what changed', () => {
  const stored = [parameter('b'), parameter('a'), parameter('base', { inherited: true, parameterContext: { id: 'p', component: { id: 'p', name: 'Parent' } } as never })];
  let draft = withParameter(NO_CHANGES, 'a', { name: 'a', value: '2' });
  draft = withParameter(draft, 'b', null);
  draft = withParameter(draft, 'c', { name: 'c', value: 'new', sensitive: true });
  draft = withParameter(draft, 'base', { name: 'base', value: 'own' });
  assert.deepEqual(
    rowsOf(stored, draft).map(({ name, value, change, inheritedFrom }) => [name, value, change, inheritedFrom]),
    [
      ['a', '2', 'changed', undefined],
      ['b', '1', 'removed', undefined],
      ['base', 'own', 'added', undefined],
      ['c', 'new', 'added', undefined],
    ],
  );
  assert.deepEqual(changeOf(draft).parameters, [{ name: 'a', value: '2' }, { name: 'b' }, { name: 'c', value: 'new', sensitive: true }, { name: 'base', value: 'own' }]);
  assert.equal(rowsOf(stored, NO_CHANGES)[2]?.inheritedFrom, 'Parent');
  assert.ok(isEmpty(withParameter(withParameter(NO_CHANGES, 'a', null), 'a', undefined)));
  assert.equal(rowsOf([parameter('a')], withParameter(NO_CHANGES, 'a', { name: 'a', valueRemoved: true }))[0]?.value, undefined);
});

test('who uses what changes is affected, each once', () => {
  const parameters = [parameter('a', { referencingComponents: [user('x'), user('y')] }), parameter('b', { referencingComponents: [user('y'), user('z')] })];
  const context = { component: { parameters: parameters.map((each) => ({ parameter: each })) } } as ParameterContextEntity;
  const ids = (draft: Parameters<typeof affectedBy>[1]) => affectedBy(context, draft).map(({ id }) => id);
  assert.deepEqual(ids(withParameter(NO_CHANGES, 'a', null)), ['x', 'y']);
  assert.deepEqual(ids({ ...NO_CHANGES, inherited: [] }), ['x', 'y', 'z']);
  assert.deepEqual(ids({ ...NO_CHANGES, name: 'other' }), []);
});

test('names, inheritance without circles, order', () => {
  assert.match(nameProblem('', [])!, /empty/);
  assert.match(nameProblem('a/b', [])!, /Letters/);
  assert.match(nameProblem('a', ['a'])!, /already/);
  assert.equal(nameProblem('API Key', ['a']), undefined);
  const context = (id: string, ...inherits: string[]) =>
    ({ id, component: { name: id, inheritedParameterContexts: inherits.map((each) => ({ id: each })) } }) as unknown as ParameterContextEntity;
  const [a, b, c] = [context('a', 'b'), context('b'), context('c')];
  assert.deepEqual(
    heritable(b, [a, b, c]).map(({ id }) => id),
    ['c'],
  );
  assert.deepEqual(moved(['x', 'y', 'z'], 0, 2), ['y', 'z', 'x']);
  assert.deepEqual(moved(['x', 'y', 'z'], 2, 1), ['x', 'z', 'y']);
});
