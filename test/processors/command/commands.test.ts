import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { test } from 'node:test';
import { splitArguments } from '../../../processors/command/arguments.ts';
import ExecuteProcess from '../../../processors/command/ExecuteProcess.ts';
import ExecuteStreamCommand from '../../../processors/command/ExecuteStreamCommand.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

/** A program of Node's. */
const node = (script: string, ...args: string[]) => ({
  'Command Path': process.execPath,
  'Command Arguments': ['-e', `"${script}"`, ...args].join(';'),
  'Argument Delimiter': ';',
});

async function until(condition: () => boolean): Promise<void> {
  for (const deadline = performance.now() + 10_000; !condition(); await delay(2)) if (performance.now() > deadline) throw new Error('What is waited for does not happen');
}

/** Not ended, or ended and not yet taken note of by whoever must. */
const isAlive = (pid: number): boolean => !/^(Z.*)?$/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim());

test('arguments are cut as NiFi cuts them', () => {
  assert.deepEqual(splitArguments('a b  "c d"e\tf', ' '), ['a', 'b', '', 'c de', 'f']);
  assert.deepEqual(splitArguments('a;b c;;', ';'), ['a', 'b c', '', '']);
  assert.deepEqual(splitArguments('', ' '), ['']);
});

test('ExecuteStreamCommand gives content to a command and takes its output', async () => {
  const run = runner(ExecuteStreamCommand, { properties: { 'Command Path': '/usr/bin/tr', 'Command Arguments': '${from};${to}', 'Output MIME Type': 'text/upper' } });
  const large = 'abc'.repeat(1_000_000);
  await run.enqueue('abc', { from: 'a-z', to: 'A-Z', kept: 'x' }).enqueue(large, { from: 'abc', to: 'xyz' }).run(2);
  assert.deepEqual(run.counts, { 'output stream': 2, original: 2 });
  const [output, second] = run.out('output stream');
  const [original] = run.out('original');
  assert.deepEqual([output!.content, second!.content.length, second!.content.slice(0, 6)], ['ABC', large.length, 'xyzxyz']);
  assert.deepEqual([output!.attributes.kept, output!.attributes['mime.type'], original!.attributes['mime.type']], ['x', 'text/upper', undefined]);
  for (const { attributes } of [output!, original!]) {
    const told = [attributes['execution.command'], attributes['execution.command.args'], attributes['execution.status'], attributes['execution.error']];
    assert.deepEqual(told, ['/usr/bin/tr', 'a-z;A-Z', '0', '']);
  }
});

test('ExecuteStreamCommand tells how a command has failed', async () => {
  const run = runner(ExecuteStreamCommand, { properties: node("process.stderr.write('e'.repeat(5000)); console.log('half'); process.exitCode = 3") });
  await run.enqueue('x').run();
  assert.deepEqual(run.counts, { 'nonzero status': 1, original: 1 });
  const [failed] = run.out('nonzero status');
  assert.deepEqual([failed!.content, failed!.attributes['execution.status'], failed!.attributes['execution.error']], ['half\n', '3', 'e'.repeat(4000)]);
  const missing = runner(ExecuteStreamCommand, { properties: { 'Command Path': '/no/such/program' } });
  await missing.enqueue('x').run();
  assert.deepEqual([missing.counts, missing.queued.length], [{}, 1]);
  assert.match(missing.bulletins.at(-1)!.message, /\/no\/such\/program cannot be started: .*ENOENT/);
});

test('ExecuteStreamCommand: an attribute for the output, input that is ignored or not read to its end', async () => {
  const attribute = runner(ExecuteStreamCommand, { properties: { 'Command Path': '/bin/cat', 'Output Destination Attribute': 'out', 'Max Attribute Length': '5' } });
  await attribute.enqueue('1234ö678').run();
  assert.deepEqual(attribute.counts, { original: 1 });
  assert.deepEqual([attribute.out('original')[0]!.attributes.out, attribute.out('original')[0]!.content], ['1234', '1234ö678']);
  const ignoring = runner(ExecuteStreamCommand, { properties: { 'Command Path': '/bin/cat', 'Ignore STDIN': 'true' } });
  await ignoring.enqueue('x').run();
  assert.equal(ignoring.out('output stream')[0]!.content, '');
  const head = runner(ExecuteStreamCommand, { properties: { 'Command Path': '/usr/bin/head', 'Command Arguments': '-c;3' } });
  await head.enqueue('x'.repeat(5_000_000)).run();
  assert.equal(head.out('output stream')[0]!.content, 'xxx');
});

test('a command sees what the flow sets, and no secrets of the runtime', async () => {
  process.env.MILLRACE_TEST_SECRET = 'not for you';
  const folder = path.join(temporaryDirectory(), 'made', 'here');
  const script = 'console.log(JSON.stringify([process.cwd(), process.env, process.argv.slice(1)]))';
  const run = runner(ExecuteStreamCommand, {
    properties: {
      'Command Path': process.execPath,
      'Command Arguments Strategy': 'Dynamic Property Arguments',
      'command.argument.10': 'last ${n}',
      'command.argument.2': '; $(touch x)',
      'command.argument.1': script,
      'command.argument.0': '-e',
      'Working Directory': folder,
      GREETING: 'hello',
    },
    config: { sensitiveDynamicPropertyNames: ['command.argument.10'] },
  });
  await run.enqueue('', { n: '7' }).run();
  delete process.env.MILLRACE_TEST_SECRET;
  const [cwd, environment, args] = JSON.parse(run.out('output stream')[0]!.content) as [string, Record<string, string>, string[]];
  assert.deepEqual([cwd, args, environment.GREETING, environment.PATH], [folder, ['; $(touch x)', 'last 7'], 'hello', process.env.PATH]);
  assert.equal(environment.MILLRACE_TEST_SECRET, undefined);
  assert.deepEqual(
    Object.keys(environment).filter((name) => /^(npm_|NODE_)/.test(name)),
    [],
  );
  assert.equal(run.out('original')[0]!.attributes['execution.command.args'], `-e\t${script}\t; $(touch x)\t********`);
});

test('a stop ends the command and what it has started, and leaves the FlowFile', async () => {
  const file = path.join(temporaryDirectory(), 'pids');
  const folder = path.dirname(file);
  const script = `trap '' TERM; sleep 600 & echo $$ $! > ${path.basename(file)}; wait; wait`;
  const run = runner(ExecuteStreamCommand, { properties: { 'Command Path': '/bin/sh', 'Command Arguments': `-c;"${script.replaceAll(';', '\n')}"`, 'Working Directory': folder } });
  await run.start();
  const running = run.enqueue('x').run();
  await until(() => existsSync(file) && /\d+ \d+\n/.test(readFileSync(file, 'utf8')));
  const pids = readFileSync(file, 'utf8').trim().split(' ').map(Number);
  assert.deepEqual(pids.map(isAlive), [true, true]);
  await run.stop();
  await running;
  assert.deepEqual(pids.map(isAlive), [false, false]);
  assert.deepEqual([run.counts, run.queued.length], [{}, 1]);
});

test('ExecuteProcess makes a FlowFile of the output of a command', async () => {
  const properties = { Command: process.execPath, 'Command Arguments': `-e "console.log(process.env.WORD); console.error('oh'); process.exitCode = 4"`, WORD: 'hello' };
  const run = runner(ExecuteProcess, { properties: { ...properties, 'MIME Type': 'text/x' } });
  await run.run();
  const [made] = run.out('success');
  assert.deepEqual(
    [made!.content, made!.attributes.command, made!.attributes['command.arguments'], made!.attributes['mime.type']],
    ['hello\n', process.execPath, properties['Command Arguments'], 'text/x'],
  );
  assert.deepEqual(
    run.bulletins.map(({ message }) => message),
    ['oh', `The command ${process.execPath} has ended with status 4.`],
  );
  const joined = runner(ExecuteProcess, { properties: { ...properties, 'Redirect Error Stream': 'true' } });
  await joined.run();
  assert.deepEqual(joined.out('success')[0]!.content.split('\n').sort(), ['', 'hello', 'oh']);
  const silent = runner(ExecuteProcess, { properties: { Command: '/bin/true' } });
  await silent.run();
  assert.deepEqual(silent.counts, {});
  const missing = runner(ExecuteProcess, { properties: { Command: '/no/such/program' } });
  await missing.run();
  assert.ok(missing.yielded > 0);
  assert.match(missing.bulletins.at(-1)!.message, /cannot be started/);
});

test('ExecuteProcess gathers whole lines of a command that runs on, and ends it when it stops', async () => {
  const script = 'let n = 0; setInterval(() => process.stdout.write(n % 2 ? "b" + n++ + "\\n" : "a" + n++), 5)';
  const run = runner(ExecuteProcess, {
    properties: { Command: process.execPath, 'Command Arguments': `-e|${script.replaceAll('"', "'")}`, 'Argument Delimiter': '|', 'Batch Duration': '60 ms', 'MIME Type': 'no' },
  });
  await run.start();
  while (run.out('success').length < 3) await run.run(1);
  await run.stop();
  const lines = run.out('success').map(({ content }) => content);
  assert.ok(lines.every((content) => content.endsWith('\n')));
  const expected = Array.from({ length: lines.join('').split('\n').length - 1 }, (_, index) => `a${2 * index}b${2 * index + 1}\n`);
  assert.equal(lines.join(''), expected.join(''));
  assert.equal(run.out('success')[0]!.attributes['mime.type'], undefined);
  assert.match(run.bulletins.at(-1)!.message, /status 143/);
  const short = runner(ExecuteProcess, { properties: { Command: '/bin/echo', 'Command Arguments': '-n no end', 'Batch Duration': '5 sec' } });
  await short.run();
  assert.equal(short.out('success')[0]!.content, 'no end\n');
});
