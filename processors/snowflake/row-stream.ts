/** A row as it travels: a text or null for each column. */
export type Row = readonly (string | null)[];

const QUOTE = 0x22,
  BACKSLASH = 0x5c,
  OPEN_BRACE = 0x7b,
  CLOSE_BRACE = 0x7d,
  OPEN_BRACKET = 0x5b,
  CLOSE_BRACKET = 0x5d;
/** Brackets and braces around the inside of a row: `{"data":[[...`. */
const ROW_DEPTH = 3;

/** Finds whole rows in the bytes of a partition, which may be larger than what memory should hold. */
class RowCutter {
  #pending: Buffer[] = [];
  #depth = 0;
  #inText = false;
  #isEscaped = false;
  isWhole = false;

  /** The rows that the next bytes complete. */
  take(chunk: Buffer): Row[] {
    let start = this.#depth >= ROW_DEPTH ? 0 : -1;
    let end = -1;
    for (let at = 0; at < chunk.length; at++) {
      const change = this.#step(chunk[at]!);
      if (change > 0 && this.#depth === ROW_DEPTH && start < 0) start = at;
      if (change < 0 && this.#depth === ROW_DEPTH - 1) end = at + 1;
      if (change < 0 && this.#depth === 0) this.isWhole = true;
    }
    return this.#cut(chunk, start, end);
  }

  /** How much deeper a byte leads. */
  #step(byte: number): number {
    if (this.#inText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === BACKSLASH) this.#isEscaped = true;
      else if (byte === QUOTE) this.#inText = false;
      return 0;
    }
    if (byte === QUOTE) this.#inText = true;
    const change = byte === OPEN_BRACKET || byte === OPEN_BRACE ? 1 : byte === CLOSE_BRACKET || byte === CLOSE_BRACE ? -1 : 0;
    this.#depth += change;
    return change;
  }

  #cut(chunk: Buffer, start: number, end: number): Row[] {
    if (start < 0) return [];
    if (end < 0) {
      this.#pending.push(chunk.subarray(start));
      return [];
    }
    const text = Buffer.concat([...this.#pending, chunk.subarray(start, end)]).toString('utf8');
    // What follows is the beginning of a row, or what stands between rows and after them.
    this.#pending = this.#depth >= ROW_DEPTH ? [chunk.subarray(chunk.indexOf(OPEN_BRACKET, end))] : [];
    return JSON.parse(`[${text}]`) as Row[];
  }
}

/** The rows of a partition, as they come. Throws an Error where it is not whole. */
export async function* rowsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Row[]> {
  const cutter = new RowCutter();
  for await (const chunk of body) {
    const rows = cutter.take(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength));
    if (rows.length > 0) yield rows;
  }
  if (!cutter.isWhole) throw new Error('the partition is not whole');
}
