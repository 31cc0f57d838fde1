import { allowReading, evaluateAll, parse, rootNamespaces, textOfResult } from './saxon.ts';
import type { Results, XmlJob } from './xml-jobs.ts';

type Job = Extract<XmlJob, { kind: 'xpath' }>;

/** Errors that no document can cure (XPath 3.1, appendix F); an unknown prefix (XPST0081) may be one that a document declares. */
const STATIC = /XPST(?!0081)\d{4}/;

/** As nodes, all of them; as a string, the value of the first. Throws an Error where the document is not XML or an expression fails. */
export function evaluate({ document, expressions, result }: Job): Results {
  allowReading(false);
  const root = parse(document);
  const namespaces = rootNamespaces(root);
  return Object.fromEntries(
    Object.entries(expressions).map(([name, expression]) => {
      const found = evaluateAll(expression, root, namespaces);
      if (result === 'string') return [name, [found.length === 0 ? '' : String(evaluateAll('string($first)', null, {}, { first: found[0] })[0])]];
      if (found.some((each) => typeof each !== 'object' || each === null || !('nodeType' in each)))
        throw new Error(`the result of '${name}' is no node: choose the return type string`);
      return [name, found.map((each) => textOfResult(each))];
    }),
  );
}

/** Throws an Error where one cannot be compiled. */
export function check(expressions: Readonly<Record<string, string>>): undefined {
  allowReading(false);
  for (const [name, expression] of Object.entries(expressions)) {
    try {
      evaluateAll(expression, parse('<x/>'));
    } catch (thrown) {
      const { code = '', message } = thrown as { code?: string; message: string };
      if (STATIC.test(String(code))) throw new Error(`'${name}' is no XPath expression: ${message}`);
    }
  }
}
