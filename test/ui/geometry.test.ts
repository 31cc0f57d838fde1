import assert from 'node:assert/strict';
import { test } from 'node:test';
import { borderPoint, roundedPath, route } from '../../ui/canvas/geometry.ts';
import { shiftInto } from '../../ui/canvas/shift.ts';

const box = (x: number, y: number) => ({ x, y, width: 100, height: 40 });
const straight = { bends: [], labelIndex: 0, lane: 0 };

test('a line leaves a node where it crosses its border', () => {
  assert.deepEqual(borderPoint(box(0, 0), { x: 50, y: 400 }), { x: 50, y: 40 });
  assert.deepEqual(borderPoint(box(0, 0), { x: -400, y: 20 }), { x: 0, y: 20 });
  assert.deepEqual(borderPoint(box(0, 0), { x: 50, y: 20 }), { x: 50, y: 20 });
});

test('two nodes are joined between the sides that face each other', () => {
  const below = route(box(0, 0), box(0, 200), false, straight);
  assert.match(below.path, /^M50,40C/);
  assert.match(below.path, / 50,200$/);
  assert.deepEqual(below.label, { x: 50, y: 120 });
  const beside = route(box(0, 0), box(300, 0), false, straight);
  assert.match(beside.path, /^M100,20C/);
  assert.equal(beside.room, 200);
});

test('bends are gone through, and one of them carries the label', () => {
  const { path, label } = route(box(0, 0), box(0, 400), false, {
    bends: [
      { x: 300, y: 20 },
      { x: 300, y: 420 },
    ],
    labelIndex: 1,
    lane: 0,
  });
  assert.match(path, /^M100,20L.*Q300,20 .*Q300,420 .*L100,420$/);
  assert.deepEqual(label, { x: 300, y: 420 });
  assert.deepEqual(route(box(0, 0), box(0, 400), false, { bends: [{ x: 9, y: 200 }], labelIndex: 7, lane: 0 }).label, { x: 9, y: 200 });
});

test('lanes lie beside each other, and a loop beside its node', () => {
  const labels = [-0.5, 0.5].map((lane) => route(box(0, 0), box(0, 200), false, { ...straight, lane }).label);
  assert.ok(labels[1]!.x - labels[0]!.x >= 150);
  assert.equal(labels[0]!.y, labels[1]!.y);
  const loop = route(box(0, 0), box(0, 0), true, straight);
  assert.ok(loop.label.x > 100);
  assert.match(loop.path, /^M100,/);
});

test('corners are rounded no wider than the line allows', () => {
  assert.equal(roundedPath([]), '');
  assert.equal(
    roundedPath([
      { x: 0, y: 0 },
      { x: 8, y: 0 },
      { x: 8, y: 100 },
    ]),
    'M0,0L4,0Q8,0 8,16L8,100',
  );
});

test('what would be hidden is moved into view, what is too large is not', () => {
  assert.equal(shiftInto(900, 200, 1000), -124);
  assert.equal(shiftInto(-50, 200, 1000), 74);
  assert.equal(shiftInto(300, 200, 1000), 0);
  assert.equal(shiftInto(-50, 990, 1000), 0);
});
