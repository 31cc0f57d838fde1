import { type DataRecord, exactNumber, parseRecords } from '../../server/extension/record.ts';

/** One look for both takes two thirds of the time of two. */
const WHOLE_DOUBLE = /\d(?:\.0+|[eE][+-]?\d+)\s*[,\]}]/;
const WRITTEN_AS_DOUBLE = /(?<![\d.eE+-])-?\d+(?:\.0+|(?:\.\d+)?[eE][+-]?\d+)(?=\s*[,\]}])/g;
const QUOTE = '"';
const BACKSLASH = 0x5c;

/** Whether a number such as 12.0 or 1e3 may stand in a text: a quick look, as most texts have none. A false alarm costs time only. */
const mayHoldWholeDoubles = (text: string): boolean => WHOLE_DOUBLE.test(text);

/** Where the text that begins at a quote ends. */
function closing(json: string, open: number): number {
  for (let at = json.indexOf(QUOTE, open + 1); at >= 0; at = json.indexOf(QUOTE, at + 1)) {
    let escapes = 0;
    while (json.charCodeAt(at - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return at;
  }
  return json.length;
}

/** Tells of places, asked in ascending order, whether they stand in texts. */
function textsOf(json: string): (place: number) => boolean {
  let open = -1;
  let close = -1;
  return (place) => {
    while (close < place) {
      const next = json.indexOf(QUOTE, close + 1);
      open = next < 0 ? json.length : next;
      close = next < 0 ? json.length : closing(json, next);
    }
    return open < place;
  };
}

/** Numbers longer than a double stay: they are decimals. */
function withFractions(json: string): string {
  const isInText = textsOf(json);
  return json.replace(WRITTEN_AS_DOUBLE, (token, place: number) => (!isInText(place) && typeof exactNumber(token) === 'number' ? '0.5' : token));
}

/**
 * JSON records to find types from, not values: NiFi takes 12.0 and 1e3 for doubles, by their text, but JavaScript has one number
 * for 12 and 12.0. So another double stands in the place of such numbers. Throws ProcessError.
 */
export function parseForTypes(json: string): DataRecord[] {
  return parseRecords(mayHoldWholeDoubles(json) ? withFractions(json) : json);
}
