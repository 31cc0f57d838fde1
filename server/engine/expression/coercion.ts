import { type Evaluate, type ExpressionType, NOTHING, type Piece, type Value } from './evaluation.ts';
import { dateText, parseImplicitDate } from '../../extension/java/date-text.ts';
import { parseInstant } from '../../extension/java/instant-text.ts';
import { DateValue, InstantValue } from '../../extension/java/instants.ts';
import { instantText } from '../../extension/java/instant-text.ts';
import { Decimal, decimalText, doubleValue, longValue, type Numeric, parseNumeric, type Whole } from './numbers.ts';

/** A value as an attribute would hold it (Guide, "Data Types"). */
export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean') return value ? 'true' : 'false';
  if (typeof value === 'number' || typeof value === 'bigint') return String(value);
  if (value === undefined) return '';
  if (value instanceof Decimal) return decimalText(value.value);
  return value instanceof DateValue ? dateText(value.milliseconds) : instantText(value);
}

function toOptionalText(value: Value): string | undefined {
  return value === undefined || typeof value === 'string' ? value : toText(value);
}

function toNumeric(value: Value): Numeric | undefined {
  if (typeof value === 'string') return parseNumeric(value);
  if (typeof value === 'number') return value;
  if (value instanceof DateValue || value instanceof InstantValue) return value.milliseconds;
  return value as Numeric | undefined;
}

function toWhole(value: Value): Whole | undefined {
  const numeric = toNumeric(value);
  return numeric === undefined || typeof numeric === 'number' ? numeric : longValue(numeric);
}

function toDecimal(value: Value): Decimal | undefined {
  const numeric = toNumeric(value);
  return numeric === undefined || numeric instanceof Decimal ? numeric : new Decimal(doubleValue(numeric));
}

function toBoolean(value: Value): boolean | undefined {
  return typeof value === 'string' ? value.trim().toLowerCase() === 'true' : (value as boolean | undefined);
}

function toDate(value: Value): DateValue | undefined {
  if (value === undefined || value instanceof DateValue) return value;
  if (typeof value === 'string') return parseImplicitDate(value.trim());
  return new DateValue(Number(toWhole(value)));
}

function toInstant(value: Value): InstantValue | undefined {
  if (value === undefined || value instanceof InstantValue) return value;
  if (typeof value === 'string') return parseInstant(value.trim());
  return InstantValue.ofMilliseconds(Number(toWhole(value)));
}

const CONVERSIONS: Record<ExpressionType, (value: Value) => Value> = {
  string: toOptionalText,
  boolean: toBoolean,
  number: toWhole,
  decimal: toDecimal,
  numeric: toNumeric,
  date: toDate,
  instant: toInstant,
};

/** Whether NiFi converts by itself: a boolean becomes text only, and only text becomes a boolean (Guide, "Type Coercion"). */
function isConvertible(from: ExpressionType, to: ExpressionType): boolean {
  if (to === 'string') return true;
  return to === 'boolean' ? from === 'string' : from !== 'boolean';
}

/**
 * The evaluation of a piece as a value of a type. A literal is converted once. `refuse` is called where the types cannot be
 * converted.
 */
export function coerce(piece: Piece, to: ExpressionType, refuse: (message: string) => never): Evaluate {
  if (piece.type === to) return piece.evaluate;
  if (!isConvertible(piece.type, to)) refuse(`a ${piece.type} cannot be converted to a ${to}`);
  const { evaluate } = piece;
  const convert = CONVERSIONS[to];
  if (!piece.literal) return (on) => convert(evaluate(on));
  const value = convertLiteral(piece, convert, refuse);
  return () => value;
}

function convertLiteral({ evaluate }: Piece, convert: (value: Value) => Value, refuse: (message: string) => never): Value {
  try {
    return convert(evaluate(NOTHING));
  } catch (cause) {
    return refuse((cause as Error).message);
  }
}
