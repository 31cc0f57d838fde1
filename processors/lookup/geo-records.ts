import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { type DataType, field, recordType, schemaOf, TYPES } from '../../server/extension/record-schema.ts';

const { string, int, double, boolean } = TYPES;
const record = (fields: Readonly<Record<string, DataType>>): DataType => recordType(schemaOf(Object.entries(fields).map(([name, type]) => field(name, type))));
const PLACE = record({ name: string, isoCode: string });

/** NiFi's schema of an answer. */
export const ANSWER = record({
  geo: record({ city: string, accuracy: int, latitude: double, longitude: double, subdivisions: { kind: 'array', element: PLACE }, country: PLACE, postalCode: string }),
  isp: record({ name: string, organization: string, asn: int, asnOrganization: string }),
  domainName: string,
  connectionType: string,
  anonymousIp: record({ anonymous: boolean, anonymousVpn: boolean, hostingProvider: boolean, publicProxy: boolean, torExitNode: boolean }),
});

type Entry = Readonly<Record<string, unknown>>;
const inside = (entry: unknown, name: string): unknown => (typeof entry === 'object' && entry !== null ? (entry as Entry)[name] : undefined);
const plain = (value: unknown): RecordValue => (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint' ? value : null);
const englishName = (place: unknown): RecordValue => plain(inside(inside(place, 'names'), 'en'));
const place = (entry: unknown): DataRecord | null => (entry === undefined ? null : { name: englishName(entry), isoCode: plain(inside(entry, 'iso_code')) });

/** Where an address is, of an entry of a City, Country or Enterprise database; null where it does not say. */
export function geoOf(entry: Entry): DataRecord | null {
  const { city, location, postal, country, subdivisions } = entry;
  if ([city, location, postal, country, subdivisions].every((part) => part === undefined)) return null;
  return {
    city: englishName(city),
    accuracy: plain(inside(location, 'accuracy_radius')),
    latitude: plain(inside(location, 'latitude')),
    longitude: plain(inside(location, 'longitude')),
    subdivisions: Array.isArray(subdivisions) ? subdivisions.map(place) : [],
    country: place(country),
    postalCode: plain(inside(postal, 'code')),
  };
}

/** Whose network it is; null where it does not say. */
export function ispOf(entry: Entry): DataRecord | null {
  // Enterprise databases keep it among the traits.
  const from = entry.isp === undefined && entry.autonomous_system_number === undefined ? ((entry.traits as Entry | undefined) ?? {}) : entry;
  if (from.isp === undefined && from.organization === undefined && from.autonomous_system_number === undefined) return null;
  return { name: plain(from.isp), organization: plain(from.organization), asn: plain(from.autonomous_system_number), asnOrganization: plain(from.autonomous_system_organization) };
}

/** A text that stands by itself, or among the traits; null where it does not say. */
export const traitOf = (entry: Entry, name: string): RecordValue => plain(entry[name] ?? inside(entry.traits, name));

const FLAGS = {
  anonymous: 'is_anonymous',
  anonymousVpn: 'is_anonymous_vpn',
  hostingProvider: 'is_hosting_provider',
  publicProxy: 'is_public_proxy',
  torExitNode: 'is_tor_exit_node',
};

/** Whether the address hides somebody; null where the database knows nothing of it. A flag that is not set is false. */
export function anonymityOf(entry: Entry): DataRecord | null {
  if (!Object.values(FLAGS).some((name) => traitOf(entry, name) !== null)) return null;
  return Object.fromEntries(Object.entries(FLAGS).map(([name, flag]) => [name, traitOf(entry, flag) === true]));
}
