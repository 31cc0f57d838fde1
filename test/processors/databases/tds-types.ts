/** A column as the fake answers with it. */
export interface TdsColumn {
  readonly name: string;
  readonly type: 'int' | 'bigint' | 'bit' | 'float' | 'decimal' | 'exact' | 'nvarchar' | 'longtext' | 'varbinary' | 'longbytes' | 'datetime2' | 'datetimeoffset' | 'date' | 'time';
  /** Of an exact decimal. */
  readonly scale?: number;
}
export const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
export const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
export const bVarChar = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), ucs2(text)]);
const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

const DAY = 86_400_000;
const daysSince0001 = (date: Date): number => Math.floor(date.getTime() / DAY) + 719_162;

/** A whole value of unlimited length in one piece. */
function chunk(bytes: Buffer): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(bytes.length));
  return Buffer.concat([length, ...(bytes.length > 0 ? [u32(bytes.length), bytes] : []), u32(0)]);
}

function ticks(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.subarray(0, 5);
}

/** From text such as -1.10: a length, a sign, a whole number. */
function exactCell(value: string): Buffer {
  const digits = BigInt(value.replace(/[-.]/g, '')).toString(16).padStart(32, '0');
  return Buffer.concat([Buffer.from([17, Number(!value.startsWith('-'))]), Buffer.from(digits, 'hex').reverse()]);
}

/** Types as they stand in metadata, and their values in rows ([MS-TDS] 2.2.5.4, 2.2.5.5). */
export const TYPES: Readonly<Record<TdsColumn['type'], { readonly info: Buffer; write(value: never): Buffer }>> = {
  int: { info: Buffer.from([0x26, 4]), write: (value: number) => Buffer.concat([Buffer.from([4]), u32(value >>> 0)]) },
  bigint: {
    info: Buffer.from([0x26, 8]),
    write: (value: bigint) => {
      const bytes = Buffer.alloc(9, 8);
      bytes.writeBigInt64LE(value, 1);
      return bytes;
    },
  },
  bit: { info: Buffer.from([0x68, 1]), write: (value: boolean) => Buffer.from([1, Number(value)]) },
  float: {
    info: Buffer.from([0x6d, 8]),
    write: (value: number) => {
      const bytes = Buffer.alloc(9, 8);
      bytes.writeDoubleLE(value, 1);
      return bytes;
    },
  },
  // DECIMAL(10, 2)
  decimal: { info: Buffer.from([0x6a, 9, 10, 2]), write: (value: number) => Buffer.concat([Buffer.from([9, Number(value >= 0)]), u32(Math.round(Math.abs(value) * 100)), u32(0)]) },
  nvarchar: { info: Buffer.concat([Buffer.from([0xe7]), u16(8000), COLLATION]), write: (value: string) => Buffer.concat([u16(ucs2(value).length), ucs2(value)]) },
  varbinary: { info: Buffer.concat([Buffer.from([0xa5]), u16(8000)]), write: (value: Buffer) => Buffer.concat([u16(value.length), value]) },
  datetime2: {
    info: Buffer.from([0x2a, 7]),
    write: (value: Date) => {
      const bytes = Buffer.alloc(9, 8);
      bytes.writeUIntLE((value.getTime() % DAY) * 10_000, 1, 5);
      bytes.writeUIntLE(daysSince0001(value), 6, 3);
      return bytes;
    },
  },
  // Digits of 38 places at most; the scale stands in the column.
  exact: { info: Buffer.from([0x6a, 17, 38, 0]), write: exactCell },
  longtext: { info: Buffer.concat([Buffer.from([0xe7]), u16(0xffff), COLLATION]), write: (value: string) => chunk(ucs2(value)) },
  longbytes: { info: Buffer.concat([Buffer.from([0xa5]), u16(0xffff)]), write: chunk },
  // In units of a tenth of a microsecond, from text such as 10:00:00.5.
  time: { info: Buffer.from([0x29, 7]), write: (value: bigint) => Buffer.concat([Buffer.from([5]), ticks(value)]) },
  datetimeoffset: {
    info: Buffer.from([0x2b, 7]),
    write: (value: Date) => {
      const days = Buffer.alloc(5);
      days.writeUIntLE(daysSince0001(value), 0, 3);
      return Buffer.concat([Buffer.from([10]), ticks(BigInt(value.getTime() % DAY) * 10_000n), days]);
    },
  },
  date: {
    info: Buffer.from([0x28]),
    write: (value: Date) => {
      const bytes = Buffer.alloc(4, 3);
      bytes.writeUIntLE(daysSince0001(value), 1, 3);
      return bytes;
    },
  },
};

/** A value in a row. */
export function cell(type: TdsColumn['type'], value: unknown): Buffer {
  if (value === null && type.startsWith('long')) return Buffer.alloc(8, 0xff);
  if (value === null) return type === 'nvarchar' || type === 'varbinary' ? u16(0xffff) : Buffer.from([0]);
  return TYPES[type].write(value as never);
}

/** What a column's metadata says of its type. */
export function typeInfo({ type, scale }: TdsColumn): Buffer {
  return type === 'exact' ? Buffer.from([0x6a, 17, 38, scale ?? 0]) : TYPES[type].info;
}
