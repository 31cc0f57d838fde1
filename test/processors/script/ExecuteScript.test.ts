import assert from 'node:assert/strict';
import { test } from 'node:test';
import ExecuteScript from '../../../processors/script/ExecuteScript.ts';
import { ScriptSandbox } from '../../../processors/script/script-sandbox.ts';
import { runner } from '../../runner.ts';

async function execute(body: string, properties: Record<string, string> = {}, content: string | Uint8Array = 'hello') {
  const run = runner(ExecuteScript, { properties: { 'Script Body': body, ...properties } });
  run.enqueue(content, { who: 'me', old: '1' });
  await run.run();
  return run;
}

test('content and attributes, one FlowFile, several or none', async () => {
  const one = await execute(
    'function transform({ content, attributes, size }) { return { content: content.toUpperCase(), attributes: { who: attributes.who + size, n: 5, old: null } }; }',
  );
  const { content, attributes } = one.out('success')[0]!;
  assert.deepEqual([content, attributes.who, attributes.n, attributes.old], ['HELLO', 'me5', '5', undefined]);
  const several = await execute("function transform() { return [{ content: 'a' }, { content: 'b', relationship: 'failure' }, {}]; }");
  assert.deepEqual(
    [
      several
        .out('success')
        .map((each) => each.content)
        .sort(),
      several.out('failure').map((each) => each.content),
    ],
    [['a', 'hello'], ['b']],
  );
  assert.deepEqual((await execute('function transform() { return []; }')).counts, {});
  assert.equal((await execute('function transform() {}')).out('success')[0]!.content, 'hello');
});

test('TypeScript, and bytes as Base64', async () => {
  const typed = 'interface In { content: string }\nfunction transform(flowFile: In): { content: string } { const x: number = 2; return { content: flowFile.content.repeat(x) }; }';
  assert.equal((await execute(typed, { 'Script Language': 'TypeScript' })).out('success')[0]!.content, 'hellohello');
  const bytes = await execute('function transform({ content }) { return { content }; }', { Content: 'base64' }, Buffer.from([0xff, 0]));
  assert.deepEqual([...bytes.out('success')[0]!.bytes], [0xff, 0]);
  assert.deepEqual((await execute('function transform() {}', {}, Buffer.from([0xff, 0]))).counts, { failure: 1 });
});

/** The sandbox without the thread around it. */
async function sandboxed(body: string, limits = { time: 5000, memory: 64 * 1024 * 1024 }) {
  const sandbox = await ScriptSandbox.create(`function transform() { ${body} }`, limits);
  assert.equal(sandbox.check(), undefined);
  return sandbox.call({ attributes: {}, content: null, size: 0 });
}

test('nothing outside can be reached', async () => {
  const names = ['process', 'require', 'fetch', 'setTimeout', 'WebAssembly', 'XMLHttpRequest', 'Buffer', 'module', 'Deno', 'std', 'os', 'navigator'];
  assert.equal(((await sandboxed(`return ${JSON.stringify(names)}.filter((name) => typeof globalThis[name] !== 'undefined');`)) as { result: string }).result, '[]');
  const attempts = [
    "this.constructor.constructor('return process')()",
    "log.constructor('return process')().exit()",
    'Function(\'return globalThis.process.mainModule.require("fs")\')()',
    'eval(\'require("child_process")\')',
  ];
  for (const attempt of attempts) assert.ok('error' in (await sandboxed(`return { content: String(${attempt}) };`)), attempt);
  const polluted = await execute(
    'function transform() { Object.prototype.polluted = \'yes\'; return { content: \'x\', attributes: JSON.parse(\'{"__proto__": {"evil": "1"}}\') }; }',
  );
  assert.deepEqual([polluted.counts.success, ({} as Record<string, unknown>).polluted, ({} as Record<string, unknown>).evil], [1, undefined, undefined]);
});

test('limits: endless loops, endless memory, bottomless calls, patterns that never end', async () => {
  const failing: [string, RegExp, boolean][] = [
    ['for (;;);', /took longer than 200 ms/, true],
    ["const all = []; for (;;) all.push('x'.repeat(100000) + all.length);", /bytes of memory|took longer/, true],
    ['const f = () => f() + 1; f();', /stack|recursion/i, true],
    ["/^(a+)+$/.test('a'.repeat(40) + 'b');", /took longer/, true],
    ["throw new TypeError('mine');", /TypeError: mine/, false],
  ];
  for (const [body, message, fatal] of failing) {
    const outcome = await sandboxed(body, { time: 200, memory: 8 * 1024 * 1024 });
    assert.match((outcome as { error: string }).error, message, body);
    assert.equal((outcome as { fatal: boolean }).fatal, fatal, body);
  }
});

test('a FlowFile whose script never ends fails alone, and what is no result fails', async () => {
  const run = runner(ExecuteScript, {
    properties: {
      'Time Limit': '200 ms',
      'Script Body': "function transform({ content }) { if (content === 'bad') for (;;); return content === 'odd' ? 5 : { content: 'fine', relationship: content }; }",
    },
  });
  for (const content of ['bad', 'success', 'odd', 'elsewhere']) run.enqueue(content);
  await run.run();
  assert.deepEqual(run.counts, { failure: 3, success: 1 });
  const messages = run.bulletins.map(({ message }) => message).join();
  for (const part of [/longer than 200 ms/, /no object/, /neither success nor failure/]) assert.match(messages, part);
});

test('a script that cannot be used keeps the processor from starting', async () => {
  await assert.rejects(execute('function transform( {'), /script cannot be used/);
  await assert.rejects(execute('const x = 1;'), /defines no function transform/);
  await assert.rejects(execute('for (;;);', { 'Time Limit': '100 ms' }), /cannot be used/);
  assert.match((await runner(ExecuteScript).validate()).join(), /Either Script Body or Script File/);
});
