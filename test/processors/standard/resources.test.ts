import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import GetFileResource from '../../../processors/standard/GetFileResource.ts';
import StandardFileResourceService from '../../../processors/standard/StandardFileResourceService.ts';
import StandardPrivateKeyService from '../../../processors/standard/StandardPrivateKeyService.ts';
import { type FileResourceService, FILE_RESOURCE_SERVICE } from '../../../server/extension/file-resource.ts';
import { PRIVATE_KEY_SERVICE, type PrivateKeyService } from '../../../server/extension/private-key.ts';
import { defineProcessor } from '../../../server/extension/processor.ts';
import { property } from '../../../server/extension/property.ts';
import { runner, temporaryDirectory } from '../../runner.ts';

function file(name: string, content: string): string {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, name), content);
  return path.join(directory, name);
}

test('GetFileResource reads a file, a file URL, or what a server gives', async () => {
  const local = file('a b.txt', 'content');
  const read = async (resource: string) => {
    const run = runner(GetFileResource, { properties: { 'File Resource': resource, 'MIME Type': 'text/plain', color: '${literal("green")}' } });
    await run.run();
    await run.close();
    return run;
  };
  for (const resource of [local, pathToFileURL(local).href]) {
    const [made] = (await read(resource)).out('success');
    assert.deepEqual([made!.content, made!.attributes['mime.type'], made!.attributes.color], ['content', 'text/plain', 'green']);
  }
  const server = createServer(({ url }, response) => response.writeHead(url === '/there' ? 200 : 404).end('from afar')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  assert.equal((await read(`${base}/there`)).out('success')[0]!.content, 'from afar');
  const gone = await read(`${base}/gone`);
  assert.deepEqual(gone.counts, {});
  assert.match(gone.bulletins.map(({ message }) => message).join(), /cannot read .*the server answers with status 404/);
  assert.match((await read('/no/such/file')).bulletins.map(({ message }) => message).join(), /cannot read \/no\/such\/file: ENOENT/);
  server.closeAllConnections();
  server.close();
});

/** Uses a service for each FlowFile and writes what it gives. */
const user = defineProcessor({
  description: '',
  tags: [],
  input: 'required',
  properties: { files: property.service('Files', '', FILE_RESOURCE_SERVICE), keys: property.service('Keys', '', PRIVATE_KEY_SERVICE) },
  relationships: { success: '' },
  async onTrigger(session, { properties: { files, keys } }) {
    const flowFile = session.get()!;
    const from = files as FileResourceService | undefined;
    const resource = await from?.resource(flowFile);
    const written = resource ? await session.writeStream(flowFile, resource.read()) : session.write(flowFile, (keys as PrivateKeyService).privateKey.asymmetricKeyType!);
    session.transfer(session.putAttributes(written, { size: String(resource?.size ?? 0) }), 'success');
  },
});

test('StandardFileResourceService gives the file that a FlowFile names', async () => {
  const local = file('a.txt', 'content');
  const run = runner(user, { services: { Files: { definition: StandardFileResourceService, properties: {} } } });
  await run.enqueue('', { 'absolute.path': path.dirname(local), filename: 'a.txt' }).run();
  const [made] = run.out('success');
  assert.deepEqual([made!.content, made!.attributes.size], ['content', '7']);
  await run.enqueue('', { 'absolute.path': '/', filename: 'tmp' }).run();
  assert.match(run.bulletins.map(({ message }) => message).join(), /cannot read \/\/tmp: it is not a file/);
  await run.close();
});

test('StandardPrivateKeyService reads encrypted and plain keys, from a file or as they stand', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const plain = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
  const encrypted = privateKey.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: 'secret' }).toString();
  const outcome = async (properties: Record<string, string>): Promise<string> => {
    const run = runner(user, { services: { Keys: { definition: StandardPrivateKeyService, properties } } });
    try {
      await run.enqueue('').run();
      return run.out('success')[0]!.content;
    } catch (thrown) {
      return (thrown as Error).message;
    } finally {
      await run.close();
    }
  };
  assert.equal(await outcome({ Key: plain }), 'rsa');
  assert.equal(await outcome({ 'Key File': file('key.pem', encrypted), 'Key Password': 'secret' }), 'rsa');
  assert.match(await outcome({ Key: encrypted, 'Key Password': 'wrong' }), /The private key cannot be read/);
  assert.match(await outcome({ Key: 'no key' }), /The private key cannot be read/);
  assert.match(await outcome({}), /neither Key File nor Key is set/);
  assert.match(await outcome({ Key: plain, 'Key File': '/x' }), /Both Key File and Key are set/);
  assert.match(await outcome({ 'Key File': '/no/such/file' }), /ENOENT/);
});
