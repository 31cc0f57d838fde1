import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import Database from 'better-sqlite3';
import { ContentClaim } from '../../server/engine/content-claim.ts';
import { AppendFile } from '../../server/repository/append-file.ts';
import { defaultLimits, openRepositories } from '../../server/repository/open.ts';
import { secretsWith, loadKey } from '../../server/security/secrets.ts';
import { rigOn } from '../repository.contract.ts';

function scratch(context: TestContext): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'millrace-faults-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

let opened = 0;
/** Each opening is a second later than the one before. */
function open(directory: string, warnings: string[] = []) {
  const start = Date.now() + 1000 * opened++;
  return openRepositories(directory, { ...defaultLimits, now: () => start, warn: (message) => warnings.push(message) });
}

test('a directory in use is refused with the number of the process that has it, and free again after close', (context) => {
  const directory = scratch(context);
  const first = open(directory);
  assert.throws(() => open(directory), new RegExp(`${directory} is in use by another Millrace \\(process ${process.pid}\\).*--data`));
  first.close();
  open(directory).close();
});

test('a newer database is refused and left as it is', (context) => {
  const directory = scratch(context);
  open(directory).close();
  const file = path.join(directory, 'millrace.db');
  const db = new Database(file);
  db.pragma('user_version = 99');
  db.close();
  const before = readFileSync(file);
  assert.throws(() => open(directory), /written by a newer Millrace \(schema 99; this one knows up to \d+\)/);
  assert.deepEqual(readFileSync(file), before);
});

test('a file that is no database is refused and left as it is', (context) => {
  const directory = scratch(context);
  writeFileSync(path.join(directory, 'millrace.db'), 'this was never a database '.repeat(100));
  assert.throws(() => open(directory), /cannot be read .*Restore it from a backup/);
});

test('a full database refuses the turn whole, keeps it, and takes it when there is room', (context) => {
  const directory = scratch(context);
  const repositories = open(directory);
  const { rig, queue } = rigOn(repositories);
  const health: (string | null)[] = [];
  rig.journal.onHealthChange = (failure) => health.push(failure?.message ?? null);
  rig.fill(queue, { attributes: { filler: 'x'.repeat(100_000) } });
  limitPages(repositories, 1);
  assert.throws(() => rig.journal.flush(), /database or disk is full.*has lost nothing/);
  assert.equal(rig.journal.healthy, false);
  assert.deepEqual(repositories.database.prepare('select count(*) as turns from turn').get(), { turns: 0 });
  rig.fill(queue, { attributes: { n: 'later' } });
  limitPages(repositories, 1_000_000);
  rig.journal.flush();
  assert.deepEqual([[...repositories.store.flowFiles()].length, rig.journal.healthy, health.length, health[1]], [2, true, 2, null]);
  assert.deepEqual(
    rig.events().map(({ eventId }) => eventId),
    [1, 2],
  );
  repositories.close();
});

/** The database may not grow beyond so many pages: SQLite then fails as it does on a full disk (SQLITE_FULL). */
function limitPages(repositories: ReturnType<typeof open>, pages: number): void {
  repositories.database.pragma(`max_page_count = ${pages}`);
}

test('content that does not fit on the disk says so and is kept', { skip: process.platform !== 'linux' }, () => {
  const file = new AppendFile(1, '/dev/full');
  file.append(Buffer.from('does not fit'));
  for (let tries = 0; tries < 2; tries++) assert.throws(() => file.flush(), /ENOSPC.*goes on by itself/);
  assert.equal(file.written, 0);
  file.close();
});

test('a torn end of content and provenance does no harm; a damaged block is named and left out', (context) => {
  const directory = scratch(context);
  const first = open(directory);
  const one = rigOn(first);
  one.rig.fill(one.queue, { content: 'first' });
  one.rig.journal.flush();
  one.rig.fill(one.queue, { content: 'second' });
  one.rig.journal.flush();
  first.close();
  const provenance = path.join(directory, 'provenance', readdirSync(path.join(directory, 'provenance'))[0]!);
  const content = path.join(directory, 'content', readdirSync(path.join(directory, 'content'))[0]!);
  for (const file of [provenance, content]) appendFileSync(file, 'half a block that no turn ever');

  const warnings: string[] = [];
  const second = open(directory, warnings);
  assert.deepEqual(rigOn(second).rig.events().length, 2);
  assert.deepEqual(
    [...second.store.flowFiles()].map(({ length }) => length),
    [5, 6],
  );
  second.close();

  truncateSync(provenance, readFileSync(provenance).indexOf('half') - 3);
  const third = open(directory, warnings);
  assert.deepEqual(rigOn(third).rig.events().length, 1);
  assert.match(warnings.join(), /1 provenance events .* are damaged in .*FlowFiles and state are not touched/);
  assert.deepEqual([...third.store.flowFiles()].length, 2);
  third.close();
});

test('missing content names the file and the remedy', (context) => {
  const directory = scratch(context);
  const first = open(directory);
  const one = rigOn(first);
  one.rig.fill(one.queue, { content: 'will be lost' });
  one.rig.journal.flush();
  first.close();
  const [segment] = readdirSync(path.join(directory, 'content'));
  rmSync(path.join(directory, 'content', segment!));
  const second = open(directory);
  const [stored] = [...second.store.flowFiles()];
  assert.equal(second.content.isAvailable(stored!.segment), false);
  const claim = ContentClaim.at(stored!.segment, stored!.offset, stored!.length);
  assert.throws(() => second.content.read(claim), new RegExp(`Content is missing from .*${segment}.*Restore the file from a backup, or drop the FlowFile`));
  second.close();
});

test('sensitive values come back with the same key only, and never look the same twice', (context) => {
  const directory = scratch(context);
  const key = loadKey(path.join(directory, 'secret.key'), undefined);
  assert.deepEqual(loadKey(path.join(directory, 'secret.key'), undefined), key);
  const secrets = secretsWith(key);
  const sealed = secrets.encrypt('pa$$wörd');
  assert.equal(secrets.decrypt(sealed), 'pa$$wörd');
  assert.notEqual(secrets.encrypt('pa$$wörd'), sealed);
  assert.ok(!sealed.includes('rd'.repeat(4)) && !Buffer.from(sealed.slice(11), 'base64').includes('pa$$'));
  assert.throws(() => secretsWith(Buffer.alloc(32, 1)).decrypt(sealed), /stored with another key/);
  assert.throws(() => loadKey('unused', 'abc'), /MILLRACE_KEY is not 64 hexadecimal digits/);
});

test('a turn that fails after its fold has ended folds nothing: all FlowFiles outlive a kill', (context) => {
  const directory = scratch(context);
  const repositories = open(directory);
  const { rig, queue } = rigOn(repositories);
  rig.fill(queue, ...['0', '1', '2'].map((n) => ({ attributes: { n } })));
  rig.journal.flush();
  const big = Array.from({ length: 90 }, (_, i) => ({ attributes: { n: `big ${i}`, filler: 'x'.repeat(100_000) } }));
  rig.fill(queue, ...big);
  rig.journal.flush();
  const setMeta = repositories.database.prepare("create trigger refuse before update on meta begin select raise(abort, 'refused'); end");
  setMeta.run();
  rig.fill(queue, { attributes: { n: 'last' } });
  assert.throws(() => rig.journal.flush(), /refused/);
  repositories.database.prepare('drop trigger refuse').run();
  for (let turn = 0; turn < 120; turn++) {
    rig.fill(queue, { attributes: { n: `turn ${turn}`, filler: 'y'.repeat(100_000) } });
    rig.journal.flush();
  }
  const stored = [...repositories.store.flowFiles()].map(({ id }) => id);
  assert.deepEqual(
    stored,
    [...queue.list()].map(({ id }) => id),
  );
  repositories.close();
});

test('closing after a refused turn keeps the store as it was: state and FlowFiles stay together', (context) => {
  const directory = scratch(context);
  const first = open(directory);
  const one = rigOn(first);
  limitPages(first, 1);
  const session = one.rig.session(one.source);
  session.transfer(session.putAttribute(session.create(), 'filler', 'x'.repeat(100_000)), 'success');
  session.setState('local', { cursor: '1' });
  session.commit();
  assert.throws(() => one.rig.journal.flush(), /disk is full/);
  limitPages(first, 1_000_000);
  first.close();
  const second = open(directory);
  assert.deepEqual([[...second.store.flowFiles()].length, second.store.state('source', 'local').version], [0, 0]);
  second.close();
});

test('what fails after the commit does not fail the turn', (context) => {
  const directory = scratch(context);
  const warnings: string[] = [];
  const repositories = open(directory, warnings);
  const { rig, queue } = rigOn(repositories);
  const pragma = repositories.database.pragma.bind(repositories.database);
  repositories.database.pragma = (text) => {
    if (text.startsWith('wal_checkpoint')) throw new Error('database or disk is full');
    return pragma(text);
  };
  for (let turn = 0; turn < 3; turn++) {
    rig.fill(queue, ...Array.from({ length: 3000 }, () => ({})));
    rig.journal.flush();
  }
  repositories.database.pragma = pragma;
  assert.match(warnings.join(), /could not be tidied up/);
  assert.deepEqual([[...repositories.store.flowFiles()].length, rig.journal.healthy], [9000, true]);
  repositories.close();
});
