import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countComponents, findComponent, nameOf } from '../../ui/api/flow.ts';
import type { PropertyDescriptorDto } from '../../ui/api/shapes.ts';
import { atLeast, worst } from '../../ui/bulletins/levels.ts';
import { propertyRows } from '../../ui/configuration/properties.ts';
import { changesBetween, stateSteps } from '../../ui/configuration/state-history.ts';
import { trail } from '../../ui/frame/breadcrumbs.ts';
import { connection, flow, processor } from './entities.ts';

const descriptor = (name: string, more: Partial<PropertyDescriptorDto> = {}) => ({ name, displayName: name, dependencies: [], ...more }) as unknown as PropertyDescriptorDto;

test('a property counts only where what it depends on is as it must be', () => {
  const descriptors = {
    Mode: descriptor('Mode', { defaultValue: 'simple', allowableValues: [{ canRead: true, allowableValue: { value: 'simple', displayName: 'Simple mode' } }] }),
    Detail: descriptor('Detail', { dependencies: [{ propertyName: 'Mode', dependentValues: ['full'] }] }),
    Deeper: descriptor('Deeper', { dependencies: [{ propertyName: 'Detail' }] }),
  };
  assert.deepEqual(
    propertyRows(descriptors, { Mode: 'simple', Detail: 'x', Deeper: 'y' }).map((row) => [row.descriptor.name, row.text, row.isDefault]),
    [['Mode', 'Simple mode', true]],
  );
  assert.deepEqual(
    propertyRows(descriptors, { Mode: 'full', Detail: null, Deeper: 'y' }).map((row) => row.descriptor.name),
    ['Mode', 'Detail'],
  );
  assert.equal(propertyRows(descriptors, { Mode: 'full', Detail: 'x', Deeper: 'y' }).length, 3);
});

test('the history of a state says what each version changed', () => {
  const entry = (key: string, value: string) => ({ key, value });
  assert.deepEqual(changesBetween([entry('a', '1'), entry('b', '1')], [entry('b', '2'), entry('c', '1')]), [
    { key: 'b', value: '2', kind: 'changed' },
    { key: 'c', value: '1', kind: 'added' },
    { key: 'a', value: '1', kind: 'removed' },
  ]);
  const steps = stateSteps([
    {
      scope: 'LOCAL',
      versions: [
        { version: 2, timestamp: '2026-01-02T00:00:00Z', entries: [] },
        { version: 1, timestamp: '2026-01-01T00:00:00Z', entries: [entry('a', '1')] },
      ],
    },
    { scope: 'CLUSTER', versions: [{ version: 1, timestamp: '2026-01-03T00:00:00Z', entries: [entry('z', '1')] }] },
  ]);
  assert.deepEqual(
    steps.map(({ scope, version, isCurrent, isEmpty }) => [scope, version, isCurrent, isEmpty]),
    [
      ['CLUSTER', 1, true, false],
      ['LOCAL', 2, true, true],
      ['LOCAL', 1, false, false],
    ],
  );
});

test('components are found, named and counted', () => {
  const group = { id: 'sub', runningCount: 2, stoppedCount: 1, invalidCount: 1, disabledCount: 0 };
  const content = flow({ processors: [processor('a')], connections: [connection('c', 'a', 'a', { status: {} })], processGroups: [group] as never });
  assert.equal(findComponent(content, 'a')?.kind, 'processor');
  assert.equal(findComponent(content, 'nobody'), undefined);
  assert.equal(nameOf(findComponent(content, 'a')!), 'a');
  assert.deepEqual(countComponents(content), { running: 3, stopped: 1, invalid: 1, disabled: 0 });
});

test('bulletins by level', () => {
  assert.equal(worst([]), undefined);
  assert.equal(worst(['INFO', 'error', 'WARNING']), 'ERROR');
  assert.ok(atLeast('WARNING', 'INFO') && !atLeast('INFO', 'WARNING') && atLeast('DEBUG', 'INFO'));
});

test('breadcrumbs lead from the outermost group to this one', () => {
  const permissions = { canRead: true, canWrite: true };
  const root = { id: 'r', permissions, breadcrumb: { id: 'r', name: 'Root' } };
  assert.deepEqual(trail({ id: 'g', permissions, breadcrumb: { id: 'g', name: 'Group' }, parentBreadcrumb: root }), [
    { id: 'r', name: 'Root' },
    { id: 'g', name: 'Group' },
  ]);
});
