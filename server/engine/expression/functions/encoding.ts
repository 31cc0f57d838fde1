import { decodeEntities, escapeHtml3, escapeHtml4, escapeXml, HTML3, HTML4, XML } from '../../../extension/java/entities.ts';
import { define, type FunctionDeclaration, type FunctionTable, onText, text } from './declaration.ts';

/** The Guide's "Encode/Decode Functions". */
export const encodingFunctions: FunctionTable = {
  escapeJson: translation(escapeJson),
  escapeXml: translation(escapeXml),
  escapeCsv: translation((s) => (/[,"\r\n]/.test(s) ? `"${s.replaceAll('"', '""')}"` : s)),
  escapeHtml3: translation(escapeHtml3),
  escapeHtml4: translation(escapeHtml4),
  unescapeJson: translation(unescapeJson),
  unescapeXml: translation((s) => decodeEntities(s, XML)),
  unescapeCsv: translation(unescapeCsv),
  unescapeHtml3: translation((s) => decodeEntities(s, HTML3)),
  unescapeHtml4: translation((s) => decodeEntities(s, HTML4)),
  urlEncode: onText(urlEncode),
  urlDecode: onText(urlDecode),
  base64Encode: onText((s) => Buffer.from(s).toString('base64')),
  base64Decode: onText(base64Decode),
};

/** A missing attribute becomes the empty text. */
function translation(translate: (s: string) => string): FunctionDeclaration {
  return define(text, [], 'string', (s) => (s === undefined ? '' : translate(s)));
}

const JSON_ESCAPES: Record<string, string> = { '"': '\\"', '\\': '\\\\', '/': '\\/', '\b': '\\b', '\n': '\\n', '\t': '\\t', '\f': '\\f', '\r': '\\r' };

/** Commons Text escapes slashes and all that is not ASCII too. */
function escapeJson(s: string): string {
  return s.replace(/["\\/]|[^ -\x7f]/g, (c) => JSON_ESCAPES[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

const JSON_CONTROLS: Record<string, string> = { b: '\b', n: '\n', t: '\t', f: '\f', r: '\r' };

/** Java's escapes: octal numbers and repeated `u` too; a backslash before any other character is left out. */
function unescapeJson(s: string): string {
  return s.replace(/\\(?:u+\+?([0-9a-fA-F]{4})|([0-3]?[0-7]{1,2})|(.)|$)/gs, (_, unicode?: string, octal?: string, c?: string) => {
    if (unicode) return String.fromCharCode(Number.parseInt(unicode, 16));
    if (octal) return String.fromCharCode(Number.parseInt(octal, 8));
    return c === undefined ? '' : (JSON_CONTROLS[c] ?? c);
  });
}

/** Only a quoted text that needed its quotes loses them (RFC 4180). */
function unescapeCsv(s: string): string {
  if (s.length < 2 || !s.startsWith('"') || !s.endsWith('"')) return s;
  const inner = s.slice(1, -1);
  return /[,"\r\n]/.test(inner) ? inner.replaceAll('""', '"') : s;
}

/** Java's URLEncoder: a space is a plus sign, and `*` is left where JavaScript leaves `!~'()` too. */
function urlEncode(s: string): string {
  const wellFormed = s.replace(/\p{Cs}/gu, '?');
  return encodeURIComponent(wellFormed).replace(/%20|[!'()~]/g, (c) => (c === '%20' ? '+' : `%${c.charCodeAt(0).toString(16).toUpperCase()}`));
}

function urlDecode(s: string): string {
  const text = s.replaceAll('+', ' ');
  if (/%(?![0-9a-fA-F]{2})/.test(text)) throw new Error(`urlDecode: '${s}' holds a % that two hexadecimal digits do not follow`);
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (codes) => Buffer.from(codes.replaceAll('%', ''), 'hex').toString());
}

function base64Decode(s: string): string {
  const digits = s.replace(/={0,2}$/, '');
  const padded = s.length > digits.length;
  if (!/^[A-Za-z0-9+/]*$/.test(digits) || digits.length % 4 === 1 || (padded && s.length % 4 !== 0)) throw new Error('base64Decode: the text is not Base64');
  return Buffer.from(digits, 'base64').toString();
}
