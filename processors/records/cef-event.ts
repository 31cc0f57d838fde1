import { isIP } from 'node:net';
import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { coerce } from '../../server/extension/record-coercion.ts';
import { type DataType, type PlainKind, TYPES } from '../../server/extension/record-schema.ts';
import { cefDates } from './cef-dates.ts';

/** The seven parts of a header, in their order. */
export const CEF_HEADERS = ['version', 'deviceVendor', 'deviceProduct', 'deviceVersion', 'deviceEventClassId', 'name', 'severity'] as const;

type Kind = PlainKind | 'address' | 'mac';

/** The keys of the extension dictionary (CEF revision 23) by the types of their values. */
const KEYS: Partial<Record<Kind, string>> = {
  string: `act app c6a1Label c6a2Label c6a3Label c6a4Label cfp1Label cfp2Label cfp3Label cfp4Label cn1Label cn2Label cn3Label cs1 cs1Label cs2 cs2Label cs3
    cs3Label cs4 cs4Label cs5 cs5Label cs6 cs6Label destinationDnsDomain destinationServiceName destinationTranslatedPort deviceCustomDate1Label
    deviceCustomDate2Label deviceDnsDomain deviceExternalId deviceFacility deviceInboundInterface deviceNtDomain deviceOutboundInterface deviceProcessName dhost
    dntdom dpriv dproc dtz duid duser dvchost externalId fileHash field filePath filePermission fileType flexDate1Label flexNumber1Label flexNumber2Label
    flexString1 flexString1Label flexString2 flexString2Label fname msg oldFileHash oldField oldFileName oldFilePath oldFilePermission oldFileType outcome proto
    reason request requestClientApplication requestContext requestCookies requestMethod shost sntdom sourceDnsDomain sourceServiceName spriv sproc suid suser
    agentDnsDomain agentNtDomain agentTranslatedZoneExternalID agentTranslatedZoneURI ahost aid at atz av cat customerExternalID customerURI
    destinationTranslatedZoneExternalID destinationTranslatedZoneURI destinationZoneExternalID destinationZoneURI deviceTranslatedZoneExternalID
    deviceTranslatedZoneURI deviceZoneExternalID deviceZoneURI rawEvent sourceTranslatedZoneExternalID sourceTranslatedZoneURI sourceZoneExternalID sourceZoneURI`,
  int: 'cnt deviceDirection dpid dpt dvcpid fsize in oldFileSize out sourceTranslatedPort spid spt type',
  long: 'cn1 cn2 cn3 flexNumber1 flexNumber2 eventId',
  float: 'cfp1 cfp2 cfp3 cfp4',
  double: 'dlat dlong slat slong',
  address: 'agt deviceTranslatedAddress destinationTranslatedAddress dst dvc sourceTranslatedAddress src agentTranslatedAddress c6a1 c6a2 c6a3 c6a4',
  mac: 'dmac dvcmac smac amac',
  timestamp: 'deviceCustomDate1 deviceCustomDate2 end fileCreatedTime fileModificationTime flexDate1 oldFileCreateTime oldFileModificationTime rt start art',
};

const KINDS: ReadonlyMap<string, Kind> = new Map(Object.entries(KEYS).flatMap(([kind, keys]) => keys.split(/\s+/).map((key) => [key, kind as Kind] as const)));

/** The type of a key of the dictionary; undefined for all others, which are custom extensions. */
export function extensionType(key: string): DataType | undefined {
  const kind = KINDS.get(key);
  return kind === 'address' || kind === 'mac' ? TYPES.string : kind && TYPES[kind];
}

const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i;

/** An event: its header and the extensions of the dictionary with their types, and custom extensions as text. */
export interface CefEvent {
  readonly header: DataRecord;
  readonly extensions: DataRecord;
  readonly custom: Readonly<Record<string, string>>;
}

/** Parts of a text between the bars that no backslash stands before: at most eight, the last with all bars that follow. */
function split(line: string): string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = line.indexOf('|'); at >= 0 && parts.length < CEF_HEADERS.length; at = line.indexOf('|', at + 1)) {
    if (line[at - 1] === '\\') continue;
    parts.push(line.slice(from, at));
    from = at + 1;
  }
  return [...parts, line.slice(from)];
}

/** The keys and values of an extension: a value ends at the last space before the next key. Undefined where a value has an equals sign without a backslash. */
function pairs(text: string): Map<string, string> | undefined {
  const signs: number[] = [];
  for (let at = text.indexOf('='); at >= 0; at = text.indexOf('=', at + 1)) if (text[at - 1] !== '\\') signs.push(at);
  const found = new Map<string, string>();
  let from = 0;
  for (const [index, sign] of signs.entries()) {
    const next = signs[index + 1];
    const end = next === undefined ? text.length : text.lastIndexOf(' ', next);
    if (end < sign + 1) return undefined;
    found.set(text.slice(from, sign).replaceAll(' ', ''), text.slice(sign + 1, end));
    from = end + 1;
  }
  return found;
}

/** Reads events in CEF, one a line. */
export class CefParser {
  readonly #date: (text: string) => string | undefined;
  readonly #acceptsEmpty: boolean;

  /** `locale`: the language of months' names. */
  constructor(locale: string, acceptsEmpty: boolean) {
    this.#date = cefDates(locale);
    this.#acceptsEmpty = acceptsEmpty;
  }

  /** Undefined where the line is no event, or a value is not of its key's type. What is escaped stays so, as in NiFi. */
  parse(line: string): CefEvent | undefined {
    const parts = split(line);
    const extension = parts.pop()!;
    const version = parts[0]?.at(-1) ?? '';
    const values = parts.length === CEF_HEADERS.length && /\d/.test(version) ? pairs(extension) : undefined;
    if (!values) return undefined;
    const header: DataRecord = { ...Object.fromEntries(CEF_HEADERS.map((name, index) => [name, parts[index]!])), version: Number(version) };
    const extensions: DataRecord = {};
    const custom: Record<string, string> = {};
    for (const [key, text] of values) {
      const kind = KINDS.get(key);
      if (!kind) custom[key] = text;
      else {
        const value = this.#value(kind, text);
        if (value === undefined) return undefined;
        extensions[key] = value;
      }
    }
    return { header, extensions, custom };
  }

  #value(kind: Kind, text: string): RecordValue | undefined {
    if (kind === 'string') return text;
    if (text === '' && this.#acceptsEmpty) return null;
    if (kind === 'address') return isIP(text) > 0 ? text : undefined;
    if (kind === 'mac') return MAC.test(text) ? text : undefined;
    return kind === 'timestamp' ? this.#date(text) : coerce(text, TYPES[kind]);
  }
}
