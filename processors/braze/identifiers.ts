import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import type { Identifier } from './braze.ts';

/** Why a row cannot be sent. */
export class RowError extends Error {
  override name = 'RowError';
}

/** A field of a row by its name in any case: warehouses fold names differently. Empty texts count as nothing. */
export function field(row: DataRecord, name: string): RecordValue {
  const key = name in row ? name : Object.keys(row).find((each) => each.toUpperCase() === name);
  const value = key === undefined ? null : row[key]!;
  return typeof value === 'string' && value.trim() === '' ? null : value;
}

/** The same as a text; numbers are taken as they are written. Throws RowError for anything else. */
export function textField(row: DataRecord, name: string): string | null {
  const value = field(row, name);
  if (value === null || typeof value === 'string') return value;
  if (typeof value === 'object' && !('toJSON' in value) && (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype)) throw new RowError(`${name} is no text`);
  if (typeof value === 'boolean') throw new RowError(`${name} is no text`);
  return String(value);
}

/**
 * The one identifier of a row. The e-mail address wins over the phone number; any other two are an error
 * (Braze, "Cloud Data Ingestion", table setup). Throws RowError.
 */
export function identifierOf(row: DataRecord): Identifier {
  const found = [...candidates(row)];
  const names = found.map(([name]) => name);
  if (found.length === 2 && names.includes('EMAIL') && names.includes('PHONE')) return found[0]![1];
  if (found.length > 1) throw new RowError(`it has more than one identifier: ${names.join(' and ')}. Leave one of them`);
  if (found.length === 0) throw new RowError('it has no identifier: EXTERNAL_ID, ALIAS_NAME with ALIAS_LABEL, BRAZE_ID, EMAIL or PHONE must have a value');
  return found[0]![1];
}

function* candidates(row: DataRecord): Generator<[name: string, identifier: Identifier]> {
  const [external, braze, email, phone] = [textField(row, 'EXTERNAL_ID'), textField(row, 'BRAZE_ID'), textField(row, 'EMAIL'), textField(row, 'PHONE')];
  if (external !== null) yield ['EXTERNAL_ID', { external_id: external }];
  const [alias, label] = [textField(row, 'ALIAS_NAME'), textField(row, 'ALIAS_LABEL')];
  if ((alias === null) !== (label === null)) throw new RowError('ALIAS_NAME and ALIAS_LABEL must both have a value, or neither');
  if (alias !== null && label !== null) yield ['ALIAS_NAME', { user_alias: { alias_name: alias, alias_label: label } }];
  if (braze !== null) yield ['BRAZE_ID', { braze_id: braze }];
  if (email !== null) yield ['EMAIL', { email }];
  if (phone !== null) yield ['PHONE', { phone }];
}
