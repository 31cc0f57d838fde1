import { type DataRecord, stringifyExactly } from '../../server/extension/record.ts';
import type { BatchKind, Identifier } from './braze.ts';
import { field, identifierOf, RowError, textField } from './identifiers.ts';

export type DataType = 'attributes' | 'events' | 'purchases' | 'catalog items' | 'user deletes';

/** A row as Braze takes it. */
export interface Sendable {
  /** Where in the FlowFile it is. */
  readonly row: number;
  readonly kind: BatchKind;
  readonly object: object;
  /** Whose it is: rows of one key are sent one after the other. */
  readonly key: string;
  /** What may not be in one request twice; undefined where that does no harm. */
  readonly alone: string | undefined;
  /** What all objects of a request must have in common. */
  readonly family: string;
}

/** A row that is not sent, and why. */
export interface Refused {
  readonly row: number;
  readonly reason: string;
}

/** A row as an object of the data type, or why it is none. */
export function sendableOf(record: DataRecord, row: number, type: DataType): Sendable | Refused {
  try {
    if (type === 'catalog items') return item(record, row);
    const user = identifierOf(record);
    if (type === 'user deletes') return { row, kind: 'delete users', object: user, key: keyOf(user), alone: keyOf(user), family: Object.keys(user)[0]! };
    const object = { ...CHECKS[type](payloadOf(record)), ...user, ...('braze_id' in user && { _update_existing_only: true }) };
    return { row, kind: type, object, key: keyOf(user), alone: type === 'attributes' ? keyOf(user) : undefined, family: type };
  } catch (thrown) {
    if (!(thrown instanceof RowError)) throw thrown;
    return { row, reason: thrown.message };
  }
}

const keyOf = (user: Identifier): string => JSON.stringify(user).toLowerCase();

type Payload = Record<string, unknown>;

/** PAYLOAD: an object, or its JSON text. */
function payloadOf(record: DataRecord): Payload {
  const given = field(record, 'PAYLOAD');
  if (given === null) throw new RowError('PAYLOAD is empty: it must be a JSON object');
  let value: unknown;
  try {
    value = JSON.parse(typeof given === 'string' ? given : stringifyExactly(given));
  } catch (thrown) {
    throw new RowError(`PAYLOAD is no JSON (${(thrown as Error).message})`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new RowError('PAYLOAD is JSON, but no object');
  return value as Payload;
}

/** A moment as Braze takes it: ISO 8601 or `yyyy-MM-dd'T'HH:mm:ss:SSSZ` (Braze, "Event object"). */
const TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.:]\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

function needText(payload: Payload, name: string): void {
  const value = payload[name];
  if (typeof value !== 'string' || value.trim() === '') throw new RowError(`PAYLOAD has no ${name}`);
}

function needTime(payload: Payload): void {
  needText(payload, 'time');
  if (!TIME.test(payload.time as string)) throw new RowError(`time '${String(payload.time)}' in PAYLOAD is no moment such as 2026-11-20T08:00:00Z`);
}

const CHECKS: Readonly<Record<'attributes' | 'events' | 'purchases', (payload: Payload) => Payload>> = {
  attributes: (payload) => payload,
  events: (payload) => {
    needText(payload, 'name');
    needTime(payload);
    return payload;
  },
  purchases: (payload) => {
    needText(payload, 'product_id');
    needText(payload, 'currency');
    if (typeof payload.price !== 'number') throw new RowError('PAYLOAD has no price, or one that is no number');
    const { quantity = 1 } = payload;
    if (!Number.isInteger(quantity) || (quantity as number) < 1 || (quantity as number) > 100) throw new RowError('quantity in PAYLOAD must be a whole number from 1 to 100');
    needTime(payload);
    return payload;
  },
};

/** An id of a catalog item (Braze, "Catalogs": invalid-ids, ids-too-large). */
const ITEM_ID = /^[\w-]{1,250}$/;

/** A catalog item: ID and PAYLOAD; with a true DELETED it goes. */
function item(record: DataRecord, row: number): Sendable {
  const id = textField(record, 'ID');
  if (id === null) throw new RowError('it has no ID');
  if (!ITEM_ID.test(id)) throw new RowError(`ID '${id}' may have letters, digits, hyphens and underscores only, 250 at most`);
  const deleted = field(record, 'DELETED');
  const kind = deleted === true || String(deleted).toLowerCase() === 'true' ? 'delete items' : 'write items';
  return { row, kind, object: kind === 'delete items' ? { id } : { ...payloadOf(record), id }, key: id, alone: id, family: kind };
}
