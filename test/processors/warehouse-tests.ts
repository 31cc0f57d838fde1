import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VerificationStep } from '../../server/extension/component.ts';
import type { DataRecord, FieldType } from '../../server/extension/record.ts';
import type { QueryOptions, QueryResult, Warehouse, WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

/** A warehouse with nothing in it. Closing it is disabling its service: what still runs on it ends. */
export interface OpenWarehouse {
  readonly warehouse: Warehouse;
  close(): Promise<void>;
}

export interface WarehouseDialect {
  readonly open: () => Promise<OpenWarehouse>;
  /** A query that takes very long. */
  readonly endless: string;
  /** The contract's SQL in the warehouse's own words, where these differ. */
  readonly translate?: (sql: string) => string;
  /** What the warehouse calls a whole number of 64 bits; `bigint` as a rule. */
  readonly bigint?: string;
  /** The warehouse watches over no keys: doubles are not refused. */
  readonly hasNoKeys?: boolean;
  /** What becomes of a new column's type where the warehouse has no such type. */
  readonly kept?: Readonly<Partial<Record<FieldType, FieldType>>>;
  /** Names that the warehouse has no way to write are refused. */
  readonly refusesNames?: boolean;
  /** Names without quotes are kept in capital letters. */
  readonly capitals?: boolean;
  /** A whole number that does not fit into a column of whole numbers; 2 to the power of 63 as a rule. */
  readonly tooLarge?: bigint;
}

/** All rows of a query. */
export async function rows(warehouse: Warehouse, sql: string, options?: QueryOptions): Promise<DataRecord[]> {
  const all: DataRecord[] = [];
  for await (const batch of await warehouse.query(sql, options)) all.push(...batch);
  return all;
}

/** For assert.rejects: the cause, and what the message says. */
export const refusedAs = (kind: WarehouseCause, message: RegExp) => (thrown: unknown) => {
  const error = thrown as WarehouseError;
  assert.equal(error.kind, kind, error.message);
  assert.match(error.message, message);
  assert.ok(error.message.endsWith(error.remedy), 'the message ends with the remedy');
  return true;
};

/** Tests on a warehouse of their own each. */
export const testsOn =
  (name: string, dialect: WarehouseDialect) =>
  (title: string, work: (warehouse: Warehouse) => Promise<void>): void =>
    void test(`${name}: ${title}`, async () => {
      const { warehouse, close } = await dialect.open();
      try {
        await work(inItsWords(warehouse, dialect));
      } finally {
        await close();
      }
    });

/** A name that the warehouse has put into capitals, as the contract writes it. */
const small = (name: string): string => (/^[A-Z_][A-Z\d_$]*$/.test(name) ? name.toLowerCase() : name);

const smallNames = (record: DataRecord): DataRecord => Object.fromEntries(Object.entries(record).map(([name, value]) => [small(name), value]));

function inSmallLetters(result: QueryResult): QueryResult {
  const columns = result.columns.map((column) => ({ ...column, name: small(column.name) }));
  const close = () => result.close();
  async function* batches() {
    for await (const batch of result) yield batch.map(smallNames);
  }
  return { columns, rowCount: result.rowCount, queryId: result.queryId, close, [Symbol.asyncIterator]: batches };
}

/** What "Test connection" shows, with names as the contract writes them; tables stand in the previews as values. */
function shown({ preview, ...step }: VerificationStep): VerificationStep {
  const values = (record: DataRecord): DataRecord => Object.fromEntries(Object.entries(record).map(([name, value]) => [name, typeof value === 'string' ? small(value) : value]));
  return { ...step, ...(preview && { preview: (preview as readonly DataRecord[]).map((record) => smallNames(values(record))) }) };
}

/** The warehouse as the contract speaks to it. */
export function inItsWords(warehouse: Warehouse, { translate = (sql) => sql, capitals = false }: WarehouseDialect): Warehouse {
  return {
    transitUri: warehouse.transitUri,
    query: async (sql, options) => {
      const result = await warehouse.query(translate(sql), options);
      return capitals ? inSmallLetters(result) : result;
    },
    execute: (sql, options) => warehouse.execute(translate(sql), options),
    describeTable: async (table, options) => {
      const found = await warehouse.describeTable(table, options);
      return found && capitals ? { ...found, columns: found.columns.map((column) => ({ ...column, name: small(column.name) })), primaryKey: found.primaryKey.map(small) } : found;
    },
    createTable: (table, columns, options) => warehouse.createTable(table, columns, options),
    upsert: (table, batches, options) => warehouse.upsert(table, batches, options),
    verify: async (options = {}) => {
      const steps = await warehouse.verify(options.sql === undefined ? options : { ...options, sql: translate(options.sql) });
      return capitals ? steps.map(shown) : steps;
    },
  };
}
