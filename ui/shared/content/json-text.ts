/** Reading JSON to look at it: also the part of it that there is, and without rounding a digit. */

const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
/** Numbers of so many characters are exact in JavaScript. */
const SAFE_DIGITS = 15;

/** JSON.parse would round a number of more than fifteen digits; here it becomes a text of these digits. */
export function withExactNumbers(json: string): string {
  return json.replace(STRING_OR_NUMBER, (token) => (token.length > SAFE_DIGITS && !token.startsWith('"') ? `"${token}"` : token));
}

/** Undefined where the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(withExactNumbers(text)) as unknown;
  } catch {
    return undefined;
  }
}

/** The beginning of an array that is cut off somewhere, up to its last whole element, closed. */
export function closeArray(text: string): string {
  let [depth, end, inString] = [0, -1, false];
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (inString) {
      if (letter === '\\') at++;
      else if (letter === '"') inString = false;
    } else if (letter === '"') inString = true;
    else if (letter === '[' || letter === '{') depth++;
    else if (letter === ']' || letter === '}') {
      depth--;
      if (depth === 1) end = at + 1;
    }
  }
  return end < 0 ? '[]' : `${text.slice(0, end)}]`;
}

type JsonRecord = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is JsonRecord => typeof value === 'object' && value !== null && !Array.isArray(value);
const allRecords = (values: readonly unknown[]): values is readonly JsonRecord[] => values.length > 0 && values.every(isRecord);

/** The records of an array of objects, of one object, or of one object a line; undefined where the text is something else. */
export function recordsIn(text: string, truncated: boolean): readonly JsonRecord[] | undefined {
  const trimmed = text.trim();
  if (trimmed.startsWith('[')) {
    const values = parseJson(truncated ? closeArray(trimmed) : trimmed);
    return Array.isArray(values) && allRecords(values) ? values : undefined;
  }
  if (!trimmed.startsWith('{')) return undefined;
  const one = truncated ? undefined : parseJson(trimmed);
  if (isRecord(one)) return [one];
  const lines = trimmed.split('\n').filter((line) => line.trim() !== '');
  const values = (truncated ? lines.slice(0, -1) : lines).map(parseJson);
  return allRecords(values) ? values : undefined;
}
