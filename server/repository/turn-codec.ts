import { ByteReader, type ByteWriter } from '../engine/byte-writer.ts';
import type { FlowFileRecord } from '../engine/flowfile-record.ts';
import type { UnitOfWork } from '../engine/repositories.ts';
import type { Statements } from './statements.ts';

/** Packs what a turn did to FlowFiles. */
export function encodeTurn(unit: UnitOfWork, writer: ByteWriter): Buffer {
  const { inserted, updated, moved, removed } = unit;
  writer.number(inserted.length);
  for (const record of inserted) {
    writePlace(writer, record);
    writeContent(writer, record);
    writer.number(record.entryDate);
    writer.number(record.lineageStart);
  }
  writer.number(updated.length);
  for (const record of updated) {
    writePlace(writer, record);
    writeContent(writer, record);
  }
  writer.number(moved.length);
  for (const record of moved) writePlace(writer, record);
  writer.number(removed.length);
  for (const { id } of removed) writer.number(id);
  return writer.take();
}

function writePlace(writer: ByteWriter, { id, queue, position, queuedAt, penaltyUntil }: FlowFileRecord): void {
  writer.number(id);
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

/** Does to the rows what the turn did. Saying it again does no harm, so rows may already be ahead of the turn. */
export function replayTurn(bytes: Uint8Array, sql: Statements): void {
  const reader = new ByteReader(bytes);
  const content = (): [Buffer, number, number, number] => [attributesOf(reader), reader.number(), reader.number(), reader.number()];
  for (let rest = reader.number(); rest > 0; rest--) {
    const [id, queue, position, queuedAt, penaltyUntil] = readPlace(reader);
    const [attributes, segment, offset, length] = content();
    sql.putRow.run(id, queue, attributes, segment, offset, length, reader.number(), reader.number(), position, queuedAt, penaltyUntil);
  }
  for (let rest = reader.number(); rest > 0; rest--) {
    const [id, ...place] = readPlace(reader);
    sql.changeRow.run(...place, ...content(), id);
  }
  for (let rest = reader.number(); rest > 0; rest--) {
    const [id, ...place] = readPlace(reader);
    sql.moveRow.run(...place, id);
  }
  for (let rest = reader.number(); rest > 0; rest--) sql.removeRow.run(reader.number());
}

function readPlace(reader: ByteReader): [number, number, number, number, number] {
  return [reader.number(), reader.number(), reader.number(), reader.number(), reader.number()];
}

/** The attributes as they stand in the turn, without looking into them. */
function attributesOf(reader: ByteReader): Buffer {
  const start = reader.position;
  for (let rest = reader.number() * 2; rest > 0; rest--) reader.skip();
  return reader.since(start);
}
