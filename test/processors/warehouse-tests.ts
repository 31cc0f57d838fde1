import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DataRecord } from '../../server/extension/record.ts';
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
  (name: string, { open }: WarehouseDialect) =>
  (title: string, work: (warehouse: Warehouse) => Promise<void>): void =>
    void test(`${name}: ${title}`, async () => {
      const { warehouse, close } = await open();
      try {
        await work(warehouse);
      } finally {
        await close();
      }
    });
