import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import DeleteSFTP from '../../../processors/transfer/DeleteSFTP.ts';
import FetchSFTP from '../../../processors/transfer/FetchSFTP.ts';
import GetSFTP from '../../../processors/transfer/GetSFTP.ts';
import PutSFTP from '../../../processors/transfer/PutSFTP.ts';
import { runner } from '../../runner.ts';
import { SftpServer } from '../../servers/sftp-server.ts';
import { messages, place, until } from './transfer-rig.ts';

let server: SftpServer;
before(async () => {
  server = await SftpServer.start();
});
after(() => server.stop());
beforeEach(() => {
  rmSync(server.root, { recursive: true, force: true });
  place(server.root, 'in/a.txt', 'one');
  Object.assign(server.faults, { cutAfter: undefined, extraNames: [], denied: [], readOnly: [], isSilent: false });
});

const at = (name: string): string => path.join(server.root, name);
const fetch = (properties: Record<string, string> = {}) => runner(FetchSFTP, { properties: { ...server.properties, 'Remote File': '${path}/${filename}', ...properties } });
const put = (properties: Record<string, string> = {}) =>
  runner(PutSFTP, { properties: { ...server.properties, 'Remote Path': '/out', 'Create Directory': 'true', ...properties } });
const LARGE = Buffer.alloc(3_000_001, 'millrace ');

// ---- FetchSFTP

test('the content of a file replaces that of the FlowFile, and the connection serves the next one', async () => {
  place(server.root, 'in/large', LARGE);
  const before = server.logins;
  const run = fetch();
  await run.enqueue('', { path: '/in', filename: 'a.txt' }).enqueue('', { path: 'in', filename: 'large' }).run(2);
  const [a, large] = run.out('success');
  assert.equal(a!.content, 'one');
  assert.ok(large!.bytes.equals(LARGE));
  const { 'sftp.remote.host': host, 'sftp.remote.port': port, 'sftp.remote.filename': file, filename, path: directory } = a!.attributes;
  assert.deepEqual([host, port, file, filename, directory], ['127.0.0.1', String(server.port), '/in/a.txt', 'a.txt', '/in']);
  assert.equal(server.logins, before + 1);
  const told = run.provenance.filter(({ type }) => type === 'FETCH').map(({ transitUri }) => transitUri);
  assert.deepEqual(told, [`sftp://127.0.0.1:${server.port}/in/a.txt`, `sftp://127.0.0.1:${server.port}/in/large`]);
  await run.close();
  await until(() => server.open === 0);
});

test('once the content is stored, the file is removed or moved', async () => {
  place(server.root, 'in/b.txt', 'two');
  const remove = fetch({ 'Completion Strategy': 'Delete File' });
  await remove.start();
  await remove.enqueue('', { path: '/in', filename: 'a.txt' }).run();
  assert.equal(existsSync(at('in/a.txt')), true, 'not before');
  remove.flow.runtime.journal.flush();
  await until(() => !existsSync(at('in/a.txt')));
  const move = fetch({ 'Completion Strategy': 'Move File', 'Move Destination Directory': '/done/${filename}', 'Create Directory': 'true' });
  await move.enqueue('', { path: '/in', filename: 'b.txt' }).run();
  move.flow.runtime.journal.flush();
  await until(() => existsSync(at('done/b.txt/b.txt')));
  assert.equal(existsSync(at('in/b.txt')), false);
  const stuck = fetch({ 'Completion Strategy': 'Move File', 'Move Destination Directory': '/none' });
  place(server.root, 'in/c.txt');
  await stuck.enqueue('', { path: '/in', filename: 'c.txt' }).run();
  stuck.flow.runtime.journal.flush();
  await until(() => /stays where it is/.test(messages(stuck)));
  assert.deepEqual(stuck.counts, { success: 1 });
  assert.match((await fetch({ 'Completion Strategy': 'Move File' }).validate()).join(), /Move Destination Directory must be set/);
  await Promise.all([remove.close(), move.close(), stuck.close()]);
});

test('a file that is missing, closed, or a directory; a server that does not answer', async () => {
  place(server.root, 'in/closed');
  server.faults.denied = ['/in/closed'];
  const run = fetch({ 'Log Level When File Not Found': 'NONE' });
  const names = ['gone', 'closed', '../in'];
  for (const filename of names) run.enqueue('as it was', { path: '/in', filename });
  await run.run(3);
  assert.deepEqual(run.counts, { 'not.found': 1, 'permission.denied': 1, 'comms.failure': 1 });
  for (const way of ['not.found', 'permission.denied', 'comms.failure'] as const) {
    const { content, penalized, attributes } = run.out(way)[0]!;
    assert.deepEqual([content, penalized, attributes['fetch.failure.reason']], ['as it was', true, way]);
  }
  assert.doesNotMatch(messages(run), /gone/);
  const nobody = fetch({ Port: '1' });
  await nobody.enqueue('as it was', { path: '/in', filename: 'a.txt' }).run();
  assert.deepEqual(nobody.counts, { 'comms.failure': 1 });
  assert.match(messages(nobody), /No SSH connection to 127.0.0.1:1/);
  server.faults.isSilent = true;
  const silent = fetch({ 'Data Timeout': '200 millis' });
  await silent.enqueue('as it was', { path: '/in', filename: 'a.txt' }).run();
  assert.deepEqual([silent.counts, silent.out('comms.failure')[0]!.content], [{ 'comms.failure': 1 }, 'as it was']);
  assert.match(messages(silent), /no answer within 200 ms \(Data Timeout\)/);
  await Promise.all([run.close(), nobody.close(), silent.close()]);
});

test('a connection that breaks in the middle leaves the FlowFile as it was; the next one connects anew', async () => {
  place(server.root, 'in/large', LARGE);
  server.faults.cutAfter = 1_000_000;
  const run = fetch({ 'Completion Strategy': 'Delete File' });
  await run.start();
  await run.enqueue('as it was', { path: '/in', filename: 'large' }).run();
  assert.deepEqual([run.counts, run.out('comms.failure')[0]!.content], [{ 'comms.failure': 1 }, 'as it was']);
  server.faults.cutAfter = undefined;
  await run.enqueue('', { path: '/in', filename: 'large' }).run();
  assert.ok(run.out('success')[0]!.bytes.equals(LARGE));
  await run.close();
});

// ---- GetSFTP

test('GetSFTP reads what it finds, a file a trigger, and removes it once it is stored', async () => {
  place(server.root, 'in/sub/b.txt', 'two', 3);
  place(server.root, 'in/.hidden', 'x', 3);
  const run = runner(GetSFTP, { properties: { ...server.properties, 'Remote Path': '/in', 'Search Recursively': 'true' } });
  await run.start();
  await run.run(5);
  const [a, b] = run.out('success');
  assert.deepEqual([a!.content, a!.attributes.filename, a!.attributes.path, a!.attributes['absolute.path']], ['one', 'a.txt', '/in/', '/in/']);
  assert.deepEqual([b!.content, b!.attributes.path, b!.attributes['getsftp.remote.source']], ['two', '/in/sub/', '127.0.0.1']);
  assert.match(b!.attributes['file.lastModifiedTime']!, /\+0000$/);
  assert.deepEqual(run.counts, { success: 2 });
  assert.ok(run.yielded > 0);
  await run.advance(60_000);
  await run.run(3);
  assert.deepEqual(run.counts, { success: 2 }, 'what waits to be removed is not read again');
  run.flow.runtime.journal.flush();
  await until(() => !existsSync(at('in/a.txt')) && !existsSync(at('in/sub/b.txt')));
  assert.equal(existsSync(at('in/.hidden')), true);
  await run.close();
});

test('GetSFTP looks again only after its interval, goes by names if told to, and reads anew what broke off', async () => {
  place(server.root, 'in/0.txt', LARGE, 1);
  server.faults.cutAfter = 1_000_000;
  const properties = { ...server.properties, 'Remote Path': 'in', 'Delete Original': 'false', 'Use Natural Ordering': 'true' };
  const run = runner(GetSFTP, { properties });
  await run.start();
  await run.run(5);
  assert.match(messages(run), /in\/0.txt was not read/);
  assert.deepEqual(run.counts, {});
  assert.ok(run.yielded > 0);
  server.faults.cutAfter = undefined;
  await run.advance(2000);
  await run.run(5);
  assert.deepEqual(
    run.out('success').map(({ attributes }) => attributes.filename),
    ['a.txt'],
  );
  await run.advance(60_000);
  await run.run(5);
  assert.deepEqual(
    run.out('success').map(({ attributes, size }) => [attributes.filename, attributes.path, attributes['absolute.path'], size]),
    [
      ['a.txt', 'in/', '/in/', 3],
      ['0.txt', 'in/', '/in/', LARGE.length],
      ['a.txt', 'in/', '/in/', 3],
    ],
  );
  await run.close();
});

// ---- PutSFTP

test('content is written under another name first, with times and permissions', async () => {
  const run = put({ Permissions: 'rw-r-----', 'Last Modified Time': '2026-01-02T03:04:05+0000', 'Remote Owner': '${user}', 'Remote Group': '0', 'Remote Path': '/out/${where}' });
  await run.enqueue(LARGE, { filename: 'grüße an\nÄnne.csv', where: 'deep/er', user: String(process.getuid!()) }).run();
  assert.deepEqual([run.counts, readdirSync(at('out/deep/er'))], [{ success: 1 }, ['grüße an\nÄnne.csv']]);
  const file = at('out/deep/er/grüße an\nÄnne.csv');
  const { mode, mtime } = statSync(file);
  assert.deepEqual([mode & 0o777, mtime.toISOString()], [0o640, '2026-01-02T03:04:05.000Z']);
  assert.ok(readFileSync(file).equals(LARGE));
  const sent = run.provenance.find(({ type }) => type === 'SEND');
  assert.equal(sent!.transitUri, `sftp://127.0.0.1:${server.port}/out/deep/er/${encodeURI('grüße an\nÄnne.csv')}`);
  await run.close();
});

test('a name that is taken is written over, left, changed, rejected, or a failure', async () => {
  const outcome = async (conflict: string, more: Record<string, string> = {}): Promise<unknown[]> => {
    rmSync(at('out'), { recursive: true, force: true });
    place(server.root, 'out/a.txt', 'old');
    place(server.root, 'out/1.a.txt', 'old');
    const run = put({ 'Conflict Resolution': conflict, ...more });
    await run.enqueue('new', { filename: 'a.txt' }).run();
    await run.close();
    return [run.counts, readFileSync(at('out/a.txt'), 'utf8'), readdirSync(at('out')).length];
  };
  assert.deepEqual(await outcome('NONE'), [{ success: 1 }, 'new', 2]);
  assert.deepEqual(await outcome('NONE', { 'Dot Rename': 'false' }), [{ success: 1 }, 'new', 2]);
  assert.deepEqual(await outcome('REPLACE', { 'Temporary Filename': '${filename}.part' }), [{ success: 1 }, 'new', 2]);
  assert.deepEqual(await outcome('IGNORE'), [{ success: 1 }, 'old', 2]);
  assert.deepEqual(await outcome('RENAME'), [{ success: 1 }, 'old', 3]);
  assert.equal(readFileSync(at('out/2.a.txt'), 'utf8'), 'new');
  assert.deepEqual(await outcome('REJECT'), [{ reject: 1 }, 'old', 2]);
  assert.deepEqual(await outcome('FAIL'), [{ failure: 1 }, 'old', 2]);
});

test('what cannot be written fails, is penalized, and leaves nothing that looks whole', async () => {
  const failed = async (run: ReturnType<typeof put>, way: 'failure' | 'reject', reason: RegExp, filename = 'a.txt', content: string | Buffer = 'x'): Promise<void> => {
    await run.enqueue(content, { filename }).run();
    assert.deepEqual([run.counts, run.out(way)[0]!.bytes.length], [{ [way]: 1 }, content.length]);
    assert.match(messages(run), reason);
    await run.close();
  };
  await failed(put({ 'Create Directory': 'false' }), 'failure', /No such file/);
  await failed(put(), 'reject', /Reject Zero-Byte Files/, 'empty', '');
  await failed(put(), 'failure', /filename is '\.\.', which is not a name/, '../..');
  place(server.root, 'out/d/inside');
  await failed(put({ 'Conflict Resolution': 'REPLACE' }), 'reject', /d is a directory/, 'd');
  await failed(put({ 'Temporary Filename': '../x' }), 'failure', /not a name of a file/);
  server.faults.denied = ['/out/.b.txt'];
  await failed(put(), 'failure', /Permission denied/, 'b.txt');
  server.faults.cutAfter = 1_000_000;
  await failed(put(), 'failure', /cannot write/, 'c.txt', LARGE);
  assert.deepEqual(readdirSync(at('out')).sort(), ['.c.txt', 'd']);
  server.faults.cutAfter = undefined;
  const again = put({ Permissions: 'everything', 'Remote Owner': 'ann' });
  await again.enqueue(LARGE, { filename: 'c.txt' }).run();
  assert.deepEqual([again.counts, readdirSync(at('out')).sort()], [{ success: 1 }, ['c.txt', 'd']]);
  assert.match(messages(again), /Permissions gives 'everything'[\s\S]*Remote Owner gives 'ann'/);
  await again.close();
});

test('a file that may not be written over stays what it was', async () => {
  place(server.root, 'out/a.txt', 'old');
  server.faults.readOnly = ['/out/a.txt'];
  const run = put({ 'Dot Rename': 'false' });
  await run.enqueue('new', { filename: 'a.txt' }).run();
  assert.deepEqual([run.counts, readFileSync(at('out/a.txt'), 'utf8')], [{ failure: 1 }, 'old']);
  await run.close();
});

test('a path in filename counts for nothing, empty files may be let through, and a connection serves so many', async () => {
  const before = server.logins;
  const run = put({ 'Reject Zero-Byte Files': 'false', 'Batch Size': '2' });
  for (const filename of ['../../evil', 'b', 'c']) run.enqueue('', { filename });
  await run.run(3);
  assert.deepEqual([run.counts, readdirSync(at('out')).sort(), server.logins - before], [{ success: 3 }, ['b', 'c', 'evil'], 2]);
  const home = put({ 'Remote Path': '' });
  await home.enqueue('x', { filename: 'at-home' }).run();
  assert.equal(readFileSync(at('at-home'), 'utf8'), 'x');
  await Promise.all([run.close(), home.close()]);
});

test('directories are made without looking, where looking is not allowed', async () => {
  const run = put({ 'Disable Directory Listing': 'true', 'Remote Path': '/x/y/z' });
  await run.enqueue('x', { filename: 'a' }).enqueue('x', { filename: 'b' }).run(2);
  assert.deepEqual([run.counts, readdirSync(at('x/y/z'))], [{ success: 2 }, ['a', 'b']]);
  await run.close();
});

// ---- DeleteSFTP

test('DeleteSFTP removes a file directly in the directory, and no other', async () => {
  place(server.root, 'in/b.txt');
  server.faults.denied = ['/in/b.txt'];
  const run = runner(DeleteSFTP, { properties: server.properties });
  for (const filename of ['a.txt', 'gone', 'b.txt', '../x', '..']) run.enqueue('', { path: '/in/', filename });
  await run.run(5);
  assert.deepEqual([run.counts, readdirSync(at('in'))], [{ success: 1, 'not found': 1, failure: 3 }, ['b.txt']]);
  assert.match(messages(run), /'\.\.\/x' is not a file directly in the directory/);
  assert.deepEqual(
    run.provenance.filter(({ type }) => type === 'REMOTE_INVOCATION').map(({ transitUri }) => transitUri),
    [`sftp://127.0.0.1:${server.port}/in/a.txt`],
  );
  await run.close();
});
