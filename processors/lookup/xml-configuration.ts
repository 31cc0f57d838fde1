import { createReadStream } from 'node:fs';
import { ProcessError } from '../../server/extension/errors.ts';

const MAX_DEPTH = 1000;
const MAX_ELEMENTS = 1_000_000;

interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Element[];
  text: string;
}

/** An XML file as a tree. Document types are refused: their entities could read files. Throws ProcessError. */
export async function readXml(file: string): Promise<Element> {
  const { SaxesParser } = await import('saxes');
  const parser = new SaxesParser();
  const top: Element = { name: '', attributes: {}, children: [], text: '' };
  const open: Element[] = [top];
  let count = 0;
  parser.on('error', (error) => {
    throw new ProcessError(error.message);
  });
  parser.on('doctype', () => {
    throw new ProcessError('it has a document type, which could read other files: leave it out.');
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (open.length > MAX_DEPTH || ++count > MAX_ELEMENTS) throw new ProcessError(`it has more than ${MAX_ELEMENTS} elements, or is nested more than ${MAX_DEPTH} deep.`);
    const element: Element = { name, attributes: attributes as Record<string, string>, children: [], text: '' };
    open.at(-1)!.children.push(element);
    open.push(element);
  });
  parser.on('closetag', () => void open.pop());
  const take = (text: string): void => {
    open.at(-1)!.text += text;
  };
  parser.on('text', take);
  parser.on('cdata', take);
  for await (const piece of createReadStream(file, 'utf8')) parser.write(piece as string);
  parser.close();
  return top.children[0]!;
}

/** One step of a key: an element's name with the number of the one that is meant, or an attribute. */
interface Step {
  readonly name: string;
  readonly index: number | undefined;
  readonly isAttribute: boolean;
}

/** Keys as Commons Configuration writes them: `orders.order(1).item[@id]`; two dots are one that belongs to a name. */
function stepsOf(key: string): Step[] | undefined {
  const steps: Step[] = [];
  const pattern = /\.?((?:\.\.|[^.()[\]])+)(?:\((\d+)\))?|\[@([^\]]+)\]/y;
  while (pattern.lastIndex < key.length) {
    const found = pattern.exec(key);
    if (!found) return undefined;
    const [, name, index, attribute] = found;
    steps.push({ name: (attribute ?? name)!.replaceAll('..', '.'), index: index === undefined ? undefined : Number(index), isAttribute: attribute !== undefined });
  }
  return steps;
}

/** The first text that a key leads to, below the outermost element; undefined where there is none. */
export function valueAt(root: Element, key: string): string | undefined {
  let elements: Element[] = [root];
  for (const { name, index, isAttribute } of stepsOf(key) ?? []) {
    if (isAttribute) return elements.map(({ attributes }) => attributes[name]).find((value) => value !== undefined);
    elements = elements.flatMap(({ children }) => {
      const named = children.filter((child) => child.name === name);
      return index === undefined ? named : named.slice(index, index + 1);
    });
  }
  return elements
    .filter((element) => element !== root)
    .map(({ text }) => text.trim())
    .find((text) => text !== '');
}
