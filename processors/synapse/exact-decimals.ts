import { createRequire } from 'node:module';

/** Columns whose decimals are to be read exactly; the metadata of a result is its own. */
const EXACT = new WeakSet<object>();

interface Column {
  readonly type: { readonly name: string };
  readonly scale?: number;
}
interface Read {
  readonly value: unknown;
  readonly offset: number;
}
type ReadValue = (bytes: Buffer, offset: number, column: Column, options: unknown) => Read;

const isDecimal = ({ type: { name } }: Column): boolean => /^(Decimal|Numeric)N$/.test(name);

/**
 * tedious makes doubles of decimals, so that digits beyond the fifteenth are lost. Where a column asks for it, its values are read
 * again from the same bytes ([MS-TDS] 2.2.5.5.1.6: length, sign, a whole number) and given as text. What does not ask is left alone;
 * should another version of tedious read values elsewhere, doubles are what comes.
 */
export function readExactly(columns: readonly Column[]): void {
  install();
  for (const column of columns) if (isDecimal(column)) EXACT.add(column);
}

let isInstalled = false;

function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  const parser = createRequire(import.meta.url)('tedious/lib/value-parser') as { readValue: ReadValue };
  const original = parser.readValue;
  parser.readValue = (bytes, offset, column, options) => {
    const read = original(bytes, offset, column, options);
    if (typeof read.value !== 'number' || !EXACT.has(column)) return read;
    return { value: decimalText(bytes.subarray(offset + 1, read.offset), column.scale ?? 0), offset: read.offset };
  };
}

function decimalText(bytes: Buffer, scale: number): string {
  const digits = BigInt(`0x${Buffer.from(bytes.subarray(1)).reverse().toString('hex')}`)
    .toString()
    .padStart(scale + 1, '0');
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return bytes[0] === 1 ? text : `-${text}`;
}
