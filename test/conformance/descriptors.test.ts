import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ControllerServiceType, ProcessorType } from '../../server/engine/component-types.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { defineControllerService, serviceContract } from '../../server/extension/service.ts';
import { type NiFiProcessor, processorDifferences, propertyDifferences, serviceDifferences } from './descriptors.ts';

const bundle = { group: 'org.apache.nifi', artifact: 'nifi-standard-nar', version: '2.7.2' };

const ours = {
  size: property.dataSize('Size', '', { default: '1 B', expressions: 'flowfile', dependsOn: { Mode: ['b', 'a'] } }),
  mode: property.choice('Mode', '', { a: 'A', b: 'B' }, { default: 'a' }),
};
const theirs = {
  Size: { required: true, defaultValue: '1 B', expressionLanguageScope: 'FLOWFILE_ATTRIBUTES', dependencies: [{ property: 'Mode', values: ['a', 'b'] }] },
  Mode: { required: true, defaultValue: 'a', allowableValues: [['a', 'A'] as const, ['b', 'B'] as const] },
} as const;

test('a property is compared in every trait', () => {
  assert.deepEqual(propertyDifferences('T', ours, theirs), []);
  const changed: [keyof typeof theirs, object, RegExp][] = [
    ['Size', { defaultValue: '2 B' }, /default is "1 B", NiFi has "2 B"/],
    ['Size', { required: false }, /required is true/],
    ['Size', { sensitive: true }, /sensitive is false/],
    ['Size', { expressionLanguageScope: 'ENVIRONMENT' }, /expressions is "FLOWFILE_ATTRIBUTES", NiFi has "ENVIRONMENT"/],
    ['Size', { dependencies: [{ property: 'Mode', values: ['a'] }] }, /dependencies is/],
    ['Size', { typeProvidedByValue: 'S' }, /service is nothing, NiFi has "S"/],
    ['Mode', { allowableValues: [['a', 'A']] }, /allowable values is/],
    ['Mode', { displayName: 'm' }, /displayName is "Mode", NiFi has "m"/],
  ];
  for (const [name, change, message] of changed) {
    const wrong = propertyDifferences('T', ours, { ...theirs, [name]: { ...theirs[name], ...change } });
    assert.equal(wrong.length, 1);
    assert.match(wrong[0]!, message);
  }
  assert.deepEqual(propertyDifferences('T', ours, { Size: theirs.Size, Other: {} }), ["T: 'Other' is missing", "T: 'Mode' is not NiFi's"]);
});

test('a processor is compared beyond its properties', () => {
  const definition = defineProcessor({
    description: '',
    tags: [],
    input: 'required',
    properties: {},
    relationships: { success: '' },
    writesAttributes: { a: '' },
    onTrigger: () => undefined,
  });
  const type = { type: 'T', bundle, definition } as unknown as ProcessorType;
  const nifi: NiFiProcessor = {
    properties: {},
    bundle: 'org.apache.nifi:nifi-standard-nar',
    relationships: ['success'],
    inputRequirement: 'INPUT_REQUIRED',
    writesAttributes: ['a '],
  };
  assert.deepEqual(processorDifferences(type, nifi), []);
  assert.deepEqual(processorDifferences(type, { ...nifi, relationships: ['failure'], inputRequirement: 'INPUT_ALLOWED', writesAttributes: ['a', 'b'], triggerSerially: true }), [
    'T: relationships is ["success"], NiFi has ["failure"]',
    'T: input is "INPUT_REQUIRED", NiFi has "INPUT_ALLOWED"',
    'T: triggerSerially is false, NiFi has true',
    'T: writesAttributes is [], NiFi has ["b"]',
  ]);
  const dynamic = { supportsDynamicProperties: true, dynamicProperties: [{}], bundle: 'other', stateful: ['LOCAL'], defaultYieldDuration: '2 sec' };
  assert.equal(processorDifferences(type, { ...nifi, ...dynamic }).length, 5);
});

test('a service must provide what NiFi says', () => {
  const definition = defineControllerService({ description: '', tags: [], properties: {}, provides: [serviceContract('A')], onEnabled: () => null });
  const type = { type: 'S', bundle, definition } as unknown as ControllerServiceType;
  const nifi = { properties: {}, bundle: 'org.apache.nifi:nifi-standard-nar', provides: ['A'] };
  assert.deepEqual(serviceDifferences(type, nifi), []);
  assert.deepEqual(serviceDifferences(type, { ...nifi, provides: ['A', 'B'] }), ['S: does not provide B']);
});
