import { type DataRecord, exactNumber, type FieldType, type RecordField, type RecordValue } from '../../server/extension/record.ts';
import type { HubSpotObject, HubSpotProperty } from './hubspot.ts';

/** What every object has besides its properties. */
const OWN: readonly RecordField[] = [
  { name: 'id', type: 'text' },
  { name: 'archived', type: 'boolean' },
  { name: 'archived_at', type: 'timestamp_tz' },
  { name: 'created_at', type: 'timestamp_tz' },
  { name: 'updated_at', type: 'timestamp_tz' },
];

const TYPES: Readonly<Record<string, FieldType>> = { bool: 'boolean', date: 'date', datetime: 'timestamp_tz', number: 'double', json: 'json', object_coordinates: 'json' };

interface PropertyColumn extends RecordField {
  readonly property: string;
}

/** The columns that a kind of object is written to: typed as HubSpot declares its properties. */
export class Columns {
  readonly properties: readonly string[];
  readonly fields: readonly RecordField[];
  readonly #columns: readonly PropertyColumn[];

  constructor(properties: readonly HubSpotProperty[]) {
    this.#columns = properties.map((property) => ({ property: property.name, name: columnName(property.name), type: columnType(property) }));
    this.properties = properties.map(({ name }) => name);
    this.fields = [...OWN, ...this.#columns.map(({ name, type }) => ({ name, type }))];
  }

  /** An object as a row; of archived ones only that they are is known. */
  row(object: HubSpotObject): DataRecord {
    const row = ownValues(object);
    for (const { property, name, type } of this.#columns) row[name] = columnValue(object.properties[property], type);
    return row;
  }
}

export const ARCHIVED_FIELDS = OWN;

/** The columns that every object has. */
export function ownValues({ id, archived, archivedAt, createdAt, updatedAt }: HubSpotObject): DataRecord {
  return { id, archived, archived_at: archivedAt ?? null, created_at: createdAt, updated_at: updatedAt };
}

/** A property may have the name of a column of ours, and columns differ in more than case. */
function columnName(property: string): string {
  return OWN.some(({ name }) => name === property.toLowerCase()) ? `property_${property}` : property;
}

/** Identifiers can be longer than a double is exact. */
function columnType({ name, type, numberDisplayHint }: HubSpotProperty): FieldType {
  if (type === 'number' && (name === 'hs_object_id' || numberDisplayHint === 'unformatted')) return 'decimal';
  return TYPES[type] ?? 'text';
}

/** HubSpot sends texts. What does not look like its type stays text: the table refuses that row, and says why. */
function columnValue(text: string | null | undefined, type: FieldType): RecordValue {
  if (text === undefined || text === null || (text === '' && type !== 'text')) return null;
  if (type === 'boolean' && /^(true|false)$/.test(text)) return text === 'true';
  const isNumber = (type === 'double' || type === 'decimal') && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text);
  return isNumber ? exactNumber(text) : text;
}
