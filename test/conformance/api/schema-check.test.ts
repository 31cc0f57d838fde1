import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SchemaCheck } from './schema-check.ts';

const check = new SchemaCheck({
  Thing: {
    type: 'object',
    properties: {
      id: { type: 'string' },
      size: { type: 'integer', format: 'int64' },
      lastRefreshed: { type: 'string' },
      properties: { type: 'object', additionalProperties: { type: 'string' } },
      children: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
    },
  },
  FunnelEntity: { type: 'object', properties: { id: { type: 'string' } } },
});

test('what NiFi could have answered has no faults', () => {
  assert.deepEqual(check.faults('Thing', { id: 'a', size: 3, lastRefreshed: '14:05:06 UTC', properties: { a: null, b: 'c' }, children: [{ id: 'b' }] }), []);
  assert.deepEqual(check.faults('Thing', { lastRefreshed: '11/26/2026 14:05:06 UTC' }), []);
});

test('fields that NiFi has not, wrong types, wrong dates and missing fields are faults, each told once', () => {
  assert.deepEqual(check.faults('Thing', { children: [{ id: 1 }, { id: 2 }] }), ['/children[]/id must be string']);
  assert.deepEqual(check.faults('Thing', { children: [{ colour: 'red' }] }), ['/children[] must NOT have additional properties: colour']);
  assert.match(check.faults('Thing', { lastRefreshed: '2026-11-26T14:05:06Z' })[0]!, /must match format/);
  assert.ok(check.faults('FunnelEntity', { id: 'a' }).includes("/ must have required property 'uri'"));
});
