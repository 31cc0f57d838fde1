import { type DataRecord, ExactNumber, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';
import type { ImportedProfile } from './klaviyo.ts';

/** A row that is no profile, and why. */
export interface RejectedRow {
  readonly row: DataRecord;
  readonly reason: string;
}

/** A row as a profile. */
export interface Candidate {
  readonly row: DataRecord;
  readonly profile: ImportedProfile;
  /** Who it is: of several rows the last one counts. */
  readonly key: string;
}

/** What identifies a profile, the surest first. */
const IDENTIFIERS = ['id', 'external_id', 'email', 'phone_number', '_kx'];
/** The attributes that a profile has of its own (Klaviyo, "Bulk Import Profiles"); other fields become custom properties. */
const ATTRIBUTES: ReadonlySet<string> = new Set([...IDENTIFIERS, 'first_name', 'last_name', 'organization', 'locale', 'title', 'image']);
const LOCATION: ReadonlySet<string> = new Set(['address1', 'address2', 'city', 'country', 'latitude', 'longitude', 'region', 'zip', 'timezone', 'ip']);

/** An address as far as a sender can tell: something, an at sign, a domain with a dot; Klaviyo has the last word. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;
/** ITU-T E.164. */
const PHONE = /^\+[1-9]\d{6,14}$/;
/** What one profile may hold, in bytes (Klaviyo, "Bulk Import Profiles"). */
const MOST_BYTES = 100_000;

interface Parts {
  readonly attributes: Record<string, RecordValue>;
  readonly location: Record<string, RecordValue>;
  readonly properties: Record<string, RecordValue>;
}

/** `First Name` and `first_name` are one attribute. */
const attributeName = (field: string): string =>
  field
    .trim()
    .toLowerCase()
    .replaceAll(/[\s-]+/g, '_');

/** A row as a profile, or why it is none. Empty values are left out: imports cannot take away what a profile has. */
export function profileOf(row: DataRecord): Candidate | RejectedRow {
  const parts: Parts = { attributes: {}, location: {}, properties: {} };
  for (const [field, value] of Object.entries(row)) if (value !== null && value !== '') place(parts, field, value);
  const { id, ...attributes } = parts.attributes as Record<string, string>;
  const problem = problemOf(parts.attributes);
  if (problem) return { row, reason: problem };
  const whole: Record<string, RecordValue> = { ...attributes };
  if (Object.keys(parts.location).length > 0) whole.location = parts.location;
  if (Object.keys(parts.properties).length > 0) whole.properties = parts.properties;
  const profile: ImportedProfile = { type: 'profile', ...(id !== undefined && { id }), attributes: whole };
  if (bytesOf(profile) > MOST_BYTES) return { row, reason: 'it is larger than the 100 KB that Klaviyo takes for a profile' };
  const named = IDENTIFIERS.find((name) => parts.attributes[name] !== undefined)!;
  return { row, profile, key: `${named} ${parts.attributes[named]}` };
}

function place({ attributes, location, properties }: Parts, field: string, value: Exclude<RecordValue, null>): void {
  const name = attributeName(field);
  const inner = name.replace(/^location[._]/, '');
  if (ATTRIBUTES.has(name)) attributes[name] = textOf(value, name);
  else if (name === 'location' && isObject(value)) Object.assign(location, value);
  else if (name === 'properties' && isObject(value)) Object.assign(properties, value);
  else if (LOCATION.has(inner)) location[inner] = textOf(value, inner);
  else properties[field] = value;
}

const isObject = (value: RecordValue): boolean => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof ExactNumber);

function textOf(value: Exclude<RecordValue, null>, name: string): string {
  const text = typeof value === 'string' ? value.trim() : stringifyExactly(value);
  return name === 'email' ? text.toLowerCase() : text;
}

function problemOf(attributes: Readonly<Record<string, RecordValue>>): string | undefined {
  const { email, phone_number: phone } = attributes;
  if (!IDENTIFIERS.some((name) => attributes[name] !== undefined)) return `it has none of ${IDENTIFIERS.slice(0, 4).join(', ')}`;
  if (email !== undefined && !EMAIL.test(String(email))) return `'${email}' in email is not an e-mail address`;
  if (phone !== undefined && !PHONE.test(String(phone))) return `'${phone}' in phone_number is not a number in the form +12345678901`;
  return undefined;
}

/** How large a profile is in a request. */
export function bytesOf(profile: ImportedProfile): number {
  return Buffer.byteLength(stringifyExactly(profile)) + 1;
}

/** Each profile once: of several rows the last one counts. */
export function latestOf(candidates: readonly Candidate[]): Candidate[] {
  return [...new Map(candidates.map((candidate) => [candidate.key, candidate])).values()];
}
