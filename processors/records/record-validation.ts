import type { DataRecord, RecordValue } from '../../server/extension/record.ts';
import { chooseType, coerce, coerceField, isExactly, isObject, valueIn } from '../../server/extension/record-coercion.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import { type DataType, mergeSchemas, type RecordSchema } from '../../server/extension/record-schema.ts';
import { SchemaInference } from '../../server/extension/schema-inference.ts';

export interface Problem {
  readonly kind: 'missing' | 'extra' | 'invalid';
  /** Such as `/address/zip`. */
  readonly field: string;
}

export interface ValidationRules {
  readonly schema: RecordSchema;
  readonly allowsExtra: boolean;
  /** Values must be of their types as they stand. */
  readonly strict: boolean;
}

/** Whether a value is of a type as it stands; what records inside hold is looked at by itself. Any number is a double or decimal. */
function isOfType(value: RecordValue, type: DataType): boolean {
  switch (type.kind) {
    case 'record':
      return isObject(value);
    case 'map':
      return isObject(value) && Object.values(value).every((one) => one === null || isOfType(one, type.value));
    case 'array':
      return Array.isArray(value) && value.every((one) => one === null || isOfType(one, type.element));
    case 'choice':
      return type.options.some((option) => isOfType(value, option));
    case 'float':
    case 'double':
      return typeof value === 'number' || typeof value === 'bigint';
    default:
      return isExactly(value, type);
  }
}

/** Whether a value can become one of the type; records inside are looked at by themselves. */
function canBecome(value: RecordValue, type: DataType): boolean {
  if (type.kind === 'record') return isObject(value);
  if (type.kind === 'array' && Array.isArray(value)) return value.every((one) => one === null || canBecome(one, type.element));
  return coerce(value, type) !== undefined;
}

/** What is wrong with a record, as NiFi's StandardSchemaValidator sees it. */
export function problemsOf(record: DataRecord, rules: ValidationRules, schema = rules.schema, prefix = ''): Problem[] {
  const problems: Problem[] = [];
  for (const known of schema.fields) {
    const value = valueIn(record, known);
    const field = `${prefix}/${known.name}`;
    if (value === null || value === undefined) {
      if (!known.nullable && known.defaultValue === undefined) problems.push({ kind: 'missing', field });
    } else if (!(rules.strict ? isOfType : canBecome)(value, known.type)) problems.push({ kind: 'invalid', field });
    else problems.push(...insideOf(value, known.type, rules, field));
  }
  if (rules.allowsExtra) return problems;
  const names = new Set(schema.fields.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  for (const name of Object.keys(record)) if (!names.has(name)) problems.push({ kind: 'extra', field: `${prefix}/${name}` });
  return problems;
}

function insideOf(value: RecordValue, type: DataType, rules: ValidationRules, field: string): Problem[] {
  const chosen = type.kind === 'choice' ? (chooseType(value, type.options) ?? type.options.find((one) => canBecome(value, one))) : type;
  if (chosen?.kind === 'record' && isObject(value)) return problemsOf(value, rules, chosen.schema, field);
  if (chosen?.kind !== 'array' || !Array.isArray(value)) return [];
  return value.flatMap((one, index) => (one === null ? [] : insideOf(one, chosen.element, rules, `${field}[${index}]`)));
}

/** More fields than this are only counted. */
const MAX_FIELDS = 100;

const WORDS = {
  missing: 'fields were missing',
  extra: 'fields were present in the Record but not in the schema',
  invalid: 'fields had values whose type did not match the schema',
} as const;

/** Gathers what was wrong with the records of a FlowFile. */
export class ValidationDetails {
  readonly #fields = { missing: new Set<string>(), extra: new Set<string>(), invalid: new Set<string>() };

  add(problems: readonly Problem[]): void {
    for (const { kind, field } of problems) if (this.#fields[kind].size < MAX_FIELDS) this.#fields[kind].add(field);
  }

  /** One sentence, each kind of fault with the fields that have it. */
  get text(): string {
    const found = (['missing', 'extra', 'invalid'] as const).filter((kind) => this.#fields[kind].size > 0);
    const parts = found.map((kind) => `The following ${this.#fields[kind].size} ${WORDS[kind]}: [${[...this.#fields[kind]].join(', ')}]`);
    return `Records in this FlowFile were invalid for the following reasons: ${parts.join('; ')}`;
  }
}

/** Values as the schema has them, where they need not be so already. */
export function fitting(record: DataRecord, { schema, strict }: ValidationRules): DataRecord {
  if (strict) return record;
  const changed = { ...record };
  for (const known of schema.fields) if (changed[known.name] !== undefined) changed[known.name] = coerceField(changed[known.name]!, known);
  return changed;
}

/** Which kinds of records there are, the fields that they have, and what is wrong. */
export async function judge({ schema, batches }: RecordSet, rules: ValidationRules) {
  const [valid, invalid] = [new SchemaInference(), new SchemaInference()];
  const details = new ValidationDetails();
  const counts = { valid: 0, invalid: 0 };
  const known = new Set(rules.schema.fields.flatMap(({ name, aliases = [] }) => [name, ...aliases]));
  for await (const batch of batches) {
    for (const record of batch) {
      const problems = problemsOf(record, rules);
      counts[problems.length === 0 ? 'valid' : 'invalid']++;
      details.add(problems);
      if (problems.length > 0) invalid.look(record);
      else if (rules.allowsExtra) for (const name in record) if (!known.has(name)) valid.field(name).add(record[name]);
    }
  }
  const schemas = { valid: mergeSchemas(rules.schema, valid.schema), invalid: mergeSchemas(schema, invalid.schema) };
  return { counts, schemas: { valid: plain(schemas.valid), invalid: plain(schemas.invalid) }, details };
}

/** Without the text of the schema that it came from: it has other fields now. */
const plain = ({ fields, name, namespace }: RecordSchema): RecordSchema => ({ fields, name, namespace });
