/** The bytes from one place to another of what comes piece by piece. */
export async function* slice(content: AsyncIterable<Uint8Array>, from: number, to: number): AsyncGenerator<Uint8Array> {
  let position = 0;
  for await (const piece of content) {
    const part = piece.subarray(Math.max(0, from - position), Math.max(0, to - position));
    if (part.length > 0) yield part;
    position += piece.length;
    if (position >= to) return;
  }
}

/** The same bytes in pieces whose length is a multiple of `unit`, but for the last. */
export async function* inUnits(content: AsyncIterable<Uint8Array>, unit: number): AsyncGenerator<Buffer> {
  let rest: Buffer = Buffer.alloc(0);
  for await (const piece of content) {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
    const whole = bytes.length - (bytes.length % unit);
    if (whole > 0) yield bytes.subarray(0, whole);
    rest = Buffer.from(bytes.subarray(whole));
  }
  if (rest.length > 0) yield rest;
}

/** Where a sequence of bytes stands in what comes piece by piece; occurrences do not overlap. */
export async function* occurrences(content: AsyncIterable<Uint8Array>, sequence: Buffer): AsyncGenerator<number> {
  let tail: Buffer = Buffer.alloc(0);
  let position = 0;
  for await (const piece of content) {
    const bytes = Buffer.concat([tail, piece]);
    let from = 0;
    for (let found = bytes.indexOf(sequence); found >= 0; found = bytes.indexOf(sequence, from)) {
      yield position + found;
      from = found + sequence.length;
    }
    const kept = Math.max(from, bytes.length - sequence.length + 1);
    tail = bytes.subarray(kept);
    position += kept;
  }
}
