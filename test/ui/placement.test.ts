import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyMoves, type Moves, NO_MOVES, unsettled, withPlacement } from '../../ui/canvas/placement.ts';
import type { CanvasNode } from '../../ui/canvas/view-model.ts';
import { applyChanges } from '../../ui/shared/selection.ts';

const node = (id: string, version: number): CanvasNode => ({ id, type: 'funnel', position: { x: 0, y: 0 }, data: { version } });
const moved = (moves: Moves, id: string, dragging: boolean) => applyMoves(moves, [{ type: 'position', id, position: { x: 8, y: 16 }, dragging }]);

test('a dragged node is where the user holds it, the others are the same objects', () => {
  const nodes = [node('a', 1), node('b', 1)];
  const shown = withPlacement(nodes, moved(NO_MOVES, 'a', true), []);
  assert.deepEqual(shown[0]?.position, { x: 8, y: 16 });
  assert.equal(shown[0]?.dragging, true);
  assert.equal(shown[1], nodes[1]);
});

test('a move holds until an answer contains it', () => {
  const moves = moved(NO_MOVES, 'a', false);
  assert.equal(unsettled(moves, [node('a', 1)]), moves);
  const stored: Moves = new Map([['a', { ...moves.get('a')!, storedIn: 2 }]]);
  assert.equal(unsettled(stored, [node('a', 1)]).size, 1);
  assert.equal(unsettled(stored, [node('a', 2)]).size, 0);
  assert.equal(unsettled(moves, []).size, 0);
});

test('selected nodes say so', () => {
  assert.deepEqual(
    withPlacement([node('a', 1), node('b', 1)], NO_MOVES, ['b']).map(({ selected }) => selected ?? false),
    [false, true],
  );
});

test('a selection stays the same array where nothing changes', () => {
  const selection = ['a'];
  assert.equal(
    applyChanges(selection, [
      { id: 'a', selected: true },
      { id: 'b', selected: false },
    ]),
    selection,
  );
  assert.deepEqual(
    applyChanges(selection, [
      { id: 'a', selected: false },
      { id: 'b', selected: true },
    ]),
    ['b'],
  );
});
