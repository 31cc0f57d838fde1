import { SaxesParser } from 'saxes';
import { xmlCharacterSet } from '../../server/extension/character-set.ts';

/** Elements may stand so deep inside each other. */
const MAX_DEPTH = 10_000;

/** Reads XML piece by piece, whatever its length. Throws an Error where it is not well-formed. */
export async function checkWellFormed(content: AsyncIterable<Uint8Array>): Promise<void> {
  const parser = new SaxesParser({ xmlns: true });
  let depth = 0;
  parser.on('opentag', () => {
    if (++depth > MAX_DEPTH) throw new Error(`its elements stand more than ${MAX_DEPTH} deep inside each other`);
  });
  parser.on('closetag', () => depth--);
  parser.on('error', (error) => {
    throw error;
  });
  let decoder: TextDecoder | undefined;
  for await (const piece of content) {
    decoder ??= new TextDecoder(xmlCharacterSet(piece), { fatal: true });
    parser.write(decoder.decode(piece, { stream: true }));
  }
  if (!decoder) throw new Error('it is empty, and so no XML');
  parser.write(decoder.decode()).close();
}
