import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { randomUUID } from 'node:crypto';
import { pipeline, type Readable } from 'node:stream';
import { pipeline as piped } from 'node:stream/promises';
import { permissionText, timeText } from '../../server/extension/file-attributes.ts';
import { readFlowFiles } from './flowfile-stream.ts';

export type UnpackFormat = 'tar' | 'zip' | 'flowfile-stream-v3';

/** What was packed. */
export interface Unpacked {
  readonly attributes: Readonly<Record<string, string>>;
  /** Must be read to its end before the next one. */
  readonly content: AsyncIterable<Uint8Array>;
}

/** A zip up to so many bytes is held in memory, a larger one in a file for the time being. */
const IN_MEMORY = 16 * 1024 * 1024;

/** Name and folder of an entry. Throws an Error where it leads out of the archive. */
export function entryPlace(name: string): { filename: string; path: string } {
  const parts = name.replaceAll('\\', '/').split('/');
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name) || parts.includes('..') || name.includes('\0')) throw new Error(`its entry '${name}' leads out of the archive`);
  const kept = parts.filter((part) => part !== '' && part !== '.');
  const folder = kept.slice(0, -1).join('/');
  return { filename: kept.at(-1) ?? '', path: folder === '' ? '/' : `${folder}/` };
}

const known = (time: Date | undefined): string => (time === undefined || Number.isNaN(time.getTime()) ? '' : timeText(time.getTime()));

/** What is in a tar. */
export async function* untar(content: Readable): AsyncGenerator<Unpacked> {
  const { extract } = await import('tar-stream');
  const archive = extract();
  pipeline(content, archive as unknown as NodeJS.WritableStream, () => undefined);
  for await (const entry of archive) {
    const { name, type, mtime, uname, gname, size = 0, mode = 0 } = entry.header;
    if (type !== 'file') {
      entry.resume();
      continue;
    }
    const place = entryPlace(name);
    const times = { 'file.lastModifiedTime': known(mtime), 'file.creationTime': known(mtime) };
    yield {
      attributes: { ...place, ...times, 'file.owner': uname ?? '', 'file.group': gname ?? '', 'file.size': String(size), 'file.permissions': permissionText(mode) },
      content: entry as unknown as AsyncIterable<Uint8Array>,
    };
  }
}

/** What is in a FlowFile stream, with the attributes that it had. */
export async function* unstream(content: Readable): AsyncGenerator<Unpacked> {
  for await (const { attributes, content: bytes } of readFlowFiles(content as AsyncIterable<Uint8Array>)) {
    const { uuid: _, ...kept } = Object.fromEntries(attributes);
    yield { attributes: kept, content: bytes };
  }
}

/** What is in a zip of `size` bytes; `folder` holds large ones for the time being. */
export async function* unzip(content: Readable, size: number, folder: string): AsyncGenerator<Unpacked> {
  const yauzl = await import('yauzl');
  const file = path.join(folder, `unpack-${randomUUID()}.zip`);
  const isSmall = size <= IN_MEMORY;
  try {
    if (!isSmall) await mkdir(folder, { recursive: true }).then(() => piped(content, createWriteStream(file)));
    const bytes = isSmall ? Buffer.concat(await content.toArray()) : undefined;
    const archive = await opened<import('yauzl').ZipFile>((done) =>
      bytes ? yauzl.fromBuffer(bytes, { lazyEntries: true }, done) : yauzl.open(file, { lazyEntries: true, autoClose: false }, done),
    );
    try {
      yield* zipEntries(archive);
    } finally {
      archive.close();
    }
  } finally {
    if (!isSmall) await rm(file, { force: true });
  }
}

async function* zipEntries(archive: import('yauzl').ZipFile): AsyncGenerator<Unpacked> {
  for (;;) {
    const entry = await nextEntry(archive);
    if (!entry) return;
    if (entry.fileName.endsWith('/')) continue;
    if (entry.isEncrypted()) throw new Error(`its entry '${entry.fileName}' is encrypted, which this runtime cannot read`);
    const content = await opened<Readable>((done) => archive.openReadStream(entry, done));
    const attributes = {
      ...entryPlace(entry.fileName),
      'file.lastModifiedTime': known(entry.getLastModDate()),
      'file.size': String(entry.uncompressedSize),
      'file.encryptionMethod': 'none',
    };
    yield { attributes, content: content as AsyncIterable<Uint8Array> };
  }
}

function opened<T>(open: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => open((error, value) => (error ? reject(error) : resolve(value))));
}

function nextEntry(archive: import('yauzl').ZipFile): Promise<import('yauzl').Entry | undefined> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      archive.removeAllListeners();
      act();
    };
    archive.once('entry', (entry) => settle(() => resolve(entry)));
    archive.once('end', () => settle(() => resolve(undefined)));
    archive.once('error', (error) => settle(() => reject(error)));
    archive.readEntry();
  });
}
