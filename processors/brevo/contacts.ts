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

/** A row as a contact, or why it is none. Empty values are left out, or erase what the contact had. */
export function contactOf(row: DataRecord, emailField: string, types: ReadonlyMap<string, AttributeType>, erases: boolean): Candidate | RejectedRow {
  const key = Object.keys(row).find((name) => name.toLowerCase() === emailField.toLowerCase());
  const email = key === undefined ? null : row[key]!;
  if (typeof email !== 'string' || email.trim() === '') return { row, reason: `it has no address in ${emailField}` };
  if (!EMAIL.test(email.trim())) return { row, reason: `'${email}' in ${emailField} is not an e-mail address` };
  const attributes: Record<string, AttributeValue> = {};
  for (const [name, value] of Object.entries(row)) {
    if (name === key) continue;
    if (value !== null && value !== '') attributes[name.toUpperCase()] = attributeValue(value, types.get(name.toUpperCase()));
    else if (erases) attributes[name.toUpperCase()] = '';
  }
  return { row, contact: { email: email.trim().toLowerCase(), attributes } };
}

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
