import { randomBytes } from 'node:crypto';

/**
 * JSON that was made before, to be put into an answer as it stands: most of a canvas is the same from one request to the
 * next, and writing it anew each time would take most of the time.
 */
export class RawJson {
  readonly chunks: readonly Buffer[];

  private constructor(chunks: readonly Buffer[]) {
    this.chunks = chunks;
  }

  /** Something in place of a `T`: on the wire the two are the same. `text` must be JSON. */
  static of<T>(text: string): T {
    return new RawJson([Buffer.from(text)]) as unknown as T;
  }

  /** An array of values whose JSON is known, each as three chunks of which the last ends in a comma. */
  static array<T>(values: Iterable<readonly [Buffer, Buffer, Buffer]>): T[] {
    const chunks: Buffer[] = [BEGIN];
    for (const [first, second, third] of values) chunks.push(first, second, third);
    if (chunks.length > 1) chunks[chunks.length - 1] = chunks.at(-1)!.subarray(0, -1);
    chunks.push(END);
    return new RawJson(chunks) as unknown as T[];
  }

  toJSON(): string {
    pieces.push(this.chunks);
    return MARK + (pieces.length - 1);
  }
}

const [BEGIN, END] = [Buffer.from('['), Buffer.from(']')];

// Random for each process, so that no text that a client stores can look like it.
const MARK = `raw-${randomBytes(12).toString('hex')}-`;
const SPLIT = `"${MARK}`;
let pieces: (readonly Buffer[])[] = [];

/** A value as JSON in UTF-8, with the pieces of RawJson in their places. */
export function encodeJson(value: unknown): Buffer {
  const chunks = jsonChunks(value);
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
}

/** As `encodeJson`, in pieces that follow each other: those of RawJson are not copied. At least one. */
export function jsonChunks(value: unknown): Buffer[] {
  pieces = [];
  const text = JSON.stringify(value) ?? 'null';
  if (pieces.length === 0) return [Buffer.from(text)];
  const [first, ...rest] = text.split(SPLIT);
  const chunks: Buffer[] = [Buffer.from(first!)];
  for (const part of rest) {
    const end = part.indexOf('"');
    for (const chunk of pieces[Number(part.slice(0, end))]!) chunks.push(chunk);
    chunks.push(Buffer.from(part.slice(end + 1)));
  }
  pieces = [];
  return chunks;
}

/** JSON of objects, each kept as long as the values that it was made from are the same ones. */
export class JsonMemo<K extends object> {
  readonly #known = new WeakMap<K, { readonly parts: readonly unknown[]; readonly json: Buffer }>();

  /** The object's JSON without the brace at its end, and `more` after it. `parts` are the values that it depends on, compared by identity. */
  open(key: K, parts: readonly unknown[], make: () => object, more = ''): Buffer {
    const known = this.#known.get(key);
    if (known && same(known.parts, parts)) return known.json;
    const json = Buffer.concat([encodeJson(make()).subarray(0, -1), Buffer.from(more)]);
    this.#known.set(key, { parts, json });
    return json;
  }
}

function same(a: readonly unknown[], b: readonly unknown[]): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return a.length === b.length;
}
