import assert from 'node:assert/strict';
import { test } from 'node:test';
import UpdateAttribute from '../../../processors/attributes/UpdateAttribute.ts';
import ExtractText from '../../../processors/standard/ExtractText.ts';
import ReplaceText from '../../../processors/standard/ReplaceText.ts';
import RouteOnContent from '../../../processors/standard/RouteOnContent.ts';
import RouteText from '../../../processors/standard/RouteText.ts';
import type { ProcessorDefinition } from '../../../server/extension/processor.ts';
import { runner } from '../../runner.ts';

const SHORT = 'ab'.repeat(9);
const LONG = 'a'.repeat(50_000);

/** A FlowFile that is harmless before one that is not. */
async function run(definition: unknown, properties: Record<string, string>, long = LONG) {
  const started = runner(definition as ProcessorDefinition, { properties });
  started.enqueue(SHORT, { filename: 'short', text: SHORT }).enqueue(long, { filename: 'long', text: long });
  return started.run(2);
}
const names = (outputs: readonly { attributes: Readonly<Record<string, string>> }[]): (string | undefined)[] => outputs.map(({ attributes }) => attributes.filename);

test('ReplaceText sends the FlowFile to failure, the whole of it or a line at a time', async () => {
  for (const mode of ['Entire text', 'Line-by-Line']) {
    const done = await run(ReplaceText, { 'Evaluation Mode': mode, 'Search Value': '(a+)+c', 'Replacement Value': 'x' });
    assert.deepEqual([names(done.out('success')), names(done.out('failure'))], [['short'], ['long']]);
    assert.match(done.bulletins[0]!.message, /long: Search Value: the regular expression '\(a\+\)\+c' was given up after 1000 ms, at a text of 50000 characters/);
  }
});

// Neither these nor NiFi's have a relationship for what fails: the FlowFile stays in its queue, with a penalty.
for (const [definition, properties, reason] of [
  [ExtractText, { found: '(?s)(a.*)c.*d' }, /found: the regular expression '\(\?s\)\(a\.\*\)c\.\*d' was given up/],
  [RouteOnContent, { way: '(a|aa)+c' }, /way: the regular expression '\(a\|aa\)\+c' was given up/],
  [RouteText, { 'Matching Strategy': 'Matches Regular Expression', way: '(a+)+c' }, /way: the regular expression '\(a\+\)\+c' was given up/],
  [UpdateAttribute, { found: "${text:replaceAll('(a+)+c', 'x')}" }, /found: the regular expression '\(a\+\)\+c' was given up/],
] as const)
  test(`${reason.source.slice(0, 5)} of ${Object.values(properties).at(-1)}: a bulletin names property and expression`, async () => {
    const done = await run(definition, properties);
    assert.ok(
      done.bulletins.some(({ message }) => reason.test(message)),
      JSON.stringify(done.bulletins),
    );
    for (const relationship of Object.keys(done.node.relationships)) assert.ok(!names(done.out(relationship)).includes('long'));
  });

test('a large text that is easily searched is searched', async () => {
  const large = `${'the quick brown fox jumps over the lazy dog 12345\n'.repeat(15_000)}order 4711 of Ada\n`;
  const done = await run(ExtractText, { order: 'order (\\d+) of (\\w+)' }, large);
  assert.deepEqual([done.out('matched')[0]!.attributes.order, done.out('matched')[0]!.attributes['order.2']], ['4711', 'Ada']);
});
