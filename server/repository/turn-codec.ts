import { ByteReader, type ByteWriter } from '../engine/byte-writer.ts';
import type { FlowFileRecord } from '../engine/flowfile-record.ts';
import type { StoredFlowFile, UnitOfWork } from '../engine/repositories.ts';

/** Packs what a turn did to FlowFiles. */
export function encodeTurn(unit: UnitOfWork, writer: ByteWriter): Buffer {
  const { inserted, updated, moved, removed } = unit;
  writer.number(inserted.length);
  for (const record of inserted) {
    writer.number(record.id);
    writeRow(writer, record);
  }
  writer.number(updated.length);
  for (const record of updated) {
    writer.number(record.id);
    writePlace(writer, record);
    writeContent(writer, record);
  }
  writer.number(moved.length);
  for (const record of moved) {
    writer.number(record.id);
    writePlace(writer, record);
  }
  writer.number(removed.length);
  for (const { id } of removed) writer.number(id);
  return writer.take();
}

/** Packs all there is to know of a queued FlowFile but its number. */
export function writeRow(writer: ByteWriter, record: FlowFileRecord): void {
  writePlace(writer, record);
  writeContent(writer, record);
  writer.number(record.entryDate);
  writer.number(record.lineageStart);
}

function writePlace(writer: ByteWriter, { queue, position, queuedAt, penaltyUntil }: FlowFileRecord): void {
  writer.number(queue!.key);
  writer.number(position);
  writer.number(queuedAt);
  writer.number(penaltyUntil);
}

function writeContent(writer: ByteWriter, { committed }: FlowFileRecord): void {
  const { segment, offset, length } = committed.content;
  committed.own.write(writer);
  writer.number(segment);
  writer.number(offset);
  writer.number(length);
}

/** The same for a FlowFile as it was read back. */
export function writeStoredRow(writer: ByteWriter, row: StoredFlowFile): void {
  const { queue, position, queuedAt, penaltyUntil, attributes, segment, offset, length, entryDate, lineageStart } = row;
  for (const number of [queue, position, queuedAt, penaltyUntil]) writer.number(number);
  writer.raw(attributes);
  for (const number of [segment, offset, length, entryDate, lineageStart]) writer.number(number);
}

/** What writeRow packed. */
export function readRow(id: number, bytes: Uint8Array): StoredFlowFile {
  return rowFrom(id, new ByteReader(bytes));
}

function rowFrom(id: number, reader: ByteReader): StoredFlowFile {
  return { id, ...placeFrom(reader), ...contentFrom(reader), entryDate: reader.number(), lineageStart: reader.number() };
}

function placeFrom(reader: ByteReader) {
  return { queue: reader.number(), position: reader.number(), queuedAt: reader.number(), penaltyUntil: reader.number() };
}

function contentFrom(reader: ByteReader) {
  return { attributes: attributesFrom(reader), segment: reader.number(), offset: reader.number(), length: reader.number() };
}

/** The attributes as they stand, without looking into them. */
function attributesFrom(reader: ByteReader): Buffer {
  const start = reader.position;
  for (let rest = reader.number() * 2; rest > 0; rest--) reader.skip();
  return reader.since(start);
}

/** FlowFiles by number; null for one that is gone. */
export type Rows = Map<number, StoredFlowFile | null>;

/**
 * Does to the rows what the turn did; `stored` gives a row that no turn has spoken of yet. Saying it again does no harm, so
 * stored rows may already be ahead of the turn: what is missing then is removed by a later turn.
 */
export function replayTurn(bytes: Uint8Array, rows: Rows, stored: (id: number) => StoredFlowFile | undefined): void {
  const reader = new ByteReader(bytes);
  const change = (id: number, fields: Partial<StoredFlowFile>): void => {
    const row = rows.has(id) ? rows.get(id) : stored(id);
    if (row) rows.set(id, { ...row, ...fields });
  };
  for (let rest = reader.number(); rest > 0; rest--) {
    const id = reader.number();
    rows.set(id, rowFrom(id, reader));
  }
  for (let rest = reader.number(); rest > 0; rest--) change(reader.number(), { ...placeFrom(reader), ...contentFrom(reader) });
  for (let rest = reader.number(); rest > 0; rest--) change(reader.number(), placeFrom(reader));
  for (let rest = reader.number(); rest > 0; rest--) rows.set(reader.number(), null);
}
