import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataRecord, FieldType } from '../../server/extension/record.ts';
import type { QueryOptions, Warehouse, WarehouseCause, WarehouseError } from '../../server/extension/warehouse.ts';

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

/** The warehouse as the contract speaks to it. */
export function inItsWords(warehouse: Warehouse, { translate }: WarehouseDialect): Warehouse {
  if (!translate) return warehouse;
  return {
    transitUri: warehouse.transitUri,
    query: (sql, options) => warehouse.query(translate(sql), options),
    execute: (sql, options) => warehouse.execute(translate(sql), options),
    describeTable: (table, options) => warehouse.describeTable(table, options),
    createTable: (table, columns, options) => warehouse.createTable(table, columns, options),
    upsert: (table, batches, options) => warehouse.upsert(table, batches, options),
    verify: (options = {}) => warehouse.verify(options.sql === undefined ? options : { ...options, sql: translate(options.sql) }),
  };
}
