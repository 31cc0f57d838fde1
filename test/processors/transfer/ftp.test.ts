import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import FetchFTP from '../../../processors/transfer/FetchFTP.ts';
import GetFTP from '../../../processors/transfer/GetFTP.ts';
import ListFTP from '../../../processors/transfer/ListFTP.ts';
import PutFTP from '../../../processors/transfer/PutFTP.ts';
import { runner } from '../../runner.ts';
import { FtpServer, USER } from '../../servers/ftp-server.ts';
import { found, messages, place, until } from './transfer-rig.ts';

let server: FtpServer;
before(async () => {
  server = await FtpServer.start();
});
after(() => server.stop());
beforeEach(() => {
  rmSync(server.root, { recursive: true, force: true });
  place(server.root, 'in/a.txt', 'one', 5);
  server.received.length = 0;
  Object.assign(server.faults, { cutAfter: undefined, extraLines: [], denied: [], unknown: [], silent: [] });
});

const at = (name: string): string => path.join(server.root, name);
const base = (): Record<string, string> => ({ ...server.properties, 'Use UTF-8 Encoding': 'true' });
const list = (properties: Record<string, string> = {}) => runner(ListFTP, { properties: { ...base(), 'Remote Path': '/in', ...properties } });
const fetch = (properties: Record<string, string> = {}) => runner(FetchFTP, { properties: { ...base(), 'Remote File': '${path}/${filename}', ...properties } });
const put = (properties: Record<string, string> = {}) => runner(PutFTP, { properties: { ...base(), 'Remote Path': '/out', 'Create Directory': 'true', ...properties } });
const LARGE = Buffer.alloc(3_000_001, 'millrace ');

// ---- ListFTP

test('files are listed once, with what the server tells of them, by new and old ways of listing', async () => {
  for (const unknown of [[], ['MLSD']]) {
    server.faults.unknown = unknown;
    place(server.root, 'in/sub/b b.txt', 'two', 4);
    place(server.root, 'in/.hidden', 'x', 3);
    const run = list({ 'Search Recursively': 'true' });
    await run.run();
    assert.deepEqual(found(run), ['/in a.txt', '/in/sub b b.txt'], unknown.join());
    const { attributes } = run.out('success')[0]!;
    assert.deepEqual(
      ['ftp.remote.host', 'ftp.remote.port', 'ftp.listing.user', 'file.size', 'file.permissions'].map((name) => attributes[name]),
      ['127.0.0.1', server.properties.Port, USER, '3', 'rw-r--r--'],
    );
    assert.equal(attributes['file.lastModifiedTime'], `${statSync(at('in/a.txt')).mtime.toISOString().slice(0, 19)}+0000`);
    run.clear();
    await run.run();
    assert.deepEqual(run.counts, {});
    await run.close();
  }
});

test('filters, links, names of all kinds, and names that lead elsewhere', async () => {
  place(server.root, 'in/grüße.log', 'x', 3);
  symlinkSync('grüße.log', at('in/link.log'));
  symlinkSync('../in', at('in/again'));
  server.faults.extraLines = ['type=file;size=1;modify=20260101000000; ../../etc/passwd', 'type=file;size=1;modify=20260101000000; /etc/shadow'];
  const names = async (properties: Record<string, string>): Promise<string[]> => {
    const run = list({ 'Listing Strategy': 'none', ...properties });
    await run.run();
    await run.close();
    return found(run);
  };
  assert.deepEqual(await names({}), ['/in a.txt', '/in grüße.log']);
  assert.deepEqual(await names({ 'File Filter Regex': '.*\\.log' }), ['/in grüße.log']);
  const linked = await names({ 'Follow Symbolic Links': 'true' });
  assert.ok(linked.includes('/in link.log') && linked.length < 20, linked.join());
  const gone = list({ 'Remote Path': '/none' });
  await gone.run();
  assert.match(messages(gone), /cannot list \/none: .*No such file/);
  await gone.close();
});

test('what this runtime cannot do is said when it is configured', async () => {
  assert.match((await list({ 'Connection Mode': 'Active' }).validate()).join(), /'Active' is not supported by this runtime/);
  assert.match((await put({ 'Transfer Mode': 'ASCII' }).validate()).join(), /'ASCII' is not supported by this runtime/);
  const proxied = runner(ListFTP, { properties: base(), services: { 'Proxy Configuration Service': { type: 'HTTP', host: 'x', port: 1 } } });
  await assert.rejects(proxied.start(), /cannot go through a proxy/);
  await proxied.close();
  const steps = await list({ Password: 'wrong' }).verify();
  assert.deepEqual([steps.at(-1)!.outcome, /Login incorrect.*Check Username and Password/.test(steps.at(-1)!.explanation)], ['FAILED', true]);
});

// ---- FetchFTP

test('content is read, removed and moved once it is stored; one connection serves many', async () => {
  place(server.root, 'in/large', LARGE);
  const before = server.logins;
  const run = fetch({ 'Completion Strategy': 'Delete File' });
  await run.start();
  await run.enqueue('', { path: '/in', filename: 'a.txt' }).enqueue('', { path: '/in', filename: 'large' }).run(2);
  assert.equal(run.out('success')[0]!.content, 'one');
  assert.ok(run.out('success')[1]!.bytes.equals(LARGE));
  assert.deepEqual([run.out('success')[0]!.attributes['ftp.remote.filename'], server.logins - before], ['/in/a.txt', 1]);
  run.flow.runtime.journal.flush();
  await until(() => !existsSync(at('in/a.txt')) && !existsSync(at('in/large')));
  await run.close();
  await until(() => server.open === 0);
  place(server.root, 'in/b.txt', 'two');
  const move = fetch({ 'Completion Strategy': 'Move File', 'Move Destination Directory': 'done/today', 'Create Directory': 'true' });
  await move.enqueue('', { path: '/in', filename: 'b.txt' }).run();
  move.flow.runtime.journal.flush();
  await until(() => existsSync(at('done/today/b.txt')));
  await move.close();
});

test('what is missing, closed, cut off or silent leaves the FlowFile as it was', async () => {
  place(server.root, 'in/closed');
  place(server.root, 'in/large', LARGE);
  server.faults.denied = ['/in/closed'];
  const outcome = async (filename: string, properties: Record<string, string> = {}): Promise<string> => {
    const run = fetch(properties);
    await run.enqueue('as it was', { path: '/in', filename }).run();
    await run.close();
    const [way] = Object.keys(run.counts) as ('not.found' | 'permission.denied' | 'comms.failure')[];
    const { content, penalized, attributes } = run.out(way!)[0]!;
    assert.deepEqual([content, penalized, attributes['fetch.failure.reason']], ['as it was', true, way]);
    return `${way} ${messages(run)}`;
  };
  assert.match(await outcome('gone'), /^not.found/);
  assert.match(await outcome('closed'), /^permission.denied/);
  assert.match(await outcome('two\r\nDELE a.txt'), /^comms.failure .*FTP has no way to name it/s);
  assert.match(await outcome('a\u010ADELE.txt', { 'Use UTF-8 Encoding': 'false' }), /^comms.failure .*Use UTF-8 Encoding must be true/);
  assert.equal(existsSync(at('in/a.txt')), true);
  assert.match(await outcome('a.txt', { Username: 'bob' }), /^comms.failure .*does not let bob in/);
  assert.match(await outcome('a.txt', { Port: '1' }), /^comms.failure .*ECONNREFUSED/);
  server.faults.cutAfter = 1_000_000;
  assert.match(await outcome('large'), /^comms.failure/);
  server.faults.silent = ['RETR'];
  assert.match(await outcome('a.txt', { 'Data Timeout': '200 millis' }), /^comms.failure .*[Tt]imeout/);
  server.faults.silent = ['USER'];
  assert.match(await outcome('a.txt', { 'Connection Timeout': '200 millis' }), /^comms.failure .*no answer within 200 ms \(Connection Timeout\)/);
});

// ---- GetFTP

test('GetFTP reads what it finds and removes it', async () => {
  place(server.root, 'in/sub/b.txt', 'two', 3);
  const run = runner(GetFTP, { properties: { ...base(), 'Remote Path': '/in', 'Search Recursively': 'true' } });
  await run.start();
  await run.run(5);
  const [a, b] = run.out('success');
  assert.deepEqual(
    [a!.content, a!.attributes.path, b!.content, b!.attributes['absolute.path'], b!.attributes['getftp.remote.source']],
    ['one', '/in/', 'two', '/in/sub/', '127.0.0.1'],
  );
  run.flow.runtime.journal.flush();
  await until(() => !existsSync(at('in/a.txt')) && !existsSync(at('in/sub/b.txt')));
  await run.close();
});

// ---- PutFTP

test('content is written under another name first, with time, permissions and commands around it', async () => {
  const run = put({
    Permissions: '640',
    'Last Modified Time': '2026-01-02T03:04:05+0000',
    'Remote Path': 'out/deep',
    'pre.cmd.2': 'NOOP two',
    'pre.cmd.1': 'NOOP one',
    'post.cmd.1': 'NOOP after',
  });
  await run.enqueue(LARGE, { filename: 'grüße an Änne.csv' }).run();
  assert.deepEqual([run.counts, readdirSync(at('out/deep')), messages(run)], [{ success: 1 }, ['grüße an Änne.csv'], '']);
  const file = at('out/deep/grüße an Änne.csv');
  assert.ok(readFileSync(file).equals(LARGE));
  assert.deepEqual([statSync(file).mode & 0o777, statSync(file).mtime.toISOString()], [0o640, '2026-01-02T03:04:05.000Z']);
  const sent = server.received.filter((line) => /^(NOOP|STOR|RNTO)/.test(line));
  assert.deepEqual(sent, ['NOOP one', 'NOOP two', 'STOR /out/deep/.grüße an Änne.csv', 'RNTO /out/deep/grüße an Änne.csv', 'NOOP after']);
  await run.close();
  const refused = put({ 'post.cmd.1': 'FLY' });
  await refused.enqueue('x', { filename: 'a' }).run();
  assert.deepEqual(refused.counts, { failure: 1 });
  await refused.close();
});

test('a name that is taken; what cannot be written leaves nothing that looks whole', async () => {
  const outcome = async (properties: Record<string, string>, content: string | Buffer = 'new', filename = 'a.txt'): Promise<unknown[]> => {
    const run = put(properties);
    await run.enqueue(content, { filename }).run();
    await run.close();
    return [run.counts, readdirSync(at('out')).sort()];
  };
  place(server.root, 'out/a.txt', 'old');
  assert.deepEqual(await outcome({ 'Conflict Resolution': 'IGNORE' }), [{ success: 1 }, ['a.txt']]);
  assert.deepEqual(await outcome({ 'Conflict Resolution': 'REJECT' }), [{ reject: 1 }, ['a.txt']]);
  assert.deepEqual(await outcome({ 'Conflict Resolution': 'FAIL' }), [{ failure: 1 }, ['a.txt']]);
  assert.equal(readFileSync(at('out/a.txt'), 'utf8'), 'old');
  assert.deepEqual(await outcome({ 'Conflict Resolution': 'RENAME' }), [{ success: 1 }, ['1.a.txt', 'a.txt']]);
  assert.deepEqual(await outcome({ 'Conflict Resolution': 'REPLACE' }), [{ success: 1 }, ['1.a.txt', 'a.txt']]);
  assert.equal(readFileSync(at('out/a.txt'), 'utf8'), 'new');
  assert.deepEqual(await outcome({}, ''), [{ reject: 1 }, ['1.a.txt', 'a.txt']]);
  server.faults.cutAfter = 1_000_000;
  assert.deepEqual(await outcome({}, LARGE, '../../b.txt'), [{ failure: 1 }, ['.b.txt', '1.a.txt', 'a.txt']]);
  server.faults.cutAfter = undefined;
  assert.deepEqual(await outcome({}, LARGE, 'b.txt'), [{ success: 1 }, ['1.a.txt', 'a.txt', 'b.txt']]);
  server.faults.unknown = ['MFMT', 'SITE'];
  assert.deepEqual((await outcome({ Permissions: '600' }, 'x', 'c.txt'))[0], { success: 1 });
});
