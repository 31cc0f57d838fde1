import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { defaultLimits, openRepositories } from '../../server/repository/open.ts';
import { rigOn } from '../repository.contract.ts';

const MEGABYTE = 1024 ** 2;
const SIZE = 1024 * MEGABYTE;

const directory = mkdtempSync(path.join(tmpdir(), 'millrace-large-'));
const repositories = openRepositories(directory, { ...defaultLimits, now: Date.now, warn: console.error });
const { rig, queue, sink } = rigOn(repositories);

let expected = 0;
async function* bytes(): AsyncGenerator<Uint8Array> {
  for (let sent = 0; sent < SIZE; sent += MEGABYTE) {
    const chunk = Buffer.alloc(MEGABYTE, `megabyte ${sent}`);
    expected = crc32(chunk, expected);
    yield chunk;
  }
}

const producing = rig.session(queue.producer);
producing.transfer(await producing.writeStream(producing.create(), bytes()), 'success');
producing.commit();
rig.journal.flush();

const session = rig.session(sink);
const flowFile = session.get()!;
const part = session.clone(flowFile, SIZE - 10, 10);
let [read, checksum] = [0, 0];
for await (const chunk of session.readStream(flowFile)) {
  read += (chunk as Buffer).length;
  checksum = crc32(chunk as Buffer, checksum);
}
session.remove([flowFile, part]);
session.commit();
rig.journal.flush();
console.log(JSON.stringify({ peakBytes: process.resourceUsage().maxRSS * 1024, read, checksum, expected }));
repositories.close();
rmSync(directory, { recursive: true, force: true });
