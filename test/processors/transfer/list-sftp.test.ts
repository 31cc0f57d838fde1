import assert from 'node:assert/strict';
import { appendFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import JsonRecordSetWriter from '../../../processors/records/JsonRecordSetWriter.ts';
import ListSFTP from '../../../processors/transfer/ListSFTP.ts';
import { runner } from '../../runner.ts';
import { SftpServer, USER } from '../../servers/sftp-server.ts';
import { found, messages, place } from './transfer-rig.ts';

let server: SftpServer;
before(async () => {
  server = await SftpServer.start();
});
after(() => server.stop());
beforeEach(() => {
  rmSync(server.root, { recursive: true, force: true });
  place(server.root, 'in/a.txt', 'one', 5);
  server.faults.extraNames = [];
  server.faults.denied = [];
});

const list = (properties: Record<string, string> = {}, services = {}) => runner(ListSFTP, { properties: { ...server.properties, 'Remote Path': '/in', ...properties }, services });

test('files are listed once, with what the server tells of them', async () => {
  const run = await list().run();
  const { attributes } = run.out('success')[0]!;
  const { filename, path: directory } = attributes;
  assert.deepEqual([filename, directory, attributes['file.size'], attributes['file.permissions']], ['a.txt', '/in', '3', 'rw-r--r--']);
  assert.deepEqual([attributes['sftp.remote.host'], attributes['sftp.remote.port'], attributes['sftp.listing.user']], ['127.0.0.1', String(server.port), USER]);
  assert.match(attributes['file.lastModifiedTime']!, /^\d{4}-\d\d-\d\dT\d\d:\d\d:00\+0000$/);
  assert.deepEqual([attributes['file.owner'], attributes['file.group']], [String(process.getuid!()), String(process.getgid!())]);
  run.clear();
  await run.run();
  assert.deepEqual(run.counts, {});
  assert.ok(run.yielded > 0);
  await run.close();
});

test('what is new, changed or has grown in the same second is listed again; what another place listed counts for nothing', async () => {
  const run = await list().run();
  run.clear();
  const a = path.join(server.root, 'in/a.txt');
  appendFileSync(a, ' and more');
  const at = Math.floor(Date.now() / 60_000) * 60 - 5 * 60;
  utimesSync(a, at, at);
  place(server.root, 'in/b.txt', 'two', 5);
  place(server.root, 'in/old.txt', 'older than what was listed', 9);
  await run.run();
  assert.deepEqual(found(run), ['/in a.txt', '/in b.txt']);
  const elsewhere = runner(ListSFTP, { properties: { ...server.properties, 'Remote Path': '/' }, state: run.state() });
  place(server.root, 'c.txt', 'three', 30);
  await elsewhere.run();
  assert.deepEqual(found(elsewhere), ['/ c.txt']);
  await Promise.all([run.close(), elsewhere.close()]);
});

test('filters of names, directories, age and size; dotted files and links', async () => {
  place(server.root, 'in/sub/b.txt', 'bb', 4);
  place(server.root, 'in/other/c.txt', 'ccc', 3);
  place(server.root, 'in/.hidden', 'x', 2);
  place(server.root, 'in/d.log', 'dddd', 1);
  symlinkSync('../in', path.join(server.root, 'in/again'));
  symlinkSync('d.log', path.join(server.root, 'in/link'));
  symlinkSync('nowhere', path.join(server.root, 'in/dead'));
  const names = async (properties: Record<string, string>): Promise<string[]> => {
    const run = await list({ 'Search Recursively': 'true', ...properties }).run();
    await run.close();
    return found(run);
  };
  assert.deepEqual(await names({}), ['/in a.txt', '/in/sub b.txt', '/in/other c.txt', '/in d.log']);
  assert.deepEqual(await names({ 'Search Recursively': 'false' }), ['/in a.txt', '/in d.log']);
  assert.deepEqual(await names({ 'Path Filter Regex': 's.b' }), ['/in a.txt', '/in/sub b.txt', '/in d.log']);
  assert.deepEqual(await names({ 'File Filter Regex': '[bc]\\..*' }), ['/in/sub b.txt', '/in/other c.txt']);
  assert.deepEqual(await names({ 'Ignore Dotted Files': 'false', 'File Filter Regex': '\\..*' }), ['/in .hidden']);
  assert.deepEqual(await names({ 'Minimum File Size': '3 B', 'Maximum File Size': '3 B' }), ['/in a.txt', '/in/other c.txt']);
  assert.deepEqual(await names({ 'Minimum File Age': '5 min' }), ['/in a.txt']);
  assert.deepEqual(await names({ 'Maximum File Age': '150 sec' }), ['/in d.log']);
  const linked = await names({ 'Follow Symbolic Links': 'true' });
  assert.ok(linked.includes('/in link') && !linked.some((name) => name.includes('dead')));
  assert.ok(linked.length < 20, 'a link that leads back up is entered once');
});

test('names with spaces, umlauts and line breaks are names; a server that names files elsewhere is not obeyed', async () => {
  place(server.root, 'in/grüße an Änne.txt', 'x', 4);
  place(server.root, 'in/two\nlines', 'x', 3);
  server.faults.extraNames = ['../../etc/passwd', '/etc/shadow', 'a/b', ''];
  const run = await list().run();
  assert.deepEqual(found(run), ['/in a.txt', '/in grüße an Änne.txt', '/in two\nlines']);
  assert.match(messages(run), /names 4 files in \/in that cannot be there, such as "..\/..\/etc\/passwd"/);
  await run.close();
});

test('all files as records of one FlowFile', async () => {
  place(server.root, 'in/b.txt', 'two', 4);
  const run = await list({}, { 'Record Writer': { definition: JsonRecordSetWriter, properties: { 'Timestamp Format': "yyyy-MM-dd'T'HH:mm" } } }).run();
  const { attributes, content } = run.out('success')[0]!;
  assert.deepEqual([attributes['record.count'], attributes['mime.type']], ['2', 'application/json']);
  const [first, second] = JSON.parse(content) as Record<string, unknown>[];
  assert.deepEqual([first!.filename, first!.path, first!.size, first!.directory, second!.filename], ['a.txt', '/in', 3, false, 'b.txt']);
  assert.match(String(first!.lastModified), /^\d{4}-\d\d-\d\dT\d\d:\d\d$/);
  await run.close();
});

test('no tracking lists everything each time, a time window what was changed within', async () => {
  const all = list({ 'Listing Strategy': 'none' });
  await all.run();
  await all.run();
  assert.deepEqual(all.counts, { success: 2 });
  const window = list({ 'Listing Strategy': 'time-window' });
  place(server.root, 'in/now.txt', 'x', 0);
  utimesSync(path.join(server.root, 'in/now.txt'), Date.now() / 1000 + 5, Date.now() / 1000 + 5);
  await window.run();
  assert.deepEqual(found(window), ['/in a.txt']);
  window.clear();
  await window.advance(60_000);
  await window.run();
  assert.deepEqual(found(window), ['/in now.txt']);
  await Promise.all([all.close(), window.close()]);
});

test('tracking of entities finds what comes with an old time, and remembers in a cache', async () => {
  const kept = new Map<string, string>();
  const cache = {
    get: async (key: string) => (kept.has(key) ? { value: kept.get(key)!, revision: 0 } : undefined),
    put: async (key: string, value: string) => void kept.set(key, value),
  };
  const services = { 'Entity Tracking State Cache': cache };
  const run = list({ 'Listing Strategy': 'entities' }, services);
  await run.start();
  await run.run();
  assert.deepEqual(found(run), ['/in a.txt']);
  run.clear();
  place(server.root, 'in/older.txt', 'x', 60);
  place(server.root, 'in/a.txt', 'longer than before', 5);
  place(server.root, 'in/__proto__', 'x', 10);
  await run.run();
  assert.deepEqual(found(run), ['/in older.txt', '/in __proto__', '/in a.txt']);
  run.clear();
  await run.run();
  assert.deepEqual(run.counts, {});
  run.flow.runtime.journal.flush();
  assert.match([...kept.values()][0]!, /__proto__/);
  await run.stop();
  await run.run();
  assert.deepEqual(run.counts, {}, 'after a restart the cache still knows');
  await run.advance(3 * 3_600_000);
  place(server.root, 'in/ancient.txt', 'x', 600);
  await run.run();
  assert.deepEqual(run.counts, {}, 'what is older than the window is not listed');
  await run.close();
  const problems = await list({ 'Listing Strategy': 'entities' }).validate();
  assert.match(problems.join(), /'Entity Tracking State Cache' is required/);
});

test('a directory inside that may not be read is left out; one that is missing or closed is told of', async () => {
  place(server.root, 'in/closed/b.txt');
  server.faults.denied = ['/in/closed'];
  const run = await list({ 'Search Recursively': 'true' }).run();
  assert.deepEqual(found(run), ['/in a.txt']);
  assert.match(messages(run), /closed is left out: .*Permission denied/);
  const gone = await list({ 'Remote Path': '/no/such' }).run();
  assert.match(messages(gone), /cannot list \/no\/such: No such file/);
  const denied = await list({ 'Remote Path': '/in/closed' }).run();
  assert.match(messages(denied), /cannot list \/in\/closed: Permission denied/);
  assert.ok(denied.yielded > 0);
  await Promise.all([run.close(), gone.close(), denied.close()]);
});

test('"Test connection" logs in and lists', async () => {
  const outcomes = async (properties: Record<string, string>): Promise<string[]> => {
    const run = list(properties);
    const steps = await run.verify();
    await run.close();
    return steps.map(({ name, outcome }) => `${name}: ${outcome}`);
  };
  assert.deepEqual((await outcomes({})).slice(-2), ['Log in: SUCCESSFUL', 'List the directory: SUCCESSFUL']);
  assert.deepEqual((await outcomes({ Password: 'wrong' })).slice(-1), ['Log in: FAILED']);
  assert.deepEqual((await outcomes({ 'Remote Path': '/none' })).slice(-2), ['Log in: SUCCESSFUL', 'List the directory: FAILED']);
});
