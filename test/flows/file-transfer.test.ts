import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import { FlowBench, standard, withMillrace } from '../bench/flow.ts';
import { ACCESS_KEY, S3Emulator, SECRET_KEY } from '../emulators/s3.ts';
import { place } from '../processors/transfer/transfer-rig.ts';
import { SftpServer } from '../servers/sftp-server.ts';

const AWS = 'org.apache.nifi.processors.aws';

const QUICK = { penaltyDuration: '50 millis', yieldDuration: '50 millis', schedulingPeriod: '100 millis' };

/** ListSFTP, FetchSFTP and PutS3Object; what fails is tried again. */
function build(flow: FlowController, sftp: SftpServer, s3: S3Emulator): FlowBench {
  const bench = new FlowBench(flow);
  const keys = { 'Access Key ID': ACCESS_KEY, 'Secret Access Key': SECRET_KEY };
  const credentials = flow.createService(bench.group, { version: 0 }, { type: `${AWS}.credentials.provider.service.AWSCredentialsProviderControllerService`, properties: keys });
  credentials.enable();
  const list = bench.processor(standard('ListSFTP'), { ...sftp.properties, 'Remote Path': '/in', 'Search Recursively': 'true' }, QUICK);
  const fetching = { ...sftp.properties, 'Remote File': '${path}/${filename}', 'Completion Strategy': 'Delete File' };
  const fetch = bench.processor(standard('FetchSFTP'), fetching, {
    ...QUICK,
    concurrentlySchedulableTaskCount: 3,
    autoTerminatedRelationships: ['not.found', 'permission.denied'],
  });
  const putting = { Bucket: 'lake', 'Object Key': '${path}/${filename}', 'Endpoint Override URL': s3.url, 'AWS Credentials Provider Service': credentials.id };
  const put = bench.processor(`${AWS}.s3.PutS3Object`, putting, { ...QUICK, concurrentlySchedulableTaskCount: 2, autoTerminatedRelationships: ['success'] });
  bench.connect(list, fetch, ['success']);
  bench.connect(fetch, fetch, ['comms.failure']);
  bench.connect(fetch, put, ['success']);
  bench.connect(put, put, ['failure']);
  return bench;
}

async function until(flow: FlowController, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    assert.ok(performance.now() < deadline, [...flow.bulletins.find()].map(({ message }) => message).join('\n'));
    await delay(10);
  }
}

const names = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));

test('files of an SFTP server become objects of S3, none lost and none twice, though connections break', async () => {
  const [sftp, s3] = [await SftpServer.start(), await S3Emulator.start('lake')];
  const wanted = new Map<string, string>();
  for (let number = 0; number < 24; number++) {
    const content = Buffer.alloc(number * 30_000, `file ${number} `);
    const name = `in/${number % 4}/ü ${number}.bin`;
    place(sftp.root, name, content, number);
    wanted.set(`/${name}`, createHash('md5').update(content).digest('hex'));
  }
  await withMillrace(async (flow) => {
    const bench = build(flow, sftp, s3);
    const { objects } = s3.buckets.get('lake')!;
    sftp.faults.cutAfter = 700_000;
    for (const node of bench.group.processors.values()) node.start();
    await until(flow, () => objects.size > 5 && sftp.logins > 4);
    sftp.faults.cutAfter = undefined;
    await until(flow, () => objects.size === wanted.size && names(path.join(sftp.root, 'in')).length === 0);
    assert.deepEqual(new Map([...objects].map(([key, [first]]) => [key, first!.etag] as const).sort()), new Map([...wanted].sort()));
    assert.deepEqual(
      [...objects.values()].filter((versions) => versions.length > 1),
      [],
    );
  });
  await Promise.all([sftp.stop(), s3.stop()]);
});
