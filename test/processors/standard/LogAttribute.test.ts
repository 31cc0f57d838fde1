import assert from 'node:assert/strict';
import { test } from 'node:test';
import LogAttribute from '../../../processors/standard/LogAttribute.ts';
import LogMessage from '../../../processors/standard/LogMessage.ts';
import { runner } from '../../runner.ts';

/** As warnings, so that the bulletins show what was logged. */
async function logged(properties: Record<string, string>): Promise<string> {
  const run = runner(LogAttribute, { properties: { 'Log Level': 'warn', ...properties } });
  run.enqueue('the content', { filename: 'a.txt', 'order.total': '5', 'order.secret': 'x' });
  await run.run();
  assert.deepEqual(run.counts, { success: 1 });
  return run.bulletins[0]!.message;
}

test('a line for each attribute, between dashes that carry the prefix', async () => {
  const text = await logged({ 'Log Prefix': 'for ${filename}' });
  assert.match(
    text,
    /\n-{20}for a\.txt-{21}\nFlowFile Properties\nKey: 'entryDate'\n\tValue: '.*'\nKey: 'lineageStartDate'\n.*\nKey: 'fileSize'\n\tValue: '11'\nFlowFile Attribute Map Content\nKey: 'filename'\n\tValue: 'a.txt'\n/,
  );
});

test('attributes are chosen by name and pattern', async () => {
  const text = await logged({
    'Attributes to Log Regular Expression': 'order\\..*',
    'Attributes to Ignore': 'order.secret',
    'Output Format': 'Single Line',
    'Log FlowFile Properties': 'false',
  });
  assert.match(text, /FlowFile Properties: \{order\.total=5\}$/);
  assert.doesNotMatch(await logged({ 'Attributes to Log': 'filename', 'Attributes to Ignore Regular Expression': 'order.*' }), /order/);
});

test('the content is logged when asked for', async () => {
  assert.match(await logged({ 'Log Payload': 'true' }), /the content$/);
  assert.doesNotMatch(await logged({}), /the content/);
});

test('LogMessage logs its message at a level that may come from the FlowFile', async () => {
  const run = runner(LogMessage, { properties: { 'Log Level': '${level}', 'Log Prefix': '[${filename}] ', 'Log Message': 'total ${total}' } });
  run.enqueue('', { filename: 'a', level: 'warn', total: '7' });
  await run.run();
  assert.deepEqual([run.counts, run.bulletins[0]!.message], [{ success: 1 }, '[a] total 7']);
});
