import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { xmlCharacterSet } from '../../server/extension/character-set.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import { MAX_DEPTH } from '../../server/extension/record.ts';

/** Beyond so many characters between two cells, or in one, this is no workbook. */
const MAX_TEXT = 16 * 1024 ** 2;

export type Attributes = Readonly<Record<string, string>>;

/** What is told of a part's elements, by their names without prefix. */
export interface XmlHandler {
  open(name: string, attributes: Attributes): void;
  close(name: string): void;
  text(text: string): void;
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1);

/** Reads a part piece by piece; gives out after each, so that what the handler gathered can be taken. Throws where it is no XML. */
export async function* xmlPieces(content: AsyncIterable<Uint8Array>, handler: XmlHandler): AsyncGenerator<undefined> {
  const parser = new SaxesParser();
  let depth = 0;
  let length = 0;
  parser.on('opentag', ({ name, attributes }: SaxesTagPlain) => {
    if (++depth > MAX_DEPTH) throw new ProcessError(`The workbook's XML is nested more than ${MAX_DEPTH} deep.`);
    length = 0;
    handler.open(localName(name), attributes);
  });
  parser.on('closetag', ({ name }: SaxesTagPlain) => {
    depth--;
    handler.close(localName(name));
  });
  for (const event of ['text', 'cdata'] as const) parser.on(event, (text) => handler.text(text));
  parser.on('error', (error) => {
    throw error;
  });
  let decoder: TextDecoder | undefined;
  for await (const bytes of content) {
    const text = (decoder ??= new TextDecoder(xmlCharacterSet(bytes), { fatal: true })).decode(bytes, { stream: true });
    length += text.length;
    if (length > MAX_TEXT) throw new ProcessError(`The workbook has a text of more than ${MAX_TEXT} characters.`);
    parser.write(text);
    yield;
  }
  if (decoder) parser.write(decoder.decode());
  parser.close();
  yield;
}

/** Reads a whole part. */
export async function readXml(content: AsyncIterable<Uint8Array>, handler: XmlHandler): Promise<void> {
  for await (const _ of xmlPieces(content, handler));
}
