/** No Syslog message is longer, bytes. */
export const SYSLOG_MAXIMUM = 1024 * 1024;

const RFC_5424 = /^<(\d{1,3})>(\d)?\s?(?:(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[+-]\d{2}:\d{2}|Z)?)|-)\s(?:(\w[\w.@-]*)|-)\s([\s\S]*)$/;
const RFC_3164 = /^(?:<(\d{1,3})>)([A-Z][a-z]{2}\s{1,2}\d{1,2}\s\d{2}:\d{2}:\d{2})\s(\w[\w.@:-]*)\s([\s\S]*)$/;

type Attributes = Record<string, string>;

function priority(text: string): Attributes | undefined {
  const value = Number(text);
  if (value > 191) return undefined;
  return { 'syslog.priority': String(value), 'syslog.severity': String(value % 8), 'syslog.facility': String(value >> 3) };
}

/** The parts of a message in either form, as NiFi's attributes; undefined where it is none. */
export function parseSyslog(text: string): Attributes | undefined {
  const message = text.replace(/[\r\n]+$/, '');
  const newer = RFC_5424.exec(message);
  if (newer) {
    const [, number, version = '', timestamp = '', hostname = '', body = ''] = newer;
    return joined(number!, { 'syslog.version': version, 'syslog.timestamp': timestamp, 'syslog.hostname': hostname, 'syslog.body': body });
  }
  const older = RFC_3164.exec(message);
  if (!older) return undefined;
  const [, number, timestamp = '', hostname = '', body = ''] = older;
  return joined(number!, { 'syslog.timestamp': timestamp, 'syslog.hostname': hostname, 'syslog.body': body });
}

function joined(number: string, more: Attributes): Attributes | undefined {
  const known = priority(number);
  return known && { ...known, ...more };
}

const HEADER = /^<(\d{1,3})>(\d{1,2}) (-|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?(?:[+-]\d{2}:\d{2}|Z)) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) ?/;
const ELEMENT = /\[([^\s=\]"]{1,32})((?: [^\s=\]"]{1,32}="(?:[^"\\\]]|\\.)*")*)\]/y;
const PARAMETER = / ([^\s=\]"]+)="((?:[^"\\\]]|\\.)*)"/g;

export interface StructuredMessage {
  /** Without those that are `-`, which stand for nothing. */
  readonly parts: Attributes;
  readonly missing: readonly string[];
  readonly body: string | undefined;
}

/** A message of RFC 5424 with its structured data, each parameter an attribute; undefined where it is none. */
export function parseStructured(text: string): StructuredMessage | undefined {
  const message = text.replace(/[\r\n]+$/, '');
  const header = HEADER.exec(message);
  const known = header && priority(header[1]!);
  if (!header || !known) return undefined;
  const names = ['timestamp', 'hostname', 'appname', 'procid', 'messageid'];
  const values = header.slice(3).map((value, index) => [`syslog.${names[index]!}`, value] as const);
  const missing = values.filter(([, value]) => value === '-').map(([name]) => name);
  const parts: Attributes = { ...known, 'syslog.version': header[2]!, ...Object.fromEntries(values.filter(([, value]) => value !== '-')) };
  let at = header[0].length;
  if (message[at] === '-') {
    at++;
    missing.push('syslog.structuredData');
  } else {
    const from = at;
    for (ELEMENT.lastIndex = at; ; at = ELEMENT.lastIndex) {
      const element = ELEMENT.exec(message);
      if (!element) break;
      for (const [, name, value] of element[2]!.matchAll(PARAMETER)) parts[`syslog.structuredData.${element[1]}.${name}`] = value!.replace(/\\(["\\\]])/g, '$1');
    }
    if (at === from) return undefined;
  }
  if (at < message.length && message[at] !== ' ') return undefined;
  return { parts, missing, body: at < message.length ? message.slice(at + 1).replace(/^\ufeff/, '') : undefined };
}
