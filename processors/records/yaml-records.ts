import type { Alias, Document, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { type DataRecord, exactNumber, MAX_DEPTH, type RecordBatch, type RecordValue } from '../../server/extension/record.ts';
import { isObject } from '../../server/extension/record-coercion.ts';
import { textLines } from './text-lines.ts';

type Yaml = typeof import('yaml');

/** How YAML is read. */
export interface YamlReading {
  /** The field that holds the records; the root where it is not set. */
  readonly startingField: string | undefined;
  readonly maxText: number;
}

/** A document that is no list at its root is parsed as a whole; its tree takes a hundred times its length. */
const MAX_DOCUMENT = 2 * 1024 ** 2;
/** Lists at the root are parsed in parts of this length. */
const PART = 128 * 1024;
/** What aliases may make of a document at most, values: a bomb makes billions of them. */
const MAX_VALUES = 2_000_000;

const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

const notYaml = (reason: string): ProcessError => new ProcessError(`The content is not YAML as the reader expects it: ${reason}`);

/** Turns the nodes of one document into values. */
class Values {
  readonly #yaml: Yaml;
  readonly #document: Document;
  readonly #maxText: number;
  #count = 0;

  constructor(yaml: Yaml, document: Document, maxText: number) {
    this.#yaml = yaml;
    this.#document = document;
    this.#maxText = maxText;
  }

  of(node: Node | null | undefined, depth = 0): RecordValue {
    if (++this.#count > MAX_VALUES) throw notYaml(`its aliases stand for more than ${MAX_VALUES} values.`);
    if (depth > MAX_DEPTH) throw notYaml(`it is nested more than ${MAX_DEPTH} deep.`);
    if (node === null || node === undefined) return null;
    if (this.#yaml.isAlias(node)) return this.of(this.#resolve(node), depth + 1);
    if (this.#yaml.isMap(node)) return this.#record(node, depth);
    if (this.#yaml.isSeq(node)) return (node as YAMLSeq<Node>).items.map((one) => this.of(one, depth + 1));
    return this.#scalar(node as Scalar);
  }

  #resolve(alias: Alias): Node {
    const node = alias.resolve(this.#document);
    if (!node) throw notYaml(`the alias *${alias.source} has no anchor within the same record or document.`);
    return node;
  }

  #record(map: YAMLMap, depth: number): DataRecord {
    const record: DataRecord = {};
    for (const { key, value } of map.items as Pair<Node, Node | null>[]) {
      const name = this.of(key, depth + 1);
      record[typeof name === 'object' ? JSON.stringify(name) : String(name)] = this.of(value, depth + 1);
    }
    return record;
  }

  #scalar({ value, source }: Scalar): RecordValue {
    if (typeof value === 'string') {
      if (value.length > this.#maxText) throw notYaml(`a text of ${value.length} characters is longer than Max String Length allows.`);
      return value;
    }
    if (typeof value === 'number' || typeof value === 'bigint') return source !== undefined && DECIMAL.test(source) ? exactNumber(source) : value;
    return typeof value === 'boolean' ? value : value === null || value === undefined ? null : String(value);
  }
}

function find(value: RecordValue, name: string): RecordValue | undefined {
  if (Array.isArray(value)) {
    for (const one of value) {
      const found = find(one, name);
      if (found !== undefined) return found;
    }
  } else if (isObject(value)) {
    if (Object.hasOwn(value, name)) return value[name];
    for (const one of Object.values(value)) {
      const found = find(one, name);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

function recordsOf(value: RecordValue, { startingField }: YamlReading): DataRecord[] {
  const start = startingField === undefined ? value : find(value, startingField);
  if (start === undefined) throw new ProcessError(`The YAML has no field '${startingField}' (Starting Field Name).`);
  if (start === null) return [];
  const records = Array.isArray(start) ? start : [start];
  const wrong = records.findIndex((one) => !isObject(one));
  if (wrong >= 0) throw notYaml(`record ${wrong + 1} is not a mapping of fields to values.`);
  return records as DataRecord[];
}

function parsed(yaml: Yaml, text: string, reading: YamlReading): DataRecord[] {
  let documents: readonly Document[];
  try {
    // The parser looks for keys that stand twice by comparing each with each: the last one counts instead.
    documents = yaml.parseAllDocuments(text, { intAsBigInt: true, prettyErrors: true, uniqueKeys: false }) as unknown as readonly Document[];
  } catch (thrown) {
    throw notYaml(`${messageOf(thrown)}.`);
  }
  return [...documents].flatMap((document) => {
    const [error] = document.errors;
    if (error) throw notYaml(error.message.split('\n')[0]!);
    return recordsOf(new Values(yaml, document, reading.maxText).of(document.contents as Node | null), reading);
  });
}

const STARTS_ELEMENT = /^-(?:\s|$)/;
/** What stands at the beginning of a line and is no element of a list at the root: a field, a flow collection, another document. */
const STARTS_OTHER = /^[^\s#-]|^---|^-[^\s]/;

/** Records of YAML: documents, or lists at their root element by element, so that long lists need little memory. Throws ProcessError. */
export async function* yamlBatches(content: AsyncIterable<Uint8Array>, reading: YamlReading): AsyncGenerator<RecordBatch> {
  const yaml = await import('yaml');
  let part: string[] = [];
  let length = 0;
  let isList = reading.startingField === undefined;
  let begun = false;
  const taken = (): DataRecord[] => {
    const text = part.join('\n');
    part = [];
    length = 0;
    return text.trim() === '' ? [] : parsed(yaml, text, reading);
  };
  for await (const lines of textLines(content, 'UTF-8')) {
    for (const line of lines) {
      if (STARTS_ELEMENT.test(line)) {
        begun = true;
        if (isList && length > PART) yield taken();
      } else if (STARTS_OTHER.test(line) && (begun || !line.startsWith('---'))) isList = false;
      part.push(line);
      length += line.length + 1;
      if (length > MAX_DOCUMENT)
        throw new ProcessError(`A YAML document of more than ${MAX_DOCUMENT / 1024 ** 2} MB is read only where it is a list of records at its root (lines that begin with '- ').`);
    }
  }
  yield taken();
}
