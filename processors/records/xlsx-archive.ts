import { close, createWriteStream, open } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Entry, ZipFile } from 'yauzl';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';

const MAX_ENTRIES = 10_000;
/** Beyond this size, what is unpacked to more than a hundred times its size is an attack (Apache POI has the same limit). */
const ANY_RATIO = 1024 ** 2;
const MAX_RATIO = 100;

/** How a file begins that is encrypted, or of the format before 2007. */
const COMPOUND = Buffer.from('d0cf11e0a1b11ae1', 'hex');

/** Any failure as a reason that a person can read. */
export const notWorkbook = (thrown: unknown): ProcessError =>
  thrown instanceof ProcessError ? thrown : new ProcessError(`The content is not an XLSX workbook as the reader expects it: ${messageOf(thrown)}.`, { cause: thrown });

async function* checked(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let isFirst = true;
  for await (const chunk of content) {
    if (isFirst && Buffer.from(chunk.subarray(0, COMPOUND.length)).equals(COMPOUND))
      throw new ProcessError('The content is protected by a password, or an XLS workbook of the format before 2007: neither can be read. Save it as XLSX without a password.');
    isFirst = false;
    yield chunk;
  }
}

function called<T>(call: (done: (error: Error | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))));
}

function entriesOf(archive: ZipFile): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>();
  return new Promise((resolve, reject) => {
    archive.on('entry', (entry: Entry) => {
      entries.set(entry.fileName, entry);
      if (entries.size > MAX_ENTRIES) reject(new ProcessError(`The workbook has more than ${MAX_ENTRIES} parts.`));
      else archive.readEntry();
    });
    archive.once('end', () => resolve(entries));
    archive.once('error', reject);
    archive.readEntry();
  });
}

/** The parts of a workbook, which is a ZIP archive. */
export class XlsxArchive {
  readonly #archive: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(archive: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#archive = archive;
    this.#entries = entries;
  }

  /** Its end says what is in it, so that it is stored as a whole first: in a file without a name, which goes when it is closed. Throws ProcessError. */
  static async open(content: AsyncIterable<Uint8Array>): Promise<XlsxArchive> {
    const { fromFd } = await import('yauzl');
    const folder = await mkdtemp(path.join(os.tmpdir(), 'millrace-xlsx-'));
    let fd: number | undefined;
    try {
      const file = path.join(folder, 'workbook.xlsx');
      await pipeline(checked(content), createWriteStream(file));
      const opened = await called<number>((done) => open(file, 'r', done));
      fd = opened;
      const archive = await called<ZipFile>((done) => fromFd(opened, { lazyEntries: true, autoClose: false }, done));
      return new XlsxArchive(archive, await entriesOf(archive));
    } catch (thrown) {
      if (fd !== undefined) close(fd);
      throw notWorkbook(thrown);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  close(): void {
    this.#archive.close();
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** The bytes of a part; yauzl sees to it that they are as many as the archive says. Throws ProcessError. */
  async stream(name: string): Promise<Readable> {
    const entry = this.#entries.get(name);
    if (!entry) throw new ProcessError(`The content is not an XLSX workbook: it has no part '${name.slice(0, 200)}'.`);
    const { uncompressedSize, compressedSize } = entry;
    if (uncompressedSize > ANY_RATIO && uncompressedSize > MAX_RATIO * compressedSize)
      throw new ProcessError(`The workbook's part '${name}' becomes ${uncompressedSize} bytes from ${compressedSize}: that is a zip bomb, not a workbook.`);
    return called<Readable>((done) => this.#archive.openReadStream(entry, done));
  }
}
