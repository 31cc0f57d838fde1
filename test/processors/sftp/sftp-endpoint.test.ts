import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { SftpRig, withoutClients } from './sftp-rig.ts';

const KEYS: Readonly<Record<string, readonly string[]>> = {
  ed25519: ['-t', 'ed25519'],
  rsa: ['-t', 'rsa', '-b', '2048'],
  nistp256: ['-t', 'ecdsa', '-b', '256'],
  nistp384: ['-t', 'ecdsa', '-b', '384'],
  nistp521: ['-t', 'ecdsa', '-b', '521'],
};

describe('files are uploaded with OpenSSH', { skip: withoutClients }, () => {
  let rig: SftpRig;
  let key: string;
  before(async () => {
    rig = await SftpRig.start({ 'Maximum File Size': '1 MB', 'Maximum Folder Size': '2 MB' });
    key = rig.key('ann', '-t', 'ed25519');
    rig.endpoint.createUser('ann', rig.publicKey(key));
  });
  after(() => rig.close());

  test('with a key of each type that ssh-keygen makes; another key is refused', async () => {
    for (const [type, options] of Object.entries(KEYS)) {
      const file = rig.key(type, ...options);
      rig.endpoint.createUser(type, rig.publicKey(file));
      await rig.sftp(file, [`put ${rig.file(`${type}.txt`, `by ${type}`)} /${type}.txt`], { user: type });
    }
    await assert.rejects(rig.sftp(rig.key('stranger', '-t', 'ed25519'), ['ls']), /Permission denied/);
    const users = rig.events('sftp-login').map(({ user }) => user);
    assert.deepEqual(users, Object.keys(KEYS));
    await rig.until(() => rig.events('sftp-login-refused').length === 1);
    await rig.until(() => rig.events('sftp-import').length === users.length);
  });

  test('scp and sftp: folders, renaming from .part, listing, getting back, removing', async () => {
    const file = rig.file('people.csv', 'email\nada@example.org\n');
    const listing = await rig.sftp(key, [
      'mkdir in',
      `put ${file} in/people.csv.part`,
      'ls -l in',
      `get in/people.csv.part ${file}.back`,
      'rename in/people.csv.part in/people.csv',
    ]);
    assert.match(listing, /22 .* in\/people\.csv\.part|people\.csv\.part/);
    assert.equal(readFileSync(`${file}.back`, 'utf8'), 'email\nada@example.org\n');
    await rig.scp(key, rig.file('more.csv', 'email\n'), '/more.csv');
    await rig.sftp(key, [`put ${file} away.csv.part`, 'rm away.csv.part', 'mkdir gone', 'rmdir gone']);
    await rig.until(async () => (await rig.statuses()).filter((each) => /people|more/.test(each)).length === 2);
    assert.deepEqual(
      (await rig.statuses()).filter((each) => /people|more|away/.test(each)),
      ['/in/people.csv waiting', '/more.csv waiting'],
    );
  });

  test('nobody leaves their folder', async () => {
    const users = path.join(rig.folder, 'users');
    mkdirSync(path.join(users, 'ann', 'real'), { recursive: true });
    symlinkSync('/etc', path.join(users, 'ann', 'link'));
    symlinkSync('/etc/hostname', path.join(users, 'ann', 'name'));
    const file = rig.file('x', 'x');
    for (const command of [
      'get link/hostname /dev/null',
      'get name /dev/null',
      `put ${file} link/x`,
      `put ${file} name`,
      'ls link/',
      'ln -s /etc other',
      'rename link/hostname here',
      `put ${file} ../ed25519/x`,
    ])
      await assert.rejects(rig.sftp(key, [command]), command);
    assert.match(await rig.sftp(key, ['cd ../../..', 'pwd']), /working directory: \/\n/);
    assert.ok(!existsSync('/etc/x'));
    assert.deepEqual(readdirSync(users).sort(), ['ann', ...Object.keys(KEYS)].sort());
    assert.ok(rig.events('sftp-refused').length >= 5);
  });

  test('files and folders beyond their limits are refused and stay unfinished', async () => {
    const big = rig.file('big', Buffer.alloc(1024 ** 2 + 1));
    await assert.rejects(rig.sftp(key, [`put ${big} big.csv`]), /Failure/);
    const most = rig.file('most', Buffer.alloc(900_000));
    await rig.sftp(key, [`put ${most} one.part`, 'rm big.csv']);
    await assert.rejects(rig.sftp(key, [`put ${most} two.part`, `put ${most} three.part`]), /Failure/);
    assert.match(String(rig.events('sftp-refused').at(-1)!.reason), /more than 2097152 bytes/);
    await rig.sftp(key, ['rm one.part', 'rm two.part', 'rm three.part']);
  });

  test('an upload that is cut off is never imported, and is imported once it was resumed', async () => {
    const content = Buffer.from(Array.from({ length: 60_000 }, (_, index) => `${index}\n`).join(''));
    const whole = rig.file('whole.csv', content);
    const slow = await SftpRig.start({ 'Maximum Rate': '64 KB' });
    slow.endpoint.createUser('ann', rig.publicKey(key));
    const client = slow.spawnSftp(key, [`put ${whole} cut.csv`]);
    const cut = path.join(slow.folder, 'users', 'ann', 'cut.csv');
    await slow.until(() => existsSync(cut) && statSync(cut).size > 0);
    client.kill('SIGKILL');
    await slow.until(() => slow.events('sftp-upload-broken-off').length === 1);
    assert.deepEqual(await slow.statuses(), ['/cut.csv unfinished']);
    assert.ok(statSync(cut).size < content.length);
    // Nor does a restart make it whole.
    await slow.close();
    await slow.open();
    await slow.enable();
    assert.deepEqual(await slow.statuses(), ['/cut.csv unfinished']);
    await slow.sftp(key, [`reput ${whole} cut.csv`]);
    await slow.until(async () => (await slow.statuses()).includes('/cut.csv waiting'));
    assert.equal((await slow.endpoint.imports(1))[0]!.sha256, createHash('sha256').update(content).digest('hex'));
    await slow.close();
  });

  test('the same file twice is said to be so, and imported again when somebody asks', async () => {
    const file = rig.file('same.csv', 'id\n1\n');
    await rig.sftp(key, [`put ${file} first.csv`]);
    await rig.until(async () => (await rig.statuses()).includes('/first.csv waiting'));
    await rig.sftp(key, [`put ${file} second.csv`]);
    await rig.until(async () => (await rig.statuses()).includes('/second.csv duplicate'));
    const second = (await rig.endpoint.imports(100)).find(({ file: name }) => name === '/second.csv')!;
    assert.equal(rig.endpoint.import(second.duplicateOf!)!.file, '/first.csv');
    const again = rig.endpoint.importAgain(second.id);
    assert.equal(again.status, 'waiting');
  });

  test('each import reaches the flow once, after restarts too', async () => {
    const waiting = (await rig.statuses()).filter((each) => each.endsWith('waiting')).map((each) => each.split(' ')[0]);
    assert.ok(waiting.length > 5);
    rig.receive.start();
    await rig.until(() => rig.received.length === waiting.length);
    await rig.until(async () => !(await rig.statuses()).some((each) => each.endsWith('waiting')));
    const before = rig.received.sort();
    assert.deepEqual(before, waiting.sort());
    const prints = rig.endpoint.hostKeys.map(({ fingerprint }) => fingerprint);
    await rig.close();
    await rig.open();
    await rig.enable();
    await rig.sftp(key, [`put ${rig.file('last.csv', 'last')} last.csv`]);
    await rig.until(() => rig.received.includes('/last.csv'));
    assert.deepEqual(rig.received.sort(), [...before, '/last.csv'].sort());
    assert.deepEqual(
      rig.endpoint.hostKeys.map(({ fingerprint }) => fingerprint),
      prints,
    );
    assert.equal(statSync(path.join(rig.folder, 'host_ed25519_key')).mode & 0o777, 0o600);
  });
});
