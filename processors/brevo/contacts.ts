import { hash } from 'node:crypto';
import { PropertyError } from '../../server/extension/errors.ts';
import { type DataRecord, ExactNumber, type FieldType, type RecordField, type RecordValue, stringifyExactly } from '../../server/extension/record.ts';
import type { AttributeType, AttributeValue, Contact } from './brevo.ts';

/** A row that is no contact, and why. */
export interface RejectedRow {
  readonly row: DataRecord;
  readonly reason: string;
}

/** A row as a contact. */
export interface Candidate {
  readonly row: DataRecord;
  readonly contact: Contact;
}

const TYPES: Partial<Readonly<Record<FieldType, AttributeType>>> = {
  integer: 'float',
  decimal: 'float',
  double: 'float',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'date',
  timestamp_tz: 'date',
};

/** The attributes that rows with these fields become, by name in capitals as Brevo has them. */
export function attributeTypes(fields: readonly RecordField[], emailField: string): Map<string, AttributeType> {
  const others = fields.filter(({ name }) => name.toLowerCase() !== emailField.toLowerCase());
  return new Map(others.map(({ name, type }) => [name.toUpperCase(), TYPES[type] ?? 'text']));
}

/** An address as far as a sender can tell: something, an at sign, a domain with a dot; Brevo has the last word. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/;

export interface ReadingOptions {
  readonly emailField: string;
  /** The lists that the contacts join. */
  readonly listIds: readonly number[];
  /** Whether an empty value erases what the contact had, instead of leaving it. */
  readonly erases: boolean;
}

/** Reads rows with these fields as contacts; or says why one is none. */
export function contactReader(fields: readonly RecordField[], { emailField, listIds, erases }: ReadingOptions): (row: DataRecord) => Candidate | RejectedRow {
  const isEmail = (name: string): boolean => name.toLowerCase() === emailField.toLowerCase();
  const emails = fields.map(({ name }) => name).filter(isEmail);
  const columns = fields.filter(({ name }) => !isEmail(name)).map(({ name, type }) => ({ name, attribute: name.toUpperCase(), type: TYPES[type] ?? 'text' }));
  columns.sort((a, b) => (a.attribute < b.attribute ? -1 : Number(a.attribute > b.attribute)));
  const lists = JSON.stringify(listIds);
  return (row) => {
    const key = emails.find((name) => row[name] !== undefined);
    const given = key === undefined ? null : row[key]!;
    if (typeof given !== 'string' || given.trim() === '') return { row, reason: `it has no address in ${emailField}` };
    if (!EMAIL.test(given.trim())) return { row, reason: `'${given}' in ${emailField} is not an e-mail address` };
    const email = given.trim().toLowerCase();
    const attributes: Record<string, AttributeValue> = {};
    for (const { name, attribute, type } of columns) {
      const value = row[name];
      if (value !== null && value !== undefined && value !== '') attributes[attribute] = attributeValue(value, type);
      else if (erases && value !== undefined) attributes[attribute] = '';
    }
    const json = JSON.stringify({ email, attributes });
    return { row, contact: { email, json, print: fingerprint(json + lists) } };
  };
}

/** 132 bits of a text's SHA-256: no two contents that anybody has share them. */
const fingerprint = (text: string): string => hash('sha256', text, 'base64url').slice(0, 22);

function attributeValue(value: Exclude<RecordValue, null>, type: AttributeType | undefined): AttributeValue {
  if (typeof value === 'boolean' || typeof value === 'number') return value;
  if (typeof value === 'bigint' || value instanceof ExactNumber) return type === 'float' ? Number(value.toString()) : value.toString();
  if (typeof value !== 'string') return stringifyExactly(value);
  // Brevo's dates have no time of day.
  return type === 'date' ? value.slice(0, 10) : value;
}

/** Numbers of lists, separated by commas. Throws PropertyError. */
export function listIds(text: string): number[] {
  const ids = text.split(',').map((part) => Number(part.trim()));
  if (ids.some((id) => !Number.isSafeInteger(id) || id <= 0)) throw new PropertyError('it must be ids of lists, separated by commas, such as 3, 14');
  return ids;
}
