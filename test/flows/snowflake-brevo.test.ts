import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { parse } from 'csv-parse/sync';
import { places } from '../../server/config.ts';
import type { FlowController } from '../../server/engine/flow-controller.ts';
import type { FlowDefinition } from '../../server/engine/flow-definition/format.ts';
import type { ProcessGroup } from '../../server/engine/process-group.ts';
import { readDefinition } from '../../server/example.ts';
import type { DataRecord, FieldType } from '../../server/extension/record.ts';
import type { Warehouse } from '../../server/extension/warehouse.ts';
import { openMillrace } from '../../server/millrace.ts';
import { BrevoEmulator } from '../emulators/brevo.ts';
import { account, PRIVATE_KEY, warehouseOn } from '../processors/snowflake/snowflake-rig.ts';
import { temporaryDirectory } from '../temporary-directory.ts';

const TABLES: Readonly<Record<string, { key: string; types: Readonly<Record<string, FieldType>>; updated: (row: DataRecord) => string }>> = {
  customers: { key: 'customer_id', types: { customer_id: 'integer', updated_at: 'timestamp' }, updated: () => '2026-01-01T00:00:00' },
  invoices: {
    key: 'invoice_id',
    types: { invoice_id: 'integer', customer_id: 'integer', invoice_date: 'date', total: 'decimal', updated_at: 'timestamp' },
    updated: ({ invoice_date }) => `${invoice_date}T00:00:00`,
  },
};

/** Puts the sample data where the flow reads. */
async function fill(warehouse: Warehouse): Promise<void> {
  for (const [table, { key, types, updated }] of Object.entries(TABLES)) {
    const rows = (parse(readFileSync(path.join(places.flows, 'data', `${table}.csv`)), { columns: true }) as DataRecord[]).map(
      (row): DataRecord => ({ ...row, updated_at: updated(row) }),
    );
    await warehouse.createTable(
      { table },
      Object.keys(rows[0]!).map((name) => ({ name, type: types[name] ?? 'text' })),
    );
    const { inserted } = await warehouse.upsert({ table }, [rows], { keyColumns: [key] });
    assert.equal(inserted, rows.length);
  }
}

/** The connector as it is shipped, but for how often it looks. */
function connectorDefinition(): FlowDefinition {
  const quick: Readonly<Record<string, string>> = { 'Poll Interval': '1 ms', 'Requests Per Second': '1000', yieldDuration: '10 ms' };
  const text = JSON.stringify(readDefinition(path.join(places.flows, 'snowflake-brevo.json')));
  return JSON.parse(text, (key, value: unknown) => (typeof value === 'string' ? (quick[key] ?? value) : value)) as FlowDefinition;
}

async function until(flow: FlowController, condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 180_000;
  while (!condition()) {
    const told = flow.bulletins.find().map(({ message }) => message);
    assert.ok(performance.now() < deadline, `nothing moves: ${told.join('; ')}`);
    await delay(5);
  }
}

/** Sets the parameters, enables and starts. */
async function start(flow: FlowController, group: ProcessGroup, values: Readonly<Record<string, string>>): Promise<void> {
  const [context] = [...flow.parameterContexts.values()];
  flow.change(context!, context!.revision, () => context!.apply({ parameters: Object.entries(values).map(([name, value]) => ({ name, value })) }));
  await flow.activateServices(group, 'ENABLED');
  await until(flow, () => [...group.services.values()].every(({ isEnabled }) => isEnabled));
  await flow.schedule(group, 'RUNNING');
}

test('customers, segments and figures of Snowflake become contacts of Brevo, and only what changed is sent again', async () => {
  const [snowflake, brevo] = await Promise.all([account(), BrevoEmulator.start()]);
  const warehouse = await warehouseOn(snowflake.url);
  const millrace = await openMillrace({ dataDirectory: temporaryDirectory(), log: () => undefined });
  try {
    await fill(warehouse);
    const { flow } = millrace;
    flow.start();
    const group = flow.import(flow.root, { version: 0 }, connectorDefinition());
    await start(flow, group, {
      ...{ 'Snowflake Account Identifier': 'acme-prod', 'Snowflake Account URL': snowflake.url, 'Snowflake Username': 'loader', 'Snowflake Private Key': PRIVATE_KEY },
      ...{ 'Snowflake Database': 'shop', 'Snowflake Warehouse': 'wh', 'Snowflake Role': 'loading' },
      ...{ 'Brevo API Key': 'xkeysib-test', 'Brevo API URL': brevo.url, 'List IDs': '3', Schedule: '* * * * * ?' },
    });
    const contact = () => brevo.contacts.get('leonekohler@surfeu.de')?.attributes ?? {};
    const isComplete = () => [...brevo.contacts.values()].filter(({ attributes }) => ['CITY', 'RFM_SEGMENT', 'LTV_SCORE'].every((name) => name in attributes)).length === 59;
    await until(flow, isComplete);
    assert.deepEqual([contact().FIRSTNAME, contact().CITY, contact().LTV_SCORE, contact().ORDER_COUNT, contact().LAST_ORDER_DATE], ['Leonie', 'Stuttgart', 37.62, 7, '2010-07-13']);
    assert.equal(brevo.written, 3 * 59);
    assert.equal(await warehouse.execute("UPDATE customers SET city = 'Berlin', updated_at = '2026-05-01' WHERE customer_id = 2"), 1);
    await until(flow, () => contact().CITY === 'Berlin');
    assert.equal(brevo.written, 3 * 59 + 1);
  } finally {
    await millrace.close();
    await warehouse.close();
    await Promise.all([snowflake.stop(), brevo.stop()]);
  }
  assert.deepEqual(snowflake.problems, []);
});
