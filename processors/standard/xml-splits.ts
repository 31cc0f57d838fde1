import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { xmlCharacterSet } from '../../server/extension/character-set.ts';

/** Elements may stand so deep inside each other, and a part may have so many characters. */
const MAX_DEPTH = 1000;
const MAX_LENGTH = 256 * 1024 * 1024;

const escapeText = (text: string): string => text.replace(/[&<>]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c]!);
const escapeValue = (text: string): string => escapeText(text).replace(/["\t\n\r]/g, (c) => (c === '"' ? '&quot;' : `&#${c.charCodeAt(0)};`));

type Attributes = Readonly<Record<string, string>>;

/** Writes the elements of one depth, one after the other, as they are parsed. */
class Splitter {
  readonly finished: string[] = [];
  readonly #parser = new SaxesParser();
  readonly #depth: number;
  /** Namespaces that each open element declares. */
  readonly #declared: Attributes[] = [];
  #part = '';
  #isOpen = false;

  constructor(depth: number) {
    this.#depth = depth;
    this.#parser.on('opentag', (tag) => this.#begin(tag as SaxesTagPlain));
    this.#parser.on('closetag', (tag) => this.#end(tag as SaxesTagPlain));
    for (const event of ['text', 'cdata'] as const) this.#parser.on(event, (text) => this.#add(escapeText(text)));
    this.#parser.on('error', (error) => {
      throw error;
    });
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  close(): void {
    this.#parser.close();
  }

  get #level(): number {
    return this.#declared.length;
  }

  #begin({ name, attributes, isSelfClosing }: SaxesTagPlain): void {
    if (this.#level >= MAX_DEPTH) throw new Error(`elements stand more than ${MAX_DEPTH} deep inside each other`);
    const isRoot = this.#level === this.#depth;
    const inherited = isRoot ? Object.assign({}, ...this.#declared) : {};
    if (isRoot) this.#part = '<?xml version="1.0" encoding="UTF-8"?>';
    const written = Object.entries({ ...inherited, ...attributes }).map(([key, value]) => ` ${key}="${escapeValue(String(value))}"`);
    this.#declared.push(Object.fromEntries(Object.entries(attributes).filter(([key]) => key === 'xmlns' || key.startsWith('xmlns:'))));
    this.#isOpen = isRoot || this.#isOpen;
    this.#add(`<${name}${written.join('')}${isSelfClosing ? '/>' : '>'}`);
  }

  #end({ name, isSelfClosing }: SaxesTagPlain): void {
    if (!isSelfClosing) this.#add(`</${name}>`);
    this.#declared.pop();
    if (this.#level !== this.#depth || !this.#isOpen) return;
    this.finished.push(this.#part);
    this.#part = '';
    this.#isOpen = false;
  }

  #add(text: string): void {
    if (!this.#isOpen) return;
    this.#part += text;
    if (this.#part.length > MAX_LENGTH) throw new Error(`a part has more than ${MAX_LENGTH} characters`);
  }
}

/** The elements that stand so deep, the root being 0, as documents. Throws an Error where the content is not XML. */
export async function* splitXml(content: AsyncIterable<Uint8Array>, depth: number): AsyncGenerator<string> {
  const splitter = new Splitter(depth);
  let decoder: TextDecoder | undefined;
  for await (const piece of content) {
    decoder ??= new TextDecoder(xmlCharacterSet(piece), { fatal: true });
    splitter.write(decoder.decode(piece, { stream: true }));
    yield* splitter.finished.splice(0);
  }
  if (decoder) splitter.write(decoder.decode());
  splitter.close();
  yield* splitter.finished;
}
