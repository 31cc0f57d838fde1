import { ProcessError } from '../../server/extension/errors.ts';
import { type DataRecord, parseRecords, type RecordBatch, recordTexts, type RecordValue } from '../../server/extension/record.ts';

const QUOTE = 0x22,
  BACKSLASH = 0x5c,
  SLASH = 0x2f,
  STAR = 0x2a,
  NEWLINE = 0x0a,
  SPACE = 0x20,
  COLON = 0x3a;

type Source = AsyncIterable<Uint8Array>;

/** Comments as Jackson allows them, blanked out: lines and blocks, outside text. */
export async function* withoutComments(source: Source): AsyncGenerator<Uint8Array> {
  let state: 'json' | 'text' | 'escape' | 'slash' | 'line' | 'block' | 'star' = 'json';
  for await (const chunk of source) {
    const bytes = Buffer.alloc(chunk.length + 1, SPACE);
    let to = 0;
    for (const byte of chunk) {
      if (state === 'slash') {
        state = byte === SLASH ? 'line' : byte === STAR ? 'block' : 'json';
        if (state === 'json') bytes[to++] = SLASH;
        else continue;
      }
      if (state === 'line') state = byte === NEWLINE ? 'json' : 'line';
      else if (state === 'block' || state === 'star') state = byte === STAR ? 'star' : state === 'star' && byte === SLASH ? 'json' : 'block';
      else {
        state = nextState(state, byte);
        if (state !== 'slash') bytes[to++] = byte;
      }
    }
    yield bytes.subarray(0, to);
  }
}

function nextState(state: 'json' | 'text' | 'escape', byte: number): 'json' | 'text' | 'escape' | 'slash' {
  if (state === 'escape') return 'text';
  if (state === 'text') return byte === BACKSLASH ? 'escape' : byte === QUOTE ? 'json' : 'text';
  return byte === QUOTE ? 'text' : byte === SLASH ? 'slash' : 'json';
}

/** Finds the first field of a name, at whatever depth, and tells where its value begins and ends. */
class FieldFinder {
  readonly #name: string;
  #inText = false;
  #escaped = false;
  #text: number[] = [];
  #named = false;
  #depth = 0;
  found = false;
  ended = false;

  constructor(name: string) {
    this.#name = JSON.stringify(name).slice(1, -1);
  }

  /** The part of a chunk that belongs to the value. */
  take(chunk: Uint8Array): Uint8Array {
    let from = this.found ? 0 : chunk.length;
    for (let at = 0; at < chunk.length; at++) {
      const wasFound = this.found;
      this.#look(chunk[at]!);
      if (this.ended) return chunk.subarray(Math.min(from, at + 1), at + 1);
      if (!wasFound && this.found) from = at + 1;
    }
    return chunk.subarray(from);
  }

  #look(byte: number): void {
    if (this.#inText) return this.#lookInText(byte);
    if (byte === QUOTE) {
      this.#inText = true;
      this.#text = [];
    } else if (!this.found && byte === COLON && this.#named) this.found = true;
    else if (this.found && (byte === 0x7b || byte === 0x5b)) this.#depth++;
    else if (this.found && (byte === 0x7d || byte === 0x5d)) this.ended = --this.#depth <= 0;
    if (byte > SPACE) this.#named = false;
  }

  #lookInText(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) {
      this.#inText = false;
      this.#named = !this.found && Buffer.from(this.#text).toString() === this.#name;
      return;
    }
    if (!this.found && this.#text.length <= this.#name.length * 4) this.#text.push(byte);
  }
}

/** The value of the first field of a name, in a JSON text of whatever length. Throws ProcessError where there is none. */
export async function* fieldContent(source: Source, name: string): AsyncGenerator<Uint8Array> {
  const finder = new FieldFinder(name);
  for await (const chunk of source) {
    const part = finder.take(chunk);
    if (part.length > 0) yield part;
    if (finder.ended) return;
  }
  if (!finder.found) throw new ProcessError(`The JSON has no field '${name}' (Starting Field Name).`);
}

function checkTexts(value: RecordValue, max: number): void {
  if (typeof value === 'string' && value.length > max) throw new ProcessError(`A text of ${value.length} characters is longer than Max String Length allows.`);
  if (typeof value === 'object' && value !== null) for (const one of Object.values(value)) checkTexts(one as RecordValue, max);
}

/** Records of JSON content in batches. Throws ProcessError. */
export async function* jsonBatches(source: Source, maxText: number, parse: (text: string) => DataRecord[] = parseRecords): AsyncGenerator<RecordBatch> {
  for await (const text of recordTexts(source)) {
    const records = parse(text);
    if (text.length > maxText) checkTexts(records, maxText);
    yield records;
  }
}
