import { createReadStream, mkdirSync, unlinkSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ContentClaim } from '../engine/content-claim.ts';
import { type ContentRepository, StorageError } from '../engine/repositories.ts';
import { AppendFile } from './append-file.ts';
import { ContentArchive, type ArchiveLimits } from './content-archive.ts';
import { NumberedFiles } from './segment-files.ts';

const SEGMENT_BYTES = 32 * 1024 * 1024;
/** New content waits in memory for the journal's turn up to this. */
const PENDING_BYTES = 4 * 1024 * 1024;
/** What was stored last stays in memory up to this: downstream reads it soon. */
const RECENT_BYTES = 1024 * 1024;
/** A stream longer than this gets a segment of its own and never stands in memory as a whole. */
const STREAM_BYTES = 256 * 1024;

/**
 * Content in append-only segments of a folder. A segment is dropped as a whole, once no stored FlowFile refers to it and the
 * archive (content kept for replay) has no room for it. After a restart a new segment is begun, so a torn end does no harm.
 */
export class FileContentRepository implements ContentRepository {
  readonly #files: NumberedFiles;
  readonly #archive: ContentArchive;
  #current: AppendFile;
  #next: number;
  #waiting: ContentClaim[] = [];
  #waitingBytes = 0;
  /** Stored claims whose bytes are still in memory, oldest first. */
  readonly #recent: ContentClaim[] = [];
  #recentBytes = 0;
  #lastBytes: Uint8Array | null = null;
  #lastClaim = ContentClaim.empty;

  constructor(directory: string, limits: ArchiveLimits, now: () => number) {
    mkdirSync(directory, { recursive: true });
    this.#files = new NumberedFiles(directory, '.segment');
    const existing = this.#files.list();
    this.#archive = new ContentArchive(limits, now, (segment) => this.#files.remove(segment));
    for (const { number, size, modified } of existing) this.#archive.add(number, size, modified);
    // From the time (tenths of a second) on: a number is never used again, also after its file is gone.
    this.#next = existing.reduce((next, { number }) => Math.max(next, number + 1), Math.floor(now() / 100));
    this.#current = this.#newSegment();
  }

  claimFor(bytes: Uint8Array): ContentClaim {
    const reusable = bytes === this.#lastBytes && (this.#lastClaim.held || this.#lastClaim.segment === this.#current.number);
    if (reusable) return this.#lastClaim;
    this.#lastBytes = bytes;
    this.#lastClaim = ContentClaim.ofBytes(bytes);
    return this.#lastClaim;
  }

  place(claim: ContentClaim, owner?: object): void {
    if (claim.segment < 0) this.#place(claim);
    if (owner && claim.segment > 0) this.#archive.pin(claim.segment, owner);
  }

  #place(claim: ContentClaim): void {
    if (claim.whole) {
      this.place(claim.whole);
      return claim.followWhole();
    }
    claim.segment = this.#current.number;
    claim.offset = this.#current.append(claim.held!);
    this.#waiting.push(claim);
    this.#waitingBytes += claim.length;
    if (this.#waitingBytes >= PENDING_BYTES) this.#flushIfPossible();
    if (this.#current.size >= SEGMENT_BYTES && this.#waitingBytes === 0) this.#rotate();
  }

  flush(): void {
    if (this.#waiting.length === 0) return;
    this.#current.flush();
    this.#keepRecent();
    this.#waitingBytes = 0;
    if (this.#current.size >= SEGMENT_BYTES) this.#rotate();
  }

  /** What was stored last pushes older bytes out of memory. */
  #keepRecent(): void {
    for (const claim of this.#waiting) {
      this.#recent.push(claim);
      this.#recentBytes += claim.length;
    }
    this.#waiting = [];
    let gone = 0;
    for (; this.#recentBytes > RECENT_BYTES; gone++) {
      const claim = this.#recent[gone]!;
      claim.held = null;
      this.#recentBytes -= claim.length;
    }
    if (gone > 0) this.#recent.splice(0, gone);
  }

  async store(source: AsyncIterable<Uint8Array | string>, owner: object): Promise<ContentClaim> {
    const iterator = source[Symbol.asyncIterator]();
    const head: Uint8Array[] = [];
    for (let size = 0; size < STREAM_BYTES; ) {
      const { done, value } = await iterator.next();
      if (done) return ContentClaim.ofBytes(Buffer.concat(head));
      const bytes = typeof value === 'string' ? Buffer.from(value) : value;
      size += bytes.length;
      head.push(bytes);
    }
    return this.#storeLong(head, iterator, owner);
  }

  unpin(owner: object): void {
    this.#archive.unpin(owner);
  }

  read(claim: ContentClaim): Buffer {
    if (claim.length === 0) return Buffer.alloc(0);
    const held = claim.bytes;
    if (held) return Buffer.from(held.buffer, held.byteOffset, held.byteLength);
    this.#settlePlace(claim);
    const bytes = Buffer.allocUnsafe(claim.length);
    const count = this.#readSegment(claim, bytes);
    if (count < claim.length) throw this.#missing(claim, `only ${count} of ${claim.length} bytes are left`);
    return bytes;
  }

  readStream(claim: ContentClaim): Readable {
    if (claim.length <= STREAM_BYTES || claim.bytes) return Readable.from([this.read(claim)], { objectMode: false });
    this.#settlePlace(claim);
    return createReadStream(this.#files.path(claim.segment), { start: claim.offset, end: claim.offset + claim.length - 1, highWaterMark: STREAM_BYTES });
  }

  isAvailable(segment: number): boolean {
    return segment <= 0 || segment === this.#current.number || this.#archive.has(segment);
  }

  retain(segment: number): void {
    this.#archive.retain(segment);
  }

  release(segment: number): void {
    this.#archive.release(segment);
  }

  clean(): void {
    this.#archive.clean();
  }

  close(): void {
    this.#current.close();
    this.#files.close();
  }

  /** Gives a part the place that its whole has got, and makes sure that the bytes are in the file. */
  #settlePlace(claim: ContentClaim): void {
    if (claim.segment < 0) claim.followWhole();
    if (claim.segment === this.#current.number && claim.offset + claim.length > this.#current.written) this.flush();
  }

  #readSegment(claim: ContentClaim, target: Buffer): number {
    try {
      return this.#files.read(claim.segment, target, claim.offset);
    } catch (cause) {
      throw this.#missing(claim, (cause as Error).message);
    }
  }

  #missing(claim: ContentClaim, why: string): StorageError {
    return new StorageError(`Content is missing from ${this.#files.path(claim.segment)} at ${claim.offset}: ${why}. Restore the file from a backup, or drop the FlowFile.`);
  }

  async #storeLong(head: Uint8Array[], rest: AsyncIterator<Uint8Array | string>, owner: object): Promise<ContentClaim> {
    const segment = this.#next++;
    const file = await open(this.#files.path(segment), 'w');
    let size = 0;
    try {
      for (const bytes of head) size += await writeAll(file, bytes);
      for (let next = await rest.next(); !next.done; next = await rest.next()) size += await writeAll(file, next.value);
    } catch (failure) {
      await file.close();
      unlinkSync(this.#files.path(segment));
      await rest.return?.();
      throw failure;
    }
    await file.close();
    this.#archive.add(segment, size, undefined);
    this.#archive.pin(segment, owner);
    return ContentClaim.at(segment, 0, size);
  }

  /** Bytes over the limit are written early; where the disk is full they wait, and the journal's turn will tell. */
  #flushIfPossible(): void {
    try {
      this.flush();
    } catch (failure) {
      if (!(failure instanceof StorageError)) throw failure;
    }
  }

  /** Begins another segment; where that cannot be, the present one goes on growing. */
  #rotate(): void {
    const next = this.#tryNewSegment();
    if (!next) return;
    this.#archive.add(this.#current.number, this.#current.size, undefined);
    this.#current.close();
    this.#current = next;
  }

  #tryNewSegment(): AppendFile | null {
    try {
      return this.#newSegment();
    } catch {
      return null;
    }
  }

  #newSegment(): AppendFile {
    const number = this.#next++;
    return new AppendFile(number, this.#files.path(number));
  }
}

async function writeAll(file: Awaited<ReturnType<typeof open>>, content: Uint8Array | string): Promise<number> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  await file.writeFile(bytes);
  return bytes.length;
}
