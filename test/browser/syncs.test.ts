import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, until } from '../api-client.ts';
import { violations } from './axe.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

async function ask(method: string, path: string, body?: unknown): Promise<Json> {
  const { status, text, json } = await stage.send(method, path, body);
  assert.ok(status < 300, `${method} ${path}: ${status} ${text}`);
  return json;
}

/** A sync of the example data into a DuckDB table, switched on. */
async function segments(name: string, mapping?: readonly object[]): Promise<string> {
  const made = await ask('POST', '/api/syncs', { connector: 'customer-segments', name });
  const edit = { revision: made.revision, values: { table: 'people' }, schedule: { strategy: 'CRON_DRIVEN', period: '0 0 3 1 1 ?' }, timeZone: 'Europe/Berlin' };
  await ask('PUT', `/api/syncs/${made.id}`, mapping ? { ...edit, streams: { customers: { mapping: JSON.stringify(mapping) } } } : edit);
  await ask('POST', `/api/syncs/${made.id}/test`);
  await until(async () => (await ask('GET', `/api/syncs/${made.id}/test`)).passed !== null);
  await ask('POST', `/api/syncs/${made.id}/activate`);
  await until(async () => (await ask('GET', `/api/syncs/${made.id}`)).status === 'ENABLED');
  return made.id;
}

async function openSyncs({ page }: Scene): Promise<void> {
  await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
  await page.getByRole('menuitem', { name: 'Syncs' }).click();
}

test('a connector is found in the gallery, a draft made of it, and what it lacks is said', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    await openSyncs(scene);
    const syncs = page.getByRole('dialog', { name: 'Syncs' });
    await syncs.getByText('No syncs yet').waitFor();
    await syncs.getByRole('button', { name: 'Set up a sync' }).click();
    const search = syncs.getByRole('searchbox', { name: 'Search connectors' });
    await search.fill('no such system');
    await syncs.getByText('No connector fits').waitFor();
    await search.fill('');
    await syncs.getByRole('button', { name: 'Set up a sync: Warehouse to Braze' }).waitFor();
    await scene.shot('syncs-gallery');
    assert.deepEqual(await violations(scene), []);
    await search.fill('warehouse brevo');
    await syncs.getByRole('button', { name: 'Set up a sync: Warehouse to Brevo' }).click();
    await syncs.getByRole('textbox', { name: 'Name of the sync' }).fill('Newsletter');
    await page.keyboard.press('Enter');
    const draft = page.getByRole('dialog', { name: 'Newsletter' });
    await draft.getByText('Draft', { exact: true }).waitFor();
    const steps = draft.getByRole('list', { name: 'Steps of the draft' });
    await steps.getByText('complete', { exact: true }).first().waitFor();
    await draft.getByText('No runs yet').waitFor();
    await scene.shot('sync-draft');
    assert.deepEqual(await violations(scene), []);
    const { syncs: all } = await ask('GET', '/api/syncs');
    await draft.getByRole('button', { name: 'Show on the canvas' }).click();
    await page.waitForURL((url) => url.hash.includes(all[0].id));
    await page.locator('.react-flow__node').first().waitFor();
    const { revision, id } = await ask('GET', `/api/syncs/${all[0].id}`);
    await ask('DELETE', `/api/syncs/${id}?version=${revision.version}`);
  }));

test('a sync is run, looked at, paused and resumed; rows that were rejected are downloaded', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    await segments('Segments', [
      { source: 'email', destination: 'EMAIL', type: 'text', required: true },
      { source: 'email', destination: 'NUMBER', type: 'integer' },
    ]);
    await openSyncs(scene);
    const syncs = page.getByRole('dialog', { name: 'Syncs' });
    await syncs.getByText('Enabled', { exact: true }).waitFor();
    await syncs.getByRole('button', { name: 'Sync now: Segments' }).click();
    await syncs.getByRole('img', { name: /Rows of the latest 1 runs/ }).waitFor();
    await syncs.getByRole('button', { name: 'Pause: Segments' }).click();
    await syncs.getByText('Paused', { exact: true }).waitFor();
    await scene.shot('syncs-list');
    assert.deepEqual(await violations(scene), []);
    await syncs.getByRole('button', { name: 'Segments', exact: true }).click();
    const sync = page.getByRole('dialog', { name: 'Segments' });
    await sync.getByText('Completed, rows rejected').waitFor();
    await sync.getByText(/time zone Europe\/Berlin/).waitFor();
    await scene.shot('sync-runs');
    assert.deepEqual(await violations(scene), []);
    const [download] = await Promise.all([page.waitForEvent('download'), sync.getByTitle(/Download the rejected rows/).click()]);
    assert.match(download.suggestedFilename(), /^Segments-run-\d+-rejected\.csv$/);
    await sync.getByRole('button', { name: 'Resume: Segments' }).click();
    await sync.getByText('Enabled', { exact: true }).waitFor();
  }));

test('syncs in the dark', () =>
  stage.scene(
    async (scene) => {
      await openSyncs(scene);
      await scene.page.getByRole('dialog', { name: 'Syncs' }).getByRole('button', { name: 'Segments', exact: true }).waitFor();
      await scene.shot('syncs-list-dark');
      assert.deepEqual(await violations(scene), []);
      await scene.page.getByRole('tab', { name: 'Connectors' }).click();
      await scene.page.getByRole('button', { name: 'Set up a sync: Warehouse to Braze' }).waitFor();
      await scene.shot('syncs-gallery-dark');
      assert.deepEqual(await violations(scene), []);
    },
    { theme: 'dark' },
  ));
