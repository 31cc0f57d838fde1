import type { FieldType, RecordField } from '../../server/extension/record.ts';

const NUMBERS: readonly FieldType[] = ['integer', 'double', 'decimal'];

/** Gathers the fields of batches: names in the order of their first sight, types that hold all that was seen. */
export class FieldUnion {
  readonly #types = new Map<string, FieldType>();

  add(fields: readonly RecordField[]): void {
    for (const { name, type } of fields) this.#types.set(name, common(this.#types.get(name), type));
  }

  get fields(): RecordField[] {
    return [...this.#types].map(([name, type]) => ({ name, type }));
  }
}

/** Of two number types the wider; of others that differ, text. */
export function common(a: FieldType | undefined, b: FieldType): FieldType {
  if (a === undefined || a === b) return b;
  return NUMBERS.includes(a) && NUMBERS.includes(b) ? NUMBERS[Math.max(NUMBERS.indexOf(a), NUMBERS.indexOf(b))]! : 'text';
}
