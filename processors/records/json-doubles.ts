import { type DataRecord, exactNumber, parseRecords } from '../../server/extension/record.ts';

const WHOLE_FRACTION = /\d\.0+\s*[,\]}]/;
const EXPONENT = /\d[eE][+-]?\d+\s*[,\]}]/;
const WRITTEN_AS_DOUBLE = /(?<![\d.eE+-])-?\d+(?:\.0+|(?:\.\d+)?[eE][+-]?\d+)(?![\d.eE])/g;
const QUOTE = '"';
const BACKSLASH = 0x5c;

/** Whether a number such as 12.0 or 1e3 may stand in a text: a quick look, as most texts have none. A false alarm costs time only. */
const mayHoldWholeDoubles = (text: string): boolean => (text.includes('.0') && WHOLE_FRACTION.test(text)) || EXPONENT.test(text);

/** Where the text that begins at a quote ends. */
function closing(json: string, open: number): number {
  for (let at = json.indexOf(QUOTE, open + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (json.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return json.length - 1;
}

/** Numbers longer than a double stay: they are decimals. */
const aDouble = (token: string): string => (typeof exactNumber(token) === 'number' ? '0.5' : token);

function withFractions(json: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < json.length) {
    const quote = json.indexOf(QUOTE, at);
    const open = quote < 0 ? json.length : quote;
    const between = json.slice(at, open);
    at = quote < 0 ? open : closing(json, open) + 1;
    parts.push(between.length > 2 ? between.replace(WRITTEN_AS_DOUBLE, aDouble) : between, json.slice(open, at));
  }
  return parts.join('');
}

/**
 * JSON records to find types from, not values: NiFi takes 12.0 and 1e3 for doubles, by their text, but JavaScript has one number
 * for 12 and 12.0. So another double stands in the place of such numbers. Throws ProcessError.
 */
export function parseForTypes(json: string): DataRecord[] {
  return parseRecords(mayHoldWholeDoubles(json) ? withFractions(json) : json);
}
