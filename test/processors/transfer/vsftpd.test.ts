import assert from 'node:assert/strict';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import FetchFTP from '../../../processors/transfer/FetchFTP.ts';
import ListFTP from '../../../processors/transfer/ListFTP.ts';
import PutFTP from '../../../processors/transfer/PutFTP.ts';
import { runner } from '../../runner.ts';
import { Vsftpd, withoutVsftpd } from '../../servers/vsftpd.ts';
import { messages, until } from './transfer-rig.ts';

describe('against vsftpd', { skip: withoutVsftpd }, () => {
  let server: Vsftpd;
  before(async () => {
    server = await Vsftpd.start();
  });
  after(() => server.stop());

  test('what PutFTP writes, ListFTP lists, FetchFTP reads and removes, and then does not find', async () => {
    const large = Buffer.alloc(5_000_001, 'millrace ');
    const put = runner(PutFTP, { properties: { ...server.properties, 'Remote Path': `${server.files}/new/a directory`, 'Create Directory': 'true' } });
    await put.start();
    await put.enqueue(large, { filename: 'grüße an Änne' }).enqueue(large, { filename: 'grüße an Änne' }).run(2);
    assert.deepEqual([put.counts, messages(put), readdirSync(`${server.files}/new/a directory`)], [{ success: 2 }, '', ['grüße an Änne']]);
    await put.close();

    const list = await runner(ListFTP, { properties: { ...server.properties, 'Remote Path': server.files, 'Search Recursively': 'true' } }).run();
    const { attributes } = list.out('success')[0]!;
    const { mtime } = statSync(`${server.files}/new/a directory/grüße an Änne`);
    assert.deepEqual(
      ['filename', 'path', 'file.size', 'file.permissions', 'file.lastModifiedTime'].map((name) => attributes[name]),
      ['grüße an Änne', `${server.files}/new/a directory`, String(large.length), 'rw-r--r--', `${mtime.toISOString().slice(0, 19)}+0000`],
    );
    await list.close();

    const fetch = runner(FetchFTP, { properties: { ...server.properties, 'Remote File': '${path}/${filename}', 'Completion Strategy': 'Delete File' } });
    await fetch.start();
    await fetch.enqueue('', attributes).run();
    assert.ok(fetch.out('success')[0]!.bytes.equals(large));
    fetch.flow.runtime.journal.flush();
    await until(() => !existsSync(`${server.files}/new/a directory/grüße an Änne`));
    await fetch.enqueue('as it was', attributes).enqueue('as it was', { path: '/no/such', filename: 'file' }).run(2);
    assert.deepEqual(fetch.counts, { success: 1, 'not.found': 2 });
    await fetch.close();
  });
});
