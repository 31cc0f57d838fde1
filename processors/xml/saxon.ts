import SaxonJS from 'saxon-js';

type SaxonNode = ReturnType<ReturnType<typeof SaxonJS.getPlatform>['parseXmlFromString']>;

const platform = SaxonJS.getPlatform();
const reading = Object.fromEntries(['readFile', 'resourcePromise', 'makeHttpRequest'].map((name) => [name, platform[name]]));
const WRITING = ['writeFileAsync', 'writeFileSync'];

/** Whether expressions and stylesheets may read files. Writing them they never may. */
export function allowReading(mayRead: boolean): void {
  const refuse = (): never => {
    throw new Error('other documents cannot be read');
  };
  for (const [name, read] of Object.entries(reading)) platform[name] = mayRead ? read : refuse;
  for (const name of WRITING) platform[name] = refuse;
}

/** Throws an Error where the text is not XML. */
export function parse(text: string): SaxonNode {
  return platform.parseXmlFromString(text);
}

const XML_OUTPUT = { method: 'xml', indent: true };
const [DOCUMENT, ELEMENT, COMMENT, INSTRUCTION] = [9, 1, 8, 7];

/** A result as text: nodes with markup as XML, whatever else as its value. */
export function textOfResult(result: unknown, output: Readonly<Record<string, unknown>> = XML_OUTPUT): string {
  const node = result as SaxonNode;
  if (typeof result !== 'object' || result === null || node.nodeType === undefined) return String(result);
  if ([DOCUMENT, ELEMENT, COMMENT, INSTRUCTION].includes(node.nodeType)) return SaxonJS.serialize(node, output);
  return String(SaxonJS.XPath.evaluate('string(.)', node));
}

/** Every result of an expression. */
export function evaluateAll(
  expression: string,
  context: SaxonNode | null,
  namespaces: Readonly<Record<string, string>> = {},
  params: Readonly<Record<string, unknown>> = {},
): unknown[] {
  return SaxonJS.XPath.evaluate(expression, context, { namespaceContext: namespaces, params, resultForm: 'array' }) as unknown[];
}

/** The prefixes that the root element declares. */
export function rootNamespaces(document: SaxonNode): Record<string, string> {
  const prefixes = evaluateAll('for $p in in-scope-prefixes(/*)[. != ""] return ($p, string(namespace-uri-for-prefix($p, /*)))', document) as string[];
  return Object.fromEntries(prefixes.flatMap((prefix, index) => (index % 2 === 0 ? [[prefix, prefixes[index + 1]!]] : [])));
}
