import type { Capture, Grok } from '../../server/extension/grok/grok.ts';
import { boundedAll } from '../../server/extension/java/regex-guard.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { coerceRecord } from '../../server/extension/record-coercion.ts';
import { field, type RecordSchema, TYPES } from '../../server/extension/record-schema.ts';
import { textLines } from './text-lines.ts';

const STACK_TRACE = 'stackTrace';
const RAW = '_raw';

/** What becomes of a line that no expression matches, and that belongs to no stack trace. */
export type NoMatch = 'append-to-previous-message' | 'skip-line' | 'raw-line';

/** The lines that follow the first one of a stack trace, as Java prints it. */
const TRACE_LINE = /^\s*(?:(?: {4}|\t)+at )|(?:(?: {4}|\t)+\[CIRCULAR REFERENCE:)|(?:Caused by: )|(?:Suppressed: )|(?:\s+... \d+ (?:more|common frames? omitted)$)/;
const TRACE_START = /Exception: |Error: /;
/** A message of more characters takes no more lines: what follows is most likely no part of it. */
const MAX_MESSAGE = 16 * 1024 ** 2;

/** All fields that the expressions name are text. */
export function grokSchema(groks: readonly Grok[]): RecordSchema {
  const names = [...new Set(groks.flatMap((grok) => grok.fields)), STACK_TRACE, RAW];
  return { fields: names.map((name) => field(name, TYPES.string)) };
}

const plain = (value: Capture): DataRecord[string] => {
  if (typeof value !== 'object' || value === null) return value;
  const found = value.filter((one) => one !== null);
  return found.length > 1 ? [...value] : (found[0] ?? null);
};

/** A message and the lines that belong to it. */
class Message {
  readonly fields: DataRecord;
  #size = 0;
  readonly #raw: string[] = [];
  readonly #trailing: string[] = [];
  readonly #trace: string[] = [];

  constructor(line: string, captured: ReadonlyMap<string, Capture> | undefined) {
    this.fields = captured ? Object.fromEntries([...captured].map(([name, value]) => [name, plain(value)])) : {};
    this.#add(line);
  }

  /** Whether the line is of a stack trace that has begun, or begins one. */
  takesTrace(line: string): boolean {
    if (this.#trace.length === 0 ? !TRACE_START.test(line) : !TRACE_LINE.test(line)) return false;
    this.#add(line);
    this.#trace.push(line);
    return true;
  }

  /** Whether lines may still be appended: none may behind a stack trace, as in NiFi. */
  get isOpen(): boolean {
    return this.#trace.length === 0 && this.#size < MAX_MESSAGE;
  }

  append(line: string): void {
    this.#add(line);
    this.#trailing.push(line);
  }

  record(names: readonly string[]): DataRecord {
    const record: DataRecord = { ...this.fields, [STACK_TRACE]: this.#trace.length > 0 ? this.#trace.join('\n') : null, [RAW]: this.#raw.join('\n') };
    const last = this.#trailing.length > 0 ? names.findLast((name) => typeof this.fields[name] === 'string') : undefined;
    if (last !== undefined) record[last] = `${this.fields[last] as string}\n${this.#trailing.join('\n')}`;
    return record;
  }

  #add(line: string): void {
    this.#raw.push(line);
    this.#size += line.length;
  }
}

/** Lines as records; those that match nothing belong to the message before them. */
class Messages {
  readonly #groks: readonly Grok[];
  readonly #noMatch: NoMatch;
  readonly #names: readonly string[];
  #message: Message | undefined;

  constructor(groks: readonly Grok[], noMatch: NoMatch) {
    this.#groks = groks;
    this.#noMatch = noMatch;
    this.#names = [...new Set(groks.flatMap((grok) => grok.fields))];
  }

  /** The message that ends with this line, where one does. */
  take(line: string): DataRecord | undefined {
    const captured = this.#capture(line);
    if (captured || this.#noMatch === 'raw-line') return this.#begin(new Message(line, captured));
    const message = this.#message;
    if (message?.takesTrace(line) || !message?.isOpen) return undefined;
    if (this.#noMatch === 'append-to-previous-message') message.append(line);
    return undefined;
  }

  end(): DataRecord | undefined {
    return this.#begin(undefined);
  }

  #begin(next: Message | undefined): DataRecord | undefined {
    const before = this.#message;
    this.#message = next;
    return before?.record(this.#names);
  }

  #capture(line: string): ReadonlyMap<string, Capture> | undefined {
    for (const grok of this.#groks) {
      const captured = grok.capture(line);
      if (captured && captured.size > 0) return captured;
    }
    return undefined;
  }
}

/** The records of log lines. */
export async function* grokBatches(content: AsyncIterable<Uint8Array>, groks: readonly Grok[], noMatch: NoMatch, schema: RecordSchema): AsyncGenerator<RecordBatch> {
  const messages = new Messages(groks, noMatch);
  const harmless = Math.min(...groks.map((grok) => grok.harmless));
  const typed = (record: DataRecord): DataRecord => coerceRecord(withoutEmpty(record, schema), schema);
  for await (const lines of textLines(content, 'UTF-8')) {
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    yield boundedAll(length, harmless, () =>
      lines
        .map((line) => messages.take(line))
        .filter((record) => record !== undefined)
        .map(typed),
    );
  }
  const last = messages.end();
  if (last) yield [typed(last)];
}

/** Empty text is no value of any type but text. */
function withoutEmpty(record: DataRecord, { fields }: RecordSchema): DataRecord {
  for (const { name, type } of fields) if (record[name] === '' && type !== TYPES.string) record[name] = null;
  return record;
}
