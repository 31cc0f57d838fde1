import mimeTypes from 'mime-types';

const UNKNOWN = 'application/octet-stream';

/** What NiFi adds to the known signatures. */
const FLOWFILES: readonly (readonly [string, string])[] = [
  ['NiFiFF3', 'application/flowfile-v3'],
  ['<?xml version="1.0" encoding="UTF-8" standalone="no"?>\n<!DOCTYPE properties', 'application/flowfile-v1'],
];

/** Names of types on which Tika and the libraries differ. */
const TIKA: Readonly<Record<string, string>> = {
  'application/x-gzip': 'application/gzip',
  'application/x-bzip2': 'application/x-bzip2',
  'application/vnd.ms-asf': 'video/x-ms-asf',
  'application/x-tar': 'application/x-tar',
  'text/xml': 'application/xml',
};

const EXTENSIONS: Readonly<Record<string, string>> = {
  'application/gzip': '.gz',
  'text/plain': '.txt',
  'application/xml': '.xml',
  'image/jpeg': '.jpg',
  'application/x-bzip2': '.bz2',
};

export interface Identified {
  readonly type: string;
  /** Where the type is text. */
  readonly characterSet?: string;
}

/** The usual file extension of a type, with its dot; empty where there is none. */
export function extensionOf(type: string): string {
  const found = mimeTypes.extension(type);
  return EXTENSIONS[type] ?? (found && found !== 'bin' ? `.${found}` : type === UNKNOWN ? '.bin' : '');
}

/** The type of a content by its first bytes and its name; `isPart` says that there are more bytes. */
export async function identify(bytes: Uint8Array, filename: string | undefined, isPart: boolean): Promise<Identified> {
  const named = nameType(filename);
  if (bytes.length === 0) return textual(named ?? UNKNOWN, 'UTF-8');
  const own = FLOWFILES.find(([magic]) => Buffer.from(bytes.subarray(0, magic.length)).toString('latin1') === magic);
  if (own) return { type: own[1] };
  const text = readText(bytes, isPart);
  if (text) return textual(markup(text.text) ?? named ?? 'text/plain', text.characterSet);
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(bytes).catch(() => undefined);
  const type = found && (TIKA[found.mime] ?? found.mime);
  // A zip may be any of the formats that are zips inside: the name knows better.
  if (type === undefined || (type === 'application/zip' && named !== undefined && /\+zip$|openxmlformats|opendocument|java-archive/.test(named)))
    return { type: named ?? type ?? UNKNOWN };
  return { type };
}

const textual = (type: string, characterSet: string): Identified => (type.startsWith('text/') ? { type, characterSet } : { type });

function nameType(filename: string | undefined): string | undefined {
  const found = filename?.includes('.') ? mimeTypes.lookup(filename) : false;
  return found ? (TIKA[found] ?? found) : undefined;
}

function markup(text: string): string | undefined {
  const start = text.trimStart();
  if (/^<!doctype html|^<html[\s>]/i.test(start)) return 'text/html';
  if (/^<\?xml\s|^<[A-Za-z][\w.:-]*(\s+xmlns[:=]|>\s*<[A-Za-z])/.test(start)) return 'application/xml';
  if (/^%PDF-/.test(start)) return 'application/pdf';
  if (/^\{\\rtf/.test(start)) return 'application/rtf';
  return /^\{\s*("|\})|^\[\s*[[{"\d\]-]/.test(start) ? 'application/json' : undefined;
}

const isControl = (byte: number): boolean => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;

/** The bytes as text, where they are text. */
function readText(bytes: Uint8Array, isPart: boolean): { text: string; characterSet: string } | undefined {
  const mark = (bytes[0]! << 8) | (bytes[1] ?? 0);
  if (mark === 0xfffe) return { text: new TextDecoder('utf-16le').decode(bytes), characterSet: 'UTF-16LE' };
  if (mark === 0xfeff) return { text: new TextDecoder('utf-16be').decode(bytes), characterSet: 'UTF-16BE' };
  if (bytes.some(isControl)) return undefined;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: isPart });
    return { text, characterSet: bytes.every((byte) => byte < 0x80) ? 'ISO-8859-1' : 'UTF-8' };
  } catch {
    const isLatin = !bytes.some((byte) => byte >= 0x7f && byte <= 0x9f);
    return isLatin ? { text: Buffer.from(bytes).toString('latin1'), characterSet: 'ISO-8859-1' } : undefined;
  }
}
