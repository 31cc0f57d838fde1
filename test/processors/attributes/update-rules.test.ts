import assert from 'node:assert/strict';
import { test } from 'node:test';
import UpdateAttribute from '../../../processors/attributes/UpdateAttribute.ts';
import { runner } from '../../runner.ts';

const rule = (conditions: string[], actions: Record<string, string>): string =>
  `<rules>${Object.entries(actions)
    .map(([name, value]) => `<actions><attribute>${name}</attribute><id>a</id><value>${value}</value></actions>`)
    .join('')}${conditions.map((condition) => `<conditions><expression>${condition}</expression><id>c</id></conditions>`).join('')}<id>r</id><name>rule</name></rules>`;

const document = (policy: string, ...rules: string[]): string =>
  `<?xml version="1.0" encoding="UTF-8" standalone="yes"?><criteria><flowFilePolicy>${policy}</flowFilePolicy>${rules.join('')}</criteria>`;

const RULES = [rule(["${size:equals('big')}", "${kind:equals('x')}"], { way: 'slow', by: '${kind}-1' }), rule(["${kind:equals('x')}"], { way: 'any', 'more &amp; more': '2' })];

async function update(annotationData: string, attributes: Record<string, string>, properties: Record<string, string> = {}) {
  const run = runner(UpdateAttribute, { properties, config: { annotationData } });
  run.enqueue('', attributes);
  await run.run();
  return run.out('success').map((output) => output.attributes);
}

test('all rules that hold change the one FlowFile, the later ones last; added properties come before', async () => {
  const [attributes] = await update(document('USE_ORIGINAL', ...RULES), { kind: 'x', size: 'big' }, { way: 'default', always: '1' });
  assert.deepEqual([attributes!.way, attributes!.by, attributes!['more & more'], attributes!.always], ['any', 'x-1', '2', '1']);
  const [other] = await update(document('USE_ORIGINAL', ...RULES), { kind: 'y' }, { way: 'default' });
  assert.deepEqual([other!.way, other!.by], ['default', undefined]);
});

test('each rule that holds gets a FlowFile of its own', async () => {
  const outputs = await update(document('USE_CLONE', ...RULES), { kind: 'x', size: 'big' }, { 'Delete Attributes Expression': 'size' });
  assert.deepEqual(outputs.map(({ way, by, size }) => [way, by, size]).sort(), [
    ['any', undefined, undefined],
    ['slow', 'x-1', undefined],
  ]);
});

test('rules that cannot be read keep the processor from starting', async () => {
  await assert.rejects(update('<criteria><rules>', {}), /rules of the advanced editor are not XML/);
});
