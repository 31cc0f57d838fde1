import type { DatabaseConnection, TableName } from '../../server/extension/database.ts';
import type { RecordValue } from '../../server/extension/record.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import type { DataType } from '../../server/extension/record-schema.ts';

/** Names with commas between them. */
export const namesIn = (text: string | undefined): string[] =>
  (text ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** A table's name as people write it, in its parts; undefined where it is more than a name. */
export function tableNameIn(text: string): TableName | undefined {
  const parts = text.trim().match(/^(?:(?:[\w$]+|"[^"]+")\.){0,2}(?:[\w$]+|"[^"]+")$/) ? text.trim().match(/[\w$]+|"[^"]+"/g)! : [];
  const [table, schema, catalog] = parts.map((part) => part.replace(/^"|"$/g, '')).reverse();
  return table === undefined ? undefined : { table, schema, catalog };
}

const NUMBERS: readonly string[] = ['byte', 'short', 'int', 'long', 'bigint', 'float', 'double', 'decimal'];
const isNumber = (value: string): boolean => /^-?\d+(\.\d+)?$/.test(value);

/** A value as SQL: a number where the column holds numbers, or where nobody knows and it looks like one. */
function literal(value: string, type: DataType | undefined): string {
  return isNumber(value) && (type === undefined || NUMBERS.includes(type.kind)) ? value : `'${value.replaceAll("'", "''")}'`;
}

const WHOLE = /^-?\d+$/;
const greater = (a: string, b: string): boolean =>
  WHOLE.test(a) && WHOLE.test(b) ? BigInt(a) > BigInt(b) : Number.isNaN(Number(a)) || Number.isNaN(Number(b)) ? a > b : Number(a) > Number(b);

/** Greatest values of a table's columns, kept in a processor's state under `table@!@column`. */
export class Maxima {
  readonly #state: Record<string, string>;
  readonly #table: string;
  readonly #types = new Map<string, DataType>();
  readonly columns: readonly string[];

  /** `initial` says what a column begins with that the state does not know. */
  constructor(state: ReadonlyMap<string, string>, table: string, columns: readonly string[], initial: (column: string) => string | undefined) {
    this.#state = Object.fromEntries(state);
    this.#table = table;
    this.columns = columns;
    for (const column of columns) {
      const given = initial(column);
      if (given !== undefined) this.#state[this.#key(column)] ??= given;
    }
  }

  /** Asks the database for the types of the columns, so that digits in a column of text are compared as text. */
  async learnTypes(connection: DatabaseConnection): Promise<void> {
    const name = tableNameIn(this.#table);
    if (!name || this.isEmpty) return;
    for (const { name: column, type } of await connection.columns(name)) this.#types.set(column.toLowerCase(), type);
  }

  #key(column: string): string {
    return `${this.#table}@!@${column}`.toLowerCase();
  }

  get state(): Readonly<Record<string, string>> {
    return this.#state;
  }

  get isEmpty(): boolean {
    return this.columns.every((column) => this.of(column) === undefined);
  }

  of(column: string): string | undefined {
    return this.#state[this.#key(column)];
  }

  /** Numbers are compared as such, anything else as text: ISO dates are in order. */
  see(column: string, value: RecordValue | undefined, type?: DataType): void {
    if (type) this.#types.set(column.toLowerCase(), type);
    if (value === null || value === undefined) return;
    const known = this.of(column);
    const text = textOf(value).replace(/^(\d{4}-\d\d-\d\d)T/, '$1 ');
    if (known === undefined || greater(text, known)) this.#state[this.#key(column)] = text;
  }

  /** What is new: the first column must have grown; the others may stand still. */
  get conditions(): string[] {
    return this.#compared((index) => (index === 0 ? '>' : '>='));
  }

  /** What is there now: nothing beyond the greatest values. */
  get bounds(): string[] {
    return this.#compared(() => '<=');
  }

  #compared(operator: (index: number) => string): string[] {
    return this.columns.flatMap((column, index) => {
      const value = this.of(column);
      return value === undefined ? [] : [`${column} ${operator(index)} ${literal(value, this.#types.get(column.toLowerCase()))}`];
    });
  }
}
