import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { GitRegistry } from '../../../processors/git/git-registry.ts';
import { Repository } from '../../../processors/git/repository.ts';
import { RegistryError, type SaveRequest } from '../../../server/extension/flow-registry.ts';
import { temporaryDirectory } from '../../temporary-directory.ts';

const LOCATION = { branch: 'main', bucket: 'marketing', flow: 'segments' };

async function registryAt(directory: string, more: { folder?: string } = {}): Promise<GitRegistry> {
  const repository = await Repository.at(directory, true, 'main');
  return new GitRegistry({ repository, remote: undefined, storageLocation: directory, defaultBranch: 'main', folder: '', excluded: /^[.].*$/, ...more });
}

const definition = (name: string) => ({
  flowContents: { identifier: 'g-1', name, position: { x: 5, y: 6 }, processors: [{ identifier: 'p-1', groupIdentifier: 'g-1' }] },
  parameterContexts: {},
  flowEncodingVersion: '1.0',
});
const request = (name: string, follows: string | undefined, more: Partial<SaveRequest> = {}): SaveRequest => ({
  location: LOCATION,
  name: 'Segments',
  definition: definition(name),
  comments: `made ${name}`,
  author: 'ada',
  follows,
  ...more,
});
const refused = (kind: string, message: RegExp) => (thrown: unknown) => thrown instanceof RegistryError && thrown.kind === kind && message.test(thrown.message);

test('versions are commits that change a file, newest first', async () => {
  const registry = await registryAt(path.join(temporaryDirectory(), 'new'));
  assert.deepEqual(await registry.buckets('main'), [{ id: 'default', name: 'default' }]);
  assert.deepEqual(await registry.versions(LOCATION), []);
  const first = await registry.save(request('one', undefined));
  const second = await registry.save(request('two', first.version));
  await registry.save(request('other', undefined, { location: { ...LOCATION, flow: 'other' } }));
  const versions = await registry.versions(LOCATION);
  assert.deepEqual(
    versions.map(({ version, comments, author }) => [version, comments, author]),
    [
      [second.version, 'made two', 'ada'],
      [first.version, 'made one', 'ada'],
    ],
  );
  assert.deepEqual(await registry.branches(), ['main']);
  assert.deepEqual(
    (await registry.flows('main', 'marketing')).map(({ id, name }) => [id, name]),
    [
      ['other', 'Segments'],
      ['segments', 'Segments'],
    ],
  );
  const old = await registry.read(LOCATION, first.version);
  assert.equal((old.definition.flowContents as { name: string }).name, 'one');
  assert.deepEqual([old.isLatest, (await registry.read(LOCATION)).isLatest], [false, true]);
});

test('files look as those that NiFi writes: keys in order, no place, the outermost group by a name of its own', async () => {
  const directory = temporaryDirectory();
  const registry = await registryAt(directory, { folder: 'flows/production' });
  const { version } = await registry.save(request('one', undefined));
  const { gitdir } = await Repository.at(directory, false, 'main');
  const text = await new Repository(gitdir, true).read(version, 'flows/production/marketing/segments.json');
  const json = JSON.parse(text!) as { flowContents: { identifier: string; position: object; processors: { groupIdentifier: string }[] }; flow: object; snapshotMetadata: object };
  assert.deepEqual(
    [json.flowContents.identifier, json.flowContents.processors[0]!.groupIdentifier, json.flowContents.position],
    ['flow-contents-group', 'flow-contents-group', { x: 0, y: 0 }],
  );
  assert.deepEqual(json.flow, { identifier: 'segments', name: 'Segments' });
  assert.deepEqual(Object.keys(json), [...Object.keys(json)].sort());
});

test('nobody overwrites what he has not seen, unless he insists', async () => {
  const registry = await registryAt(temporaryDirectory());
  const first = await registry.save(request('one', undefined));
  await assert.rejects(registry.save(request('again', undefined)), refused('conflict', /is there already.*Choose another name/));
  const second = await registry.save(request('two', first.version));
  await assert.rejects(registry.save(request('late', first.version)), refused('conflict', /newer version .*made two, by ada.*force/));
  await registry.save(request('forced', first.version, { force: true }));
  assert.equal((await registry.versions(LOCATION)).length, 3);
  assert.notEqual(second.version, first.version);
});

test('of twenty that save different flows at once none is lost; of two that save the same, one is told', async () => {
  const directory = temporaryDirectory();
  const clients = await Promise.all(Array.from({ length: 20 }, () => registryAt(directory)));
  await Promise.all(clients.map((client, index) => client.save(request('x', undefined, { location: { ...LOCATION, flow: `flow ${index}` } }))));
  assert.equal((await clients[0]!.flows('main', 'marketing')).length, 20);
  const [a, b] = await Promise.allSettled([clients[0]!.save(request('a', undefined)), clients[1]!.save(request('b', undefined))]);
  assert.deepEqual([a.status, b.status].sort(), ['fulfilled', 'rejected']);
  assert.equal((await clients[0]!.versions(LOCATION)).length, 1);
});

test('names cannot lead out of the repository', async () => {
  const registry = await registryAt(temporaryDirectory());
  for (const name of ['..', '.git', 'a/b', 'a\\b', '', 'x.lock', ' a', 'a\n', 'c:d'])
    await assert.rejects(registry.save(request('x', undefined, { location: { ...LOCATION, flow: name } })), refused('invalid', /cannot be the name of a flow/), name);
  await assert.rejects(registry.flows('main', '../secrets'), refused('invalid', /cannot be the name of a bucket/));
});

test('what is broken is named: a folder that is no repository, a file that is no JSON, a version that is not there, objects that are gone', async () => {
  const directory = temporaryDirectory();
  mkdirSync(directory);
  writeFileSync(path.join(directory, 'notes.txt'), 'mine');
  await assert.rejects(Repository.at(directory, true, 'main'), refused('unavailable', /is not a git repository/));
  await assert.rejects(Repository.at(path.join(directory, 'none'), false, 'main'), refused('unavailable', /Set Create Repository/));

  const sound = temporaryDirectory();
  const registry = await registryAt(sound);
  const { version } = await registry.save(request('one', undefined));
  await assert.rejects(registry.read(LOCATION, 'f'.repeat(40)), refused('missing', /no version f+ of the flow segments/));
  const repository = await Repository.at(sound, false, 'main');
  const author = { name: 'eve', email: 'eve' };
  const spoiled = await repository.write({ branch: 'main', file: 'marketing/segments.json', content: '{"flow', message: 'oops', author }, version);
  await repository.move('main', version, spoiled);
  await assert.rejects(registry.read(LOCATION), refused('invalid', /marketing\/segments\.json in the repository is not JSON/));
  assert.deepEqual(
    (await registry.flows('main', 'marketing')).map(({ id }) => id),
    ['segments'],
  );
  const objects = path.join(sound, 'objects');
  for (const folder of readdirSync(objects))
    if (folder.length === 2) for (const file of readdirSync(path.join(objects, folder))) if (!spoiled.startsWith(folder)) writeFileSync(path.join(objects, folder, file), '');
  await assert.rejects(registry.flows('main', 'marketing'), refused('unavailable', /cannot be read .*git fsck/));
});

test('a branch that somebody is writing is waited for in vain, and said so', async () => {
  const directory = temporaryDirectory();
  const registry = await registryAt(directory);
  await registry.save(request('one', undefined));
  writeFileSync(path.join(directory, 'refs/heads/main.lock'), '');
  await assert.rejects(registry.save(request('two', undefined, { force: true })), refused('conflict', /Somebody else is writing.*remove .*main\.lock/));
});

const hasGit = (() => {
  try {
    execFileSync('git', ['--version']);
    return true;
  } catch {
    return false;
  }
})();

test('the git program reads what we write, we read what it writes, and a checked-out branch is left alone', { skip: !hasGit && 'the git program is not installed' }, async () => {
  const directory = temporaryDirectory();
  mkdirSync(directory);
  const run = (...args: string[]) => execFileSync('git', ['-C', directory, '-c', 'user.name=grace', '-c', 'user.email=g@h', ...args], { encoding: 'utf8' });
  run('init', '-q', '-b', 'work');
  mkdirSync(path.join(directory, 'marketing'));
  writeFileSync(path.join(directory, 'marketing/segments.json'), JSON.stringify({ flow: { name: 'By hand' }, flowContents: { identifier: 'flow-contents-group' } }));
  run('add', '.');
  run('commit', '-qm', 'Registering Flow [segments]');
  run('commit', '-q', '--allow-empty', '-m', 'nothing');
  writeFileSync(path.join(directory, 'marketing/segments.json'), JSON.stringify({ flow: { name: 'By hand' }, flowContents: { identifier: 'flow-contents-group', name: 'v1' } }));
  run('commit', '-qam', 'first version');
  run('branch', 'main');
  run('gc', '-q');
  const registry = await registryAt(directory);
  const [latest, ...older] = await registry.versions(LOCATION);
  assert.deepEqual([latest!.comments, latest!.author, older.length], ['first version', 'grace', 0]);
  const saved = await registry.save(request('two', latest!.version));
  assert.equal(run('log', '-1', '--format=%H %an %s', 'main').trim(), `${saved.version} ada made two`);
  assert.match(run('fsck', '--strict'), /^$/);
  assert.equal(JSON.parse(run('show', 'main:marketing/segments.json')).flow.name, 'By hand');
  await assert.rejects(registry.save(request('x', undefined, { location: { ...LOCATION, branch: 'work' }, force: true })), refused('invalid', /checked out in the work tree/));
  assert.match(readFileSync(path.join(directory, 'marketing/segments.json'), 'utf8'), /v1/);
});

test('a branch cannot lead out of the repository', async () => {
  const directory = path.join(temporaryDirectory(), 'inner', 'repository');
  const registry = await registryAt(directory);
  await registry.save(request('one', undefined));
  const before = readdirSync(path.dirname(directory));
  for (const branch of ['../../../outside', '/outside', 'a//b', 'a/../b', '.hidden', 'x.lock', 'two words', 'a~1', '@{1}', '', 'end.'])
    for (const work of [
      () => registry.save(request('two', undefined, { location: { ...LOCATION, branch } })),
      () => registry.versions({ ...LOCATION, branch }),
      () => registry.flows(branch, 'marketing'),
    ])
      await assert.rejects(work, refused('invalid', /cannot be the name of a branch/), branch);
  assert.deepEqual(readdirSync(path.dirname(directory)), before);
  await registry.save(request('two', undefined, { location: { ...LOCATION, branch: 'feature/segments-2' } }));
  assert.deepEqual((await registry.branches()).sort(), ['feature/segments-2', 'main']);
});
