import assert from 'node:assert/strict';
import { writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import AWSCredentialsProviderControllerService from '../../../processors/aws/AWSCredentialsProviderControllerService.ts';
import DeleteS3Object from '../../../processors/aws/DeleteS3Object.ts';
import FetchS3Object from '../../../processors/aws/FetchS3Object.ts';
import PutS3Object from '../../../processors/aws/PutS3Object.ts';
import StandardS3EncryptionService from '../../../processors/aws/StandardS3EncryptionService.ts';
import StandardFileResourceService from '../../../processors/standard/StandardFileResourceService.ts';
import { S3Emulator } from '../../emulators/s3.ts';
import { Bucket } from '../../emulators/s3-store.ts';
import { runner, temporaryDirectory } from '../../runner.ts';
import { keys, leadingTo, messages, SERVICE } from './s3-rig.ts';

let server: S3Emulator;
before(async () => {
  server = await S3Emulator.start('shop');
});
after(() => server.stop());
beforeEach(() => {
  server.buckets.set('shop', new Bucket());
  server.received.length = 0;
  Object.assign(server.faults, { cutAfter: undefined, cutPart: undefined, isSilent: false });
});

const shop = (): Bucket => server.buckets.get('shop')!;
const put = (properties: Record<string, string> = {}, services = {}) =>
  runner(PutS3Object, { properties: { ...leadingTo(server), Bucket: 'shop', ...properties }, services: { [SERVICE]: keys(), ...services } });
const fetch = (properties: Record<string, string> = {}, services = {}) =>
  runner(FetchS3Object, { properties: { ...leadingTo(server), ...properties }, services: { [SERVICE]: keys(), ...services } });
const MIB = 1024 ** 2;

// ---- PutS3Object

test('an object is written with all that is told of it', async () => {
  const properties = {
    'Object Key': 'in/${filename}',
    'Content Type': 'text/plain',
    'Cache Control': 'no-cache',
    'Storage Class': 'STANDARD_IA',
    'Object Tags Prefix': 'tag.',
    'Remove Tag Prefix': 'true',
    'Canned ACL': 'PublicRead',
    origin: 'flow ${number}',
  };
  const run = put(properties);
  await run.enqueue('content', { filename: 'grüße an Änne.txt', 'tag.Team': 'a & b', number: '7' }).run();
  assert.deepEqual([run.counts, messages(run)], [{ success: 1 }, '']);
  const { body, headers, tags, etag, version } = shop().get('in/grüße an Änne.txt')!;
  assert.deepEqual([body.toString(), tags], ['content', { Team: 'a & b' }]);
  assert.deepEqual(
    ['content-type', 'cache-control', 'x-amz-storage-class', 'x-amz-acl', 'x-amz-meta-origin', 'content-disposition'].map((name) => headers[name]),
    ['text/plain', 'no-cache', 'STANDARD_IA', 'public-read', 'flow 7', 'gr%C3%BC%C3%9Fe+an+%C3%84nne.txt'],
  );
  const { attributes } = run.out('success')[0]!;
  assert.deepEqual(
    ['s3.bucket', 's3.key', 's3.contenttype', 's3.cachecontrol', 's3.storeClass', 's3.apimethod', 's3.etag', 's3.version', 's3.usermetadata'].map((name) => attributes[name]),
    ['shop', 'in/grüße an Änne.txt', 'text/plain', 'no-cache', 'STANDARD_IA', 'putobject', etag, version, 'origin=flow 7'],
  );
  assert.deepEqual(
    run.provenance.filter(({ type }) => type === 'SEND').map(({ transitUri }) => transitUri),
    [`${server.url}/shop/in/gr%C3%BC%C3%9Fe%20an%20%C3%84nne.txt`],
  );
  await run.close();
});

test('empty content, streams with a checksum at their end, plain ones, and grants', async () => {
  const large = Buffer.alloc(3 * MIB + 1, 'millrace ');
  const chunked = put({ 'FullControl User List': 'id-1, ann@example.org', 'Canned ACL': 'Private' });
  await chunked.enqueue('', { filename: 'empty' }).enqueue(large, { filename: 'large' }).run(2);
  assert.deepEqual([chunked.counts, messages(chunked)], [{ success: 2 }, '']);
  assert.equal(shop().get('empty')!.body.length, 0);
  assert.ok(shop().get('large')!.body.equals(large));
  const [, sent] = server.received.filter(({ method }) => method === 'PUT');
  assert.equal(sent!.headers['x-amz-content-sha256'], 'STREAMING-UNSIGNED-PAYLOAD-TRAILER');
  assert.deepEqual([sent!.headers['x-amz-grant-full-control'], sent!.headers['x-amz-acl']], ['id=id-1,emailAddress=ann@example.org', undefined]);
  const plain = put({ 'Use Chunked Encoding': 'false' });
  await plain.enqueue(large, { filename: 'plain' }).run();
  assert.ok(shop().get('plain')!.body.equals(large));
  assert.doesNotMatch(String(server.received.at(-1)!.headers['x-amz-content-sha256']), /STREAMING/);
  const wrong = put({ 'Canned ACL': 'Everybody' });
  await wrong.enqueue('x', { filename: 'a' }).run();
  assert.deepEqual(wrong.counts, { failure: 1 });
  assert.match(messages(wrong), /Canned ACL gives 'Everybody'/);
  await Promise.all([chunked.close(), plain.close(), wrong.close()]);
});

test('what is long goes in parts; where one fails, the upload is given up and the FlowFile is intact', async () => {
  const large = Buffer.alloc(101 * MIB, 'millrace ');
  const run = put({ 'Multipart Threshold': '50 MB', 'Multipart Part Size': '50 MB', note: 'x' });
  await run.start();
  shop().uploads.set('old', { key: 'forgotten', initiated: new Date(Date.now() - 8 * 86_400_000), headers: {}, tags: {}, parts: new Map() });
  shop().uploads.set('new', { key: 'under way', initiated: new Date(), headers: {}, tags: {}, parts: new Map() });
  server.faults.cutPart = 2;
  await run.enqueue(large, { filename: 'large' }).run();
  const [failed] = run.out('failure');
  assert.deepEqual([run.counts, failed!.penalized, failed!.size, shop().objects.size], [{ failure: 1 }, true, large.length, 0]);
  assert.deepEqual([...shop().uploads.keys()], ['new'], 'old uploads and ours are given up');
  server.faults.cutPart = undefined;
  await run.enqueue(large, { filename: 'large' }).run();
  const { body, etag, headers } = shop().get('large')!;
  assert.ok(body.equals(large));
  const { attributes } = run.out('success')[0]!;
  assert.match(etag, /-3$/);
  assert.deepEqual([attributes['s3.apimethod'], attributes['s3.etag'], headers['x-amz-meta-note']], ['multipartupload', etag, 'x']);
  assert.ok(attributes['s3.uploadId']);
  await run.close();
  assert.match((await put({ 'Multipart Part Size': '5 MB' }).validate()).join(), /from 50 MB to 5 GB/);
});

test('a file of this machine is sent in place of the content', async () => {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  writeFileSync(path.join(directory, 'a.txt'), 'from a file');
  const run = put({ 'Resource Transfer Source': 'FILE_RESOURCE_SERVICE' }, { 'File Resource Service': { definition: StandardFileResourceService, properties: {} } });
  await run.enqueue('as it was', { 'absolute.path': directory, filename: 'a.txt' }).enqueue('x', { 'absolute.path': directory, filename: 'none' }).run(2);
  assert.deepEqual([run.counts, shop().get('a.txt')!.body.toString(), run.out('success')[0]!.content], [{ success: 1, failure: 1 }, 'from a file', 'as it was']);
  await run.close();
});

// ---- FetchS3Object

test('content and what is stored with it; versions; ranges', async () => {
  const first = shop().put('in/a', Buffer.from('first'), { 'content-type': 'text/csv', 'content-disposition': 'gr%C3%BC+%C3%9Fe.csv', 'x-amz-meta-color': 'red' }, {});
  shop().put('in/a', Buffer.from('the second'), {}, {});
  const run = fetch({ Version: '${v}' });
  await run.enqueue('', { 's3.bucket': 'shop', filename: 'in/a', v: first.version }).enqueue('', { 's3.bucket': 'shop', filename: 'in/a' }).run(2);
  const [old, newest] = run.out('success');
  const { attributes } = old!;
  assert.deepEqual([old!.content, newest!.content, newest!.attributes.filename], ['first', 'the second', 'in/a']);
  assert.deepEqual(
    ['filename', 'mime.type', 'color', 's3.etag', 's3.version', 's3.bucket', 's3.url'].map((name) => attributes[name]),
    ['grü ße.csv', 'text/csv', 'red', first.etag, first.version, 'shop', `${server.url}/shop/in/a`],
  );
  const ranges = fetch({ Bucket: 'shop', 'Object Key': 'in/a', 'Range Start': '${from}', 'Range Length': '${length}' });
  await ranges.enqueue('', { from: '4 B', length: '3 B' }).enqueue('', { from: '4 B' }).enqueue('as it was', { from: '1 KB' }).run(3);
  assert.deepEqual(
    ranges.out('success').map(({ content }) => content),
    ['sec', 'second'],
  );
  const [beyond] = ranges.out('failure');
  assert.deepEqual([beyond!.content, beyond!.attributes['s3.errorCode'], beyond!.attributes['s3.statusCode']], ['as it was', 'InvalidRange', '416']);
  await Promise.all([run.close(), ranges.close()]);
});

test('what is missing, forbidden, cut off or silent goes to failure with a reason, and is what it was', async () => {
  shop().put('a', Buffer.alloc(3 * MIB, 'x'), {}, {});
  const outcome = async (properties: Record<string, string>, services = {}): Promise<[string, string | undefined]> => {
    const run = fetch({ Bucket: 'shop', 'Object Key': 'a', ...properties }, services);
    await run.enqueue('as it was').run();
    await run.close();
    const [failed] = run.out('failure');
    assert.deepEqual([failed!.content, failed!.penalized], ['as it was', true]);
    return [messages(run), failed!.attributes['s3.errorCode']];
  };
  assert.equal((await outcome({ 'Object Key': 'none' }))[1], 'NoSuchKey');
  assert.match((await outcome({ Bucket: 'none' }))[0], /Check Bucket and Region/);
  const wrong = await outcome({}, { [SERVICE]: keys({ 'Secret Access Key': 'not this one' }) });
  assert.match(wrong[0], /Check the Secret Access Key/);
  assert.equal(wrong[1], 'SignatureDoesNotMatch');
  assert.equal((await outcome({}, { [SERVICE]: keys({ 'Access Key ID': 'nobody' }) }))[1], 'InvalidAccessKeyId');
  const anonymous = { definition: AWSCredentialsProviderControllerService, properties: { 'Use Anonymous Credentials': 'true' } };
  assert.equal((await outcome({}, { [SERVICE]: anonymous }))[1], 'AccessDenied');
  server.faults.cutAfter = MIB;
  assert.match((await outcome({}))[0], /could not read a: aborted/);
  server.faults.isSilent = true;
  assert.match((await outcome({ 'Communications Timeout': '200 millis' }))[0], /could not read a: .*time/i);
  assert.match((await outcome({ 'Endpoint Override URL': 'http://127.0.0.1:1' }))[0], /ECONNREFUSED/);
});

test('encryption on the side of the server', async () => {
  const service = (properties: Record<string, string>) => ({ 'Encryption Service': { definition: StandardS3EncryptionService, properties } });
  const customer = service({ 'Encryption Strategy': 'SSE_C', 'Key Material': Buffer.alloc(32, 1).toString('base64') });
  const runs = {
    s3: put({}, service({ 'Encryption Strategy': 'SSE_S3' })),
    kms: put({}, service({ 'Encryption Strategy': 'SSE_KMS', 'KMS Key ID': 'arn:1' })),
    customer: put({}, customer),
  };
  for (const [filename, run] of Object.entries(runs)) {
    await run.enqueue('secret', { filename }).run();
    await run.close();
  }
  const told = Object.values(runs).map((run) => run.out('success')[0]!.attributes['s3.encryptionStrategy']);
  assert.deepEqual(told, ['SSE_S3', 'SSE_KMS', 'SSE_C']);
  assert.equal(shop().get('kms')!.headers['x-amz-server-side-encryption-aws-kms-key-id'], 'arn:1');
  const names = { Bucket: 'shop', 'Object Key': 'customer' };
  const [withKey, without] = [fetch(names, customer), fetch(names)];
  await withKey.enqueue('').run();
  await without.enqueue('').run();
  assert.deepEqual([withKey.out('success')[0]!.content, without.counts], ['secret', { failure: 1 }]);
  await Promise.all([withKey.close(), without.close()]);
  await assert.rejects(put({}, service({ 'Encryption Strategy': 'SSE_C', 'Key Material': 'short' })).start(), /256 bits/);
  await assert.rejects(put({}, service({ 'Encryption Strategy': 'CSE_KMS', 'KMS Key ID': 'a' })).start(), /not supported by this runtime/);
});

// ---- DeleteS3Object

test('DeleteS3Object removes an object, or one version', async () => {
  const { version } = shop().put('a', Buffer.from('1'), {}, {});
  shop().put('a', Buffer.from('2'), {}, {});
  const run = runner(DeleteS3Object, { properties: { ...leadingTo(server), Version: '${v}' }, services: { [SERVICE]: keys() } });
  await run.enqueue('', { 's3.bucket': 'shop', filename: 'a', v: version }).run();
  assert.deepEqual([run.counts, shop().get('a')!.body.toString(), shop().get('a', version)], [{ success: 1 }, '2', undefined]);
  await run.enqueue('', { 's3.bucket': 'shop', filename: 'a' }).enqueue('', { 's3.bucket': 'none', filename: 'a' }).run(2);
  assert.deepEqual([run.counts, shop().objects.size], [{ success: 2, failure: 1 }, 0]);
  assert.equal(run.out('failure')[0]!.attributes['s3.errorCode'], 'NoSuchBucket');
  assert.equal(run.provenance.find(({ type }) => type === 'REMOTE_INVOCATION')!.transitUri, `${server.url}/shop/a`);
  await run.close();
});
