import { type DataRecord, parseExactly, parseRecords, stringifyExactly } from '../../server/extension/record.ts';
import { Bytes, ByteWriter } from './byte-writer.ts';
import { type JsonField, planFields, writeField } from './json-fields.ts';
import { JsonScanner, skipBlanks, skipValue } from './json-scanner.ts';
import type { MappedField } from './mapping.ts';
import { mapRecord, requireColumns } from './record-mapper.ts';

export interface RejectedRow {
  readonly record: DataRecord;
  readonly reason: string;
}

export interface MapperOptions {
  /** Columns that are no source go along as they are. */
  readonly keepOthers?: boolean;
  /** A source column that no record has counts as empty, instead of as a mistake. */
  readonly missingIsNull?: boolean;
}

export interface MappedContent {
  readonly content: Buffer;
  readonly count: number;
  readonly rejected: readonly RejectedRow[];
}

const COMMA = 0x2c,
  OPEN_ARRAY = 0x5b,
  CLOSE_ARRAY = 0x5d,
  OPEN = 0x7b,
  CLOSE = 0x7d;

/** Texts of one shape come from one writer; more shapes than this are not worth learning. */
const MAX_LESSONS = 8;

/**
 * Maps JSON records from bytes to bytes. Records of a writer look alike, so most of them are mapped by copying the bytes of
 * their values between the names of the destination: three times as fast as parsing and writing objects, and numbers stay exact.
 * Any record that is not plain goes the usual way (`mapRecord`), one by one.
 */
export class JsonMapper {
  private readonly fields: readonly MappedField[];
  private readonly options: MapperOptions;
  private readonly scanner = new JsonScanner();
  private plan: readonly JsonField[] | undefined;
  /** What the fields take beside their values. */
  private overhead = 0;
  private writer = new ByteWriter(0);
  private count = 0;
  private rejected: RejectedRow[] = [];

  constructor(fields: readonly MappedField[], options: MapperOptions = {}) {
    this.fields = fields;
    this.options = options;
  }

  /** Maps a FlowFile's content. Throws ProcessError when it is no JSON records or lacks a column (MissingColumn). */
  map(content: Buffer): MappedContent {
    this.begin(content.length);
    const first = skipBlanks(content, 0);
    if (content[first] !== OPEN_ARRAY || !this.array(content, first)) {
      this.begin(content.length);
      this.slowly(parseRecords(content.toString('utf8')));
    }
    this.writer.text(']');
    return { content: this.writer.take(), count: this.count, rejected: this.rejected };
  }

  private begin(size: number): void {
    this.writer = new ByteWriter(size + (size >> 2) + 64);
    this.writer.text('[');
    this.count = 0;
    this.rejected = [];
  }

  private slowly(records: readonly DataRecord[]): void {
    if (!this.options.missingIsNull) requireColumns(this.fields, records);
    for (const record of records) this.usual(record);
  }

  /** False where the whole text must go the usual way: a column is missing, or it is no array of objects. */
  private array(bytes: Buffer, at: number): boolean {
    const source = new Bytes(bytes);
    let lessons = MAX_LESSONS;
    let place = skipBlanks(bytes, at + 1);
    if (bytes[place] === CLOSE_ARRAY) return skipBlanks(bytes, place + 1) === bytes.length;
    if (!this.plan && !this.learn(source, place)) return false;
    for (;;) {
      let end = this.scanner.record(source, place);
      if (end < 0 && lessons-- > 0 && this.learn(source, place)) end = this.scanner.record(source, place);
      if (end < 0 || !this.copied(source, end - place)) end = this.parsed(bytes, place);
      if (end < 0) return false;
      place = bytes[end] === COMMA ? end : skipBlanks(bytes, end);
      if (bytes[place] === CLOSE_ARRAY) return skipBlanks(bytes, place + 1) === bytes.length;
      if (bytes[place] !== COMMA) return false;
      place = bytes[place + 1] === OPEN ? place + 1 : skipBlanks(bytes, place + 1);
    }
  }

  /** Takes the record's shape if it has all the columns; else the former one stays. */
  private learn(source: Bytes, place: number): boolean {
    const scanner = new JsonScanner();
    const shape = scanner.learn(source, place);
    const plan = shape && planFields(this.fields, shape, this.options.keepOthers ?? false);
    if (!plan) return false;
    this.scanner.learn(source, place);
    this.plan = plan;
    this.overhead = plan.reduce((sum, { before, fallback }) => sum + before.length + (fallback?.length ?? 0) + 2, 8);
    return true;
  }

  private copied(source: Bytes, size: number): boolean {
    const { writer, scanner } = this;
    const plan = this.plan!;
    const start = writer.length;
    // No field can take more than the whole record.
    writer.reserve(this.overhead + plan.length * size);
    if (this.count > 0) writer.byte(COMMA);
    for (let index = 0; index < plan.length; index++) {
      const field = plan[index]!;
      writer.literal(field.before);
      if (writeField(field, source, scanner, writer)) continue;
      writer.length = start;
      return false;
    }
    writer.byte(CLOSE);
    this.count++;
    return true;
  }

  /** One record the usual way; the place after it, or -1. */
  private parsed(bytes: Buffer, place: number): number {
    const end = bytes[place] === OPEN ? skipValue(bytes, place) : -1;
    if (end < 0) return -1;
    try {
      this.usual(parseExactly(bytes.toString('utf8', place, end)) as DataRecord);
      return end;
    } catch (thrown) {
      if (thrown instanceof SyntaxError) return -1;
      throw thrown;
    }
  }

  private usual(source: DataRecord): void {
    const { record, reason } = mapRecord(this.fields, source, this.options.keepOthers ?? false);
    if (record) this.writer.text((this.count++ > 0 ? ',' : '') + stringifyExactly(record));
    else this.rejected.push({ record: source, reason });
  }
}
