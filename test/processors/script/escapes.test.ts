import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ScriptRunner } from '../../../processors/script/script-runner.ts';

const LIMITS = { time: 300, memory: 32 * 1024 * 1024 };
const INPUT = { attributes: { filename: 'x' }, content: 'text', size: 4 };
const runners: ScriptRunner[] = [];
after(() => Promise.all(runners.map((runner) => runner.stop())));

async function outcome(body: string) {
  const runner = await ScriptRunner.start(`function transform(flowFile) { ${body} }`, LIMITS);
  runners.push(runner);
  const [result] = await runner.call([INPUT]);
  return result!;
}

test('what a script looks for outside of the language is not there', async () => {
  const attempts = [
    'return [typeof process, typeof require, typeof module, typeof Buffer, typeof fetch, typeof setTimeout, typeof WebAssembly, typeof Worker]',
    'return this.constructor.constructor("return typeof process")()',
    'return (async () => {}).constructor("return typeof process") && log.constructor("return typeof process")()',
    'return flowFile.constructor.constructor("return typeof globalThis.process")()',
    'return Reflect.construct(Function, ["return typeof process + typeof require"])()',
  ];
  for (const attempt of attempts) {
    const found = await outcome(attempt);
    assert.ok('result' in found, attempt);
    assert.match(found.result, /^(\["undefined"(,"undefined")*\]|"(undefined)+")$/, attempt);
  }
  for (const attempt of ['import("node:fs").then((fs) => log("loaded")); return null', 'process.binding("fs")', 'require("fs")']) {
    const found = await outcome(attempt);
    assert.ok(!found.log.includes('loaded'), attempt);
  }
});

test('what a script changes in its prototypes stays in its own engine', async () => {
  await outcome('Object.prototype.polluted = 1; Array.prototype.map = null; flowFile.__proto__.evil = 1; return null');
  assert.equal(({} as { polluted?: number }).polluted, undefined);
  assert.equal(typeof [].map, 'function');
});

test('loops, floods of memory and endless recursion end, and the next call goes on', async () => {
  const attempts = [
    'for (;;);',
    'const all = []; for (;;) all.push(new Array(100000).fill("x"));',
    'let s = "x"; for (;;) s += s;',
    'return new ArrayBuffer(1024 ** 3)',
    'const f = () => f() + 1; f()',
    '/(a+)+$/.test("a".repeat(40) + "b")',
  ];
  for (const attempt of attempts) {
    const runner = await ScriptRunner.start(`let calls = 0; function transform(flowFile) { if (flowFile.size === 5) return 'fine'; ${attempt} }`, LIMITS);
    runners.push(runner);
    const [bad, good] = await runner.call([INPUT, { ...INPUT, size: 5 }]);
    assert.ok('error' in bad!, attempt);
    assert.deepEqual(good, { result: '"fine"', log: [] }, attempt);
  }
});
