import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import DeleteSFTP from '../../../processors/transfer/DeleteSFTP.ts';
import FetchSFTP from '../../../processors/transfer/FetchSFTP.ts';
import ListSFTP from '../../../processors/transfer/ListSFTP.ts';
import PutSFTP from '../../../processors/transfer/PutSFTP.ts';
import { runner } from '../../runner.ts';
import { OpenSsh, withoutOpenSsh } from '../../servers/openssh.ts';
import { messages, place, until } from './transfer-rig.ts';

describe('against OpenSSH', { skip: withoutOpenSsh }, () => {
  let server: OpenSsh;
  let files: string;
  before(async () => {
    server = await OpenSsh.start();
    files = path.join(server.directory, 'files');
    mkdirSync(files);
  });
  after(() => server.stop());

  test('what PutSFTP writes, ListSFTP lists, FetchSFTP reads and removes, DeleteSFTP misses', async () => {
    const large = Buffer.alloc(5_000_001, 'millrace ');
    const put = runner(PutSFTP, {
      properties: { ...server.properties, 'Remote Path': `${files}/new/directory`, 'Create Directory': 'true', Permissions: '600', 'Use Compression': 'true' },
    });
    await put.start();
    await put.enqueue(large, { filename: 'grüße an\nÄnne' }).run();
    await put.enqueue(large, { filename: 'grüße an\nÄnne' }).run();
    assert.deepEqual([put.counts, readdirSync(`${files}/new/directory`)], [{ success: 2 }, ['grüße an\nÄnne']]);
    assert.equal(statSync(`${files}/new/directory/grüße an\nÄnne`).mode & 0o777, 0o600);
    await put.close();

    const list = await runner(ListSFTP, { properties: { ...server.properties, 'Remote Path': files, 'Search Recursively': 'true' } }).run();
    const { attributes } = list.out('success')[0]!;
    assert.deepEqual([attributes.filename, attributes.path, attributes['file.size']], ['grüße an\nÄnne', `${files}/new/directory`, String(large.length)]);
    await list.close();

    const fetch = runner(FetchSFTP, { properties: { ...server.properties, 'Remote File': '${path}/${filename}', 'Completion Strategy': 'Delete File' } });
    await fetch.start();
    await fetch.enqueue('', attributes).enqueue('as it was', { path: files, filename: 'none' }).run(2);
    assert.ok(fetch.out('success')[0]!.bytes.equals(large));
    assert.equal(fetch.out('not.found')[0]!.content, 'as it was');
    fetch.flow.runtime.journal.flush();
    await until(() => !existsSync(`${files}/new/directory/grüße an\nÄnne`));
    await fetch.close();

    const remove = runner(DeleteSFTP, { properties: server.properties });
    await remove.enqueue('', attributes).run();
    assert.deepEqual(remove.counts, { 'not found': 1 });
    await remove.close();
  });

  test('its own renaming writes over a file in one step, and takes its modes and owners', async () => {
    place(files, 'a.txt', 'old');
    const put = runner(PutSFTP, { properties: { ...server.properties, 'Remote Path': files, 'Conflict Resolution': 'REPLACE', 'Last Modified Time': '2026-01-02T03:04:05+0000' } });
    await put.enqueue('new', { filename: 'a.txt' }).run();
    assert.deepEqual([readFileSync(`${files}/a.txt`, 'utf8'), statSync(`${files}/a.txt`).mtime.toISOString()], ['new', '2026-01-02T03:04:05.000Z']);
    await put.close();
  });

  test('another host key than the known one is refused before anything is sent', async () => {
    const other = path.join(server.directory, 'other_hosts');
    const key = readFileSync(path.join(server.directory, 'user.pub'), 'utf8').split(' ')[1];
    writeFileSync(other, `[127.0.0.1]:${server.port} ssh-ed25519 ${key}\n`);
    const put = runner(PutSFTP, { properties: { ...server.properties, 'Remote Path': files, 'Host Key File': other } });
    await put.enqueue('x', { filename: 'refused' }).run();
    assert.deepEqual([put.counts, existsSync(`${files}/refused`)], [{ failure: 1 }, false]);
    assert.match(messages(put), /The host key of 127.0.0.1:\d+ is not among the known hosts/);
    await put.close();
  });
});
