import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { InvalidRequestError } from '../engine/errors.ts';

// NiFi reads "1" where a number belongs and 1 where a text does; its clients lean on it.
const ajv = new Ajv({ allErrors: false, strict: false, allowUnionTypes: true, coerceTypes: true });

/** A JSON schema; only what is used of it. */
export type Schema = Readonly<Record<string, unknown>>;

/** Checks a body; returns it with its type, throws InvalidRequestError saying which field is wrong and how. */
export type BodyCheck<T> = (body: unknown) => T;

/** A check for bodies of a shape. Unknown fields are let through and ignored. Compiled when first used, so that start-up pays for none. */
export function bodyCheck<T>(schema: Schema): BodyCheck<T> {
  let validate: ValidateFunction | undefined;
  return (body) => {
    validate ??= ajv.compile(schema);
    if (validate(body)) return body as T;
    throw new InvalidRequestError(sentence(validate.errors![0]!));
  };
}

function sentence({ instancePath, keyword, message, params }: ErrorObject): string {
  const field = instancePath.slice(1).replaceAll('/', '.') || 'The request body';
  if (keyword === 'enum') return `${field} must be one of ${(params.allowedValues as unknown[]).filter((value) => value !== null).join(', ')}.`;
  if (keyword === 'required') return `${field === 'The request body' ? '' : `${field}.`}${params.missingProperty as string} must be specified.`;
  return `${field} ${message}.`;
}

export const text = { type: ['string', 'null'] } as const;
export const flag = { type: ['boolean', 'null'] } as const;
export const numeral = { type: ['number', 'null'] } as const;
export const whole = { type: ['integer', 'null'] } as const;
export const texts = { type: ['array', 'null'], items: { type: 'string' } } as const;
export const textMap = { type: ['object', 'null'], additionalProperties: text } as const;
/** An object without a say about its fields. */
export const anything = { type: ['object', 'null'] } as const;

/** An object with these fields, all of them optional unless `required`. */
export function object(properties: Record<string, Schema>, required: readonly string[] = []): Schema {
  return { type: 'object', properties, required };
}

/** As `object`, or null. */
export function optional(properties: Record<string, Schema>, required: readonly string[] = []): Schema {
  return { type: ['object', 'null'], properties, required };
}

export function choice(...values: string[]): Schema {
  return { enum: [...values, null] };
}

export function list(items: Schema): Schema {
  return { type: ['array', 'null'], items };
}

export function mapOf(values: Schema): Schema {
  return { type: ['object', 'null'], additionalProperties: values };
}
