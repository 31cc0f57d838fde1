import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { xmlCharacterSet } from '../../server/extension/character-set.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { MAX_DEPTH } from '../../server/extension/record.ts';

/** An element: its attributes and the elements in it by their local names. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: Map<string, XmlNode[]>;
  text: string;
}

/** A record of more characters than this is most likely none. */
const MAX_RECORD = 64 * 1024 ** 2;

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);
const isDeclaration = (name: string): boolean => name === 'xmlns' || name.startsWith('xmlns:');

const notXml = (thrown: unknown): ProcessError =>
  thrown instanceof ProcessError ? thrown : new ProcessError(`The content is not XML as the reader expects it: ${messageOf(thrown)}.`, { cause: thrown });

/** Gathers the elements of one depth: those are the records. Entities of a document type are not known, and fail. */
class NodeGatherer {
  readonly finished: XmlNode[] = [];
  readonly #parser = new SaxesParser();
  readonly #isWrapper: (root: string) => boolean;
  readonly #open: XmlNode[] = [];
  #depth = 0;
  /** How many elements are around a record. */
  #level = 0;
  /** Where the last record, or what stands between records, began. */
  #from = 0;

  constructor(isWrapper: (root: string) => boolean) {
    this.#isWrapper = isWrapper;
    this.#parser.on('opentag', (tag) => this.#begin(tag as SaxesTagPlain));
    this.#parser.on('closetag', () => this.#end());
    for (const event of ['text', 'cdata'] as const)
      this.#parser.on(event, (text) => {
        const node = this.#open.at(-1);
        // White space by itself lays out the elements, and says nothing.
        if (node && text.trim() !== '') node.text += text;
      });
    this.#parser.on('error', (error) => {
      throw error;
    });
  }

  take(text: string): void {
    this.#parser.write(text);
    if (this.#parser.position - this.#from > MAX_RECORD)
      throw new ProcessError(
        `An XML record has more than ${MAX_RECORD} characters. Where the root is a record itself (XMLReader: Expect Records as Array is false), all of the content is one.`,
      );
  }

  end(): void {
    this.#parser.close();
  }

  #begin({ name, attributes }: SaxesTagPlain): void {
    if (++this.#depth > MAX_DEPTH) throw new ProcessError(`The XML is nested more than ${MAX_DEPTH} deep.`);
    if (this.#depth === 1 && this.#isWrapper(localName(name))) this.#level = 1;
    if (this.#depth <= this.#level) return;
    const own = Object.entries(attributes).filter(([key]) => !isDeclaration(key));
    this.#open.push({ name: localName(name), attributes: own.map(([key, value]) => [localName(key), value] as const), children: new Map(), text: '' });
  }

  #end(): void {
    this.#depth--;
    const node = this.#open.pop();
    if (!node) return;
    const parent = this.#open.at(-1);
    if (!parent) {
      this.finished.push(node);
      this.#from = this.#parser.position;
      return;
    }
    const siblings = parent.children.get(node.name);
    if (siblings) siblings.push(node);
    else parent.children.set(node.name, [node]);
  }
}

/**
 * The records of XML in batches: the root, or where it is but a wrapper, the elements in it. `isWrapper` is asked about the root's local name, and may
 * throw where it does not fit. Throws ProcessError.
 */
export async function* xmlNodes(content: AsyncIterable<Uint8Array>, isWrapper: (root: string) => boolean): AsyncGenerator<XmlNode[]> {
  const gatherer = new NodeGatherer(isWrapper);
  let decoder: TextDecoder | undefined;
  const take = (bytes: Uint8Array | undefined): XmlNode[] => {
    try {
      if (bytes) gatherer.take((decoder ??= new TextDecoder(xmlCharacterSet(bytes), { fatal: true })).decode(bytes, { stream: true }));
      else {
        if (decoder) gatherer.take(decoder.decode());
        gatherer.end();
      }
      return gatherer.finished.splice(0);
    } catch (thrown) {
      throw notXml(thrown);
    }
  };
  for await (const piece of content) {
    const nodes = take(piece);
    if (nodes.length > 0) yield nodes;
  }
  yield take(undefined);
}
