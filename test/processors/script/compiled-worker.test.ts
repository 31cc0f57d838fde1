import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';

type Runners = typeof import('../../../processors/script/script-runner.ts');
const COMPILED = new URL('../../../dist/processors/script/script-runner.js', import.meta.url);
const LIMITS = { time: 500, memory: 32 * 1024 ** 2 };
const input = { attributes: { who: 'me' }, content: 'x', size: 1 };

test('scripts run in the compiled worker, within limits on time and memory', { skip: existsSync(COMPILED) ? false : 'run npm run build first' }, async () => {
  const { ScriptRunner } = (await import(COMPILED.href)) as Runners;
  const script = `function transform({ attributes: { who } }) {
    if (who === 'loop') for (;;);
    if (who === 'hog') { const all = []; for (;;) all.push(new Array(10000).fill(who)); }
    return { content: who + typeof process + typeof require + typeof fetch };
  }`;
  const runner = await ScriptRunner.start(script, LIMITS);
  try {
    const as = (who: string) => ({ ...input, attributes: { who } });
    const outcomes = await runner.call([as('me'), as('loop'), as('hog'), as('you')]);
    const told = outcomes.map((one) => ('error' in one ? one.error : one.result));
    assert.deepEqual([told[0], told[3]], ['{"content":"meundefinedundefinedundefined"}', '{"content":"youundefinedundefinedundefined"}']);
    assert.match(told[1]!, /longer than 500 ms/);
    assert.match(told[2]!, /memory|longer than/);
  } finally {
    await runner.stop();
  }
});
