import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProcessGroupFlowEntity } from '../../ui/api/shapes.ts';
import { readable, withPlaceholders } from '../../ui/api/unreadable.ts';
import { mapFlow } from '../../ui/canvas/mapping.ts';
import { connection, flow, processor } from './entities.ts';

const bulletin = (id: number, canRead: boolean) => ({ id, canRead, timestamp: '', timestampIso: '', ...(canRead ? { bulletin: { level: 'WARN', message: 'x' } } : {}) }) as never;

test('what the user may not read is drawn all the same, without its name', () => {
  const hidden = { ...processor('b0000000-1111'), component: undefined, bulletins: undefined } as never;
  const edge = { ...connection('c', 'a', 'b0000000-1111'), component: undefined } as never;
  const answer = {
    processGroupFlow: { flow: flow({ processors: [processor('a', { bulletins: [bulletin(1, false), bulletin(2, true)] }), hidden], connections: [edge] }) },
  } as unknown as ProcessGroupFlowEntity;
  const shown = withPlaceholders(answer).processGroupFlow.flow;
  assert.deepEqual(
    shown.processors.map(({ component }) => component.name),
    ['a', 'Hidden b0000000'],
  );
  assert.deepEqual(
    shown.processors.map(({ bulletins }) => bulletins!.map(({ id }) => id)),
    [[2], []],
  );
  const { nodes, edges } = mapFlow('g', shown, () => 'idle');
  assert.deepEqual([nodes.length, edges.length], [2, 1]);
});

test('bulletins that say nothing are left out; where all speak the list stays the same one', () => {
  const all = [bulletin(1, true), bulletin(2, true)];
  assert.equal(readable(all), all);
  assert.deepEqual(readable([bulletin(1, false)]), []);
});
