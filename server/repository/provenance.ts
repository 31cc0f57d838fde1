import { mkdirSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import type Database from 'better-sqlite3';
import { type ProvenanceBlock, type ProvenanceRepository, StorageError } from '../engine/repositories.ts';
import { AppendFile } from './append-file.ts';
import { NumberedFiles } from './segment-files.ts';

const FILE_BYTES = 32 * 1024 * 1024;

/** How much provenance is kept. */
export interface ProvenanceLimits {
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
}

interface BlockRow {
  first_event: number;
  count: number;
  first_time: number;
  last_time: number;
  first_flowfile: number;
  last_flowfile: number;
  file: number;
  offset: number;
  length: number;
  checksum: number;
}

const FIND = `select * from provenance_block
  where last_time >= @fromTime and first_time <= @toTime and last_flowfile >= @fromFlowFile and first_flowfile <= @toFlowFile
    and first_event <= @event and first_event + count > @fromEvent
  order by first_event desc`;

/**
 * Blocks of events in files, found through a row each in the database. The bytes are written first and the row with the turn
 * that they belong to: bytes without a row are what a killed process left, and nobody ever reads them.
 */
export class FileProvenanceRepository implements ProvenanceRepository {
  readonly #files: NumberedFiles;
  readonly #limits: ProvenanceLimits;
  readonly #insert: Database.Statement;
  readonly #find: Database.Statement;
  readonly #forget: Database.Statement;
  readonly #warn: (message: string) => void;
  #current: AppendFile;
  #unwritten: { block: ProvenanceBlock; offset: number } | null = null;

  constructor(directory: string, db: Database.Database, limits: ProvenanceLimits, warn: (message: string) => void) {
    mkdirSync(directory, { recursive: true });
    this.#files = new NumberedFiles(directory, '.provenance');
    this.#limits = limits;
    this.#warn = warn;
    this.#insert = db.prepare(
      'insert into provenance_block values (@firstEventId, @count, @firstTime, @lastTime, @firstFlowFile, @lastFlowFile, @file, @offset, @length, @checksum)',
    );
    this.#find = db.prepare(FIND);
    this.#forget = db.prepare('delete from provenance_block where file = ?');
    this.#current = this.#newFile();
  }

  /** Writes the bytes; the row follows by `record` within the turn's transaction. Throws StorageError. */
  append(block: ProvenanceBlock): number {
    // A turn that failed comes again with the same block, which then has its place already.
    if (this.#unwritten?.block !== block) this.#unwritten = { block, offset: this.#current.append(block.bytes) };
    this.#current.flush();
    return this.#unwritten.offset;
  }

  record(block: ProvenanceBlock, offset: number): void {
    const { bytes, ...row } = block;
    this.#insert.run({ ...row, file: this.#current.number, offset, length: bytes.length, checksum: crc32(bytes) });
  }

  /** Between two turns: begins a new file where the present one is full, and drops what is too old. */
  rotate(now: number): void {
    this.#unwritten = null;
    if (this.#current.size < FILE_BYTES) return;
    const next = this.#newFile();
    this.#current.close();
    this.#current = next;
    const old = this.#files
      .list()
      .filter(({ number }) => number !== this.#current.number)
      .sort((a, b) => a.number - b.number);
    let bytes = old.reduce((sum, { size }) => sum + size, 0);
    for (const { number, size, modified } of old) {
      if (bytes <= this.#limits.maxBytes && now - modified <= this.#limits.maxAge) break;
      this.#forget.run(number);
      this.#files.remove(number);
      bytes -= size;
    }
  }

  *blocks(range: { fromTime?: number; toTime?: number; flowFile?: number; event?: number }): Generator<ProvenanceBlock> {
    const rows = this.#find.all({
      fromTime: range.fromTime ?? 0,
      toTime: range.toTime ?? Number.MAX_SAFE_INTEGER,
      fromFlowFile: range.flowFile ?? 0,
      toFlowFile: range.flowFile ?? Number.MAX_SAFE_INTEGER,
      fromEvent: range.event ?? 0,
      event: range.event ?? Number.MAX_SAFE_INTEGER,
    }) as BlockRow[];
    for (const row of rows) {
      const block = this.#read(row);
      if (block) yield block;
    }
  }

  close(): void {
    this.#current.close();
    this.#files.close();
  }

  #read(row: BlockRow): ProvenanceBlock | null {
    const bytes = Buffer.allocUnsafe(row.length);
    const whole = this.#readBytes(row, bytes);
    if (!whole || crc32(bytes) !== row.checksum) {
      this.#warn(
        `${row.count} provenance events from ${new Date(row.first_time).toISOString()} on are damaged in ${this.#files.path(row.file)} and are left out; FlowFiles and state are not touched by it.`,
      );
      return null;
    }
    const { first_event: firstEventId, count, first_time: firstTime, last_time: lastTime, first_flowfile: firstFlowFile, last_flowfile: lastFlowFile } = row;
    return { firstEventId, count, firstTime, lastTime, firstFlowFile, lastFlowFile, bytes };
  }

  #readBytes(row: BlockRow, bytes: Buffer): boolean {
    try {
      return this.#files.read(row.file, bytes, row.offset) === row.length;
    } catch {
      return false;
    }
  }

  #newFile(): AppendFile {
    const number = this.#files.list().reduce((last, file) => Math.max(last, file.number), 0) + 1;
    try {
      return new AppendFile(number, this.#files.path(number));
    } catch (cause) {
      throw new StorageError(`Provenance cannot be written (${(cause as Error).message}). Check the data directory and its disk.`, { cause });
    }
  }
}
