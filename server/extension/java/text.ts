/** Java's String.trim: all that is not above the space character. JavaScript's takes more kinds of space and fewer control characters. */
export function trim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return start === 0 && end === text.length ? text : text.slice(start, end);
}

const UNICODE_SPACE = /[\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/;

/** Java's String.isBlank: no character but white space, among which no-break spaces do not count. */
export function isBlank(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isSpace = code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
    if (!isSpace && !(code > 127 && UNICODE_SPACE.test(text[i]!))) return false;
  }
  return true;
}

/** Java's equalsIgnoreCase, which compares character by character: `ß` is not `SS`. */
export function equalsIgnoreCase(a: string, b: string): boolean {
  return a === b || (a.length === b.length && a.toUpperCase().toLowerCase() === b.toUpperCase().toLowerCase());
}

/** Java's String.split without its regular expression: empty parts at the end are left out. */
export function splitPlain(text: string, delimiter: string): string[] {
  return withoutEmptyEnd(text.split(delimiter));
}

/** Java's String.split leaves empty parts at the end out, except where nothing was split. */
export function withoutEmptyEnd(parts: string[]): string[] {
  if (parts.length === 1) return parts;
  let length = parts.length;
  while (length > 0 && parts[length - 1] === '') length--;
  parts.length = length;
  return parts;
}
