import { allowReading, evaluateAll, parse } from './saxon.ts';
import type { XmlJob } from './xml-jobs.ts';

type Job = Extract<XmlJob, { kind: 'xslt' }>;

/** SaxonJS compiles stylesheets within fn:transform (XPath 3.1 functions, 14.8.3). */
const TRANSFORM = `transform(map {
  'stylesheet-text': $stylesheet, 'source-node': $document, 'delivery-format': 'serialized',
  'serialization-params': if ($indent) then map { 'indent': true() } else map { 'indent': false() },
  'stylesheet-params': map:merge(for $i in 1 to count($names) return map { QName('', $names[$i]): $values[$i] })
})?output`;
const MAP = 'http://www.w3.org/2005/xpath-functions/map';

/** What a stylesheet makes of a document. Throws an Error where one of them is not as it must be. */
export function transform({ document, stylesheet, parameters, indent, mayRead }: Job): string {
  allowReading(mayRead);
  const params = { stylesheet, document: parse(document), indent, names: Object.keys(parameters), values: Object.values(parameters) };
  return String(evaluateAll(TRANSFORM, null, { map: MAP }, params)[0] ?? '');
}
