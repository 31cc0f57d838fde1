import fontoxpath, { type Language, type ReturnType } from 'fontoxpath';
import { Document, type Node, parseXmlDocument, serializeToWellFormedString } from 'slimdom';
import { parse, textOfResult } from './saxon.ts';
import type { Results, XmlJob, XmlOutput } from './xml-jobs.ts';

type Job = Extract<XmlJob, { kind: 'xquery' }>;

/** The library's module has a default export only, which its declarations do not know. */
const { evaluateXPath, parseScript } = fontoxpath as unknown as typeof import('fontoxpath');
const XQUERY = 'XQuery3.1' as Language;
const ALL_RESULTS = 14 as ReturnType;
const [ELEMENT, DOCUMENT] = [1, 9];

const isNode = (item: unknown): item is Node => typeof item === 'object' && item !== null && 'nodeType' in item;

function textOfItem(item: unknown, { method, indent, omitDeclaration }: XmlOutput): string {
  if (!isNode(item)) return String(item);
  if (item.nodeType !== ELEMENT && item.nodeType !== DOCUMENT) return item.nodeValue ?? '';
  const written = textOfResult(parse(serializeToWellFormedString(item)), { method, indent, 'omit-xml-declaration': omitDeclaration || method !== 'xml' });
  return method === 'xml' && !omitDeclaration && !written.startsWith('<?xml') ? `<?xml version="1.0" encoding="UTF-8"?>${written}` : written;
}

/** Every result of every query. Throws an Error where the document is not XML or a query fails. */
export function evaluate({ document, expressions, output }: Job): Results {
  const root = parseXmlDocument(document);
  return Object.fromEntries(
    Object.entries(expressions).map(([name, query]) => {
      const items = evaluateXPath(query, root, null, null, ALL_RESULTS, { language: XQUERY, nodesFactory: root as never }) as unknown as unknown[];
      return [name, items.map((item) => textOfItem(item, output))];
    }),
  );
}

/** Throws an Error where one cannot be compiled. */
export function check(expressions: Readonly<Record<string, string>>): undefined {
  for (const [name, query] of Object.entries(expressions)) {
    try {
      parseScript(query, { language: XQUERY }, new Document() as never);
    } catch (thrown) {
      throw new Error(`'${name}' is no XQuery: ${(thrown as Error).message}`);
    }
  }
}
