import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, LOG_MESSAGE, UPDATE, until } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

async function line({ group }: Scene, text: string): Promise<{ source: Json; sink: Json; connection: Json }> {
  const source = await stage.processor(GENERATE, { properties: { 'Custom Text': text }, schedulingPeriod: '1 day' }, group.id);
  const sink = await stage.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] }, group.id);
  await stage.edit(sink, { position: { x: 0, y: 300 } });
  return { source, sink, connection: await stage.connect(source, sink) };
}

async function choose({ page }: Scene, item: string): Promise<void> {
  await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

test('a peek shows CSV records as they go through, also when they leave at once', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source, sink, connection } = await line(scene, 'id,name\n1,Ada\n2,Grace\n');
    await page.locator('.chip').click();
    await page.getByRole('button', { name: 'Peek' }).click();
    const dialog = page.getByRole('dialog', { name: /What goes through success/ });
    await dialog.getByText('Nothing has come yet').waitFor();
    await stage.runStatus(sink, 'RUNNING');
    await stage.once(source);
    await until(async () => (await stage.queued(connection)) === 0);
    await dialog.getByRole('cell', { name: 'Grace' }).waitFor();
    await scene.shot('peek');
    await dialog.getByRole('button', { name: 'Hex' }).click();
    await dialog.getByText('69 64 2c 6e').waitFor();
    await dialog.getByRole('tab', { name: 'Attributes' }).click();
    const { peek } = await stage.get(`/api/connections/${connection.id}/peek`);
    await dialog.getByRole('row', { name: /uuid/ }).getByText(peek.flowFiles[0].uuid).waitFor();
  }));

test('an event is found, shown with content before and after, and replayed; its lineage is drawn', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.processor(GENERATE, { properties: { 'Custom Text': '{"id":1}' }, schedulingPeriod: '1 day' }, group.id);
    const update = await stage.processor(UPDATE, { properties: { colour: 'red' } }, group.id);
    const sink = await stage.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] }, group.id);
    const first = await stage.connect(source, update);
    const second = await stage.connect(update, sink);
    await stage.once(source);
    await stage.once(update);
    await until(async () => (await stage.queued(second)) === 1);
    await choose(scene, 'Provenance');
    const dialog = page.getByRole('dialog', { name: 'Provenance' });
    await dialog.getByLabel('Component id').fill(update.id);
    await dialog.getByLabel('Event type').fill('ATTRIBUTES_MODIFIED');
    await page.keyboard.press('Enter');
    await dialog.getByText('1 found').waitFor();
    await scene.shot('provenance');
    await dialog
      .getByRole('table')
      .getByRole('button', { name: /\d\d:\d\d/ })
      .click();
    const event = page.getByRole('dialog', { name: /ATTRIBUTES_MODIFIED by/ });
    await event.getByRole('tab', { name: 'Attributes' }).click();
    await event
      .getByRole('row', { name: /colour/ })
      .getByText('red')
      .waitFor();
    await event.getByRole('tab', { name: 'Content before' }).click();
    await event.getByRole('cell', { name: '1', exact: true }).last().waitFor();
    await scene.shot('provenance-event');
    assert.equal(await stage.queued(first), 0);
    await event.getByRole('button', { name: 'Replay' }).click();
    await until(async () => (await stage.queued(first)) === 1);
    await event.getByRole('button', { name: 'Lineage' }).click();
    await dialog
      .getByRole('button', { name: /ATTRIBUTES_MODIFIED/ })
      .first()
      .waitFor();
    await scene.shot('lineage');
    await dialog.getByRole('button', { name: /^CREATE/ }).press('Enter');
    await page.getByRole('dialog', { name: /CREATE by/ }).waitFor();
  }));

test('the summary is sorted and filtered, and leads to the component', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source, sink } = await line(scene, 'x');
    await stage.edit(source, { name: 'Needle' });
    await choose(scene, 'Summary');
    const dialog = page.getByRole('dialog', { name: 'Summary' });
    await dialog.getByRole('button', { name: 'Name' }).click();
    await dialog.getByRole('columnheader', { name: 'Name' }).and(page.locator('[aria-sort=ascending]')).waitFor();
    await scene.shot('summary');
    await dialog.getByLabel('Filter processors').fill('needle');
    await dialog
      .getByRole('row', { name: /LogMessage/ })
      .first()
      .waitFor({ state: 'detached' });
    await dialog.getByRole('tab', { name: /Connections/ }).click();
    await dialog.getByRole('row', { name: /Needle.*LogMessage/ }).waitFor();
    await dialog.getByRole('tab', { name: /Processors/ }).click();
    await dialog.getByRole('button', { name: 'Needle', exact: true }).click();
    await page.waitForURL(new RegExp(`components/${source.id}`));
    assert.ok(sink.id);
  }));

test('counters are reset, one and all', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.source('x', group.id);
    const counting = await stage.processor(
      'org.apache.nifi.processors.standard.UpdateCounter',
      { properties: { 'Counter Name': 'orders', Delta: '7' }, autoTerminatedRelationships: ['success'] },
      group.id,
    );
    await stage.connect(source, counting);
    await stage.once(source);
    await stage.once(counting);
    const total = async (): Promise<number> =>
      (await stage.get('/counters')).counters.aggregateSnapshot.counters
        .filter(({ name }: Json) => name === 'orders')
        .reduce((sum: number, { valueCount }: Json) => sum + valueCount, 0);
    await until(async () => (await total()) > 0);
    await choose(scene, 'Counters');
    const dialog = page.getByRole('dialog', { name: 'Counters' });
    const before = await total();
    await dialog
      .getByRole('button', { name: /Reset orders/ })
      .first()
      .click();
    await until(async () => (await total()) < before);
    await dialog.getByRole('button', { name: 'Reset all' }).click();
    await until(async () => (await total()) === 0);
    await scene.shot('counters');
  }));

test('the flow history tells what was changed; the diagnostics how the server is', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(UPDATE, {}, group.id);
    await stage.edit(node, { name: 'Renamed by a test' });
    await choose(scene, 'Flow history');
    const dialog = page.getByRole('dialog', { name: 'Flow history' });
    await dialog
      .getByRole('row', { name: /Renamed by a test/ })
      .first()
      .waitFor();
    await scene.shot('flow-history');
    await page.keyboard.press('Escape');
    await choose(scene, 'System diagnostics');
    await page.getByRole('dialog', { name: 'System diagnostics' }).getByText('Memory of JavaScript').first().waitFor();
    await scene.shot('diagnostics');
  }));

test('a status history is drawn as a chart, one figure at a time', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source } = await line(scene, 'x');
    // The server notes figures once a minute: an afternoon of them is told instead of waited for.
    await page.route(/status\/history/, async (route) => {
      const field = (name: string, label: string, formatter: string) => ({ field: name, label, description: `${label} of the component`, formatter });
      const aggregateSnapshots = Array.from({ length: 120 }, (_, minute) => ({
        timestamp: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString(),
        statusMetrics: { bytesWritten: 1024 * (2 + Math.sin(minute / 8)), taskCount: minute },
      }));
      const fieldDescriptors = [field('bytesWritten', 'Bytes Written', 'DATA_SIZE'), field('taskCount', 'Tasks', 'COUNT')];
      await route.fulfill({ json: { canRead: true, statusHistory: { generated: '', componentDetails: {}, fieldDescriptors, aggregateSnapshots, nodeSnapshots: [] } } });
    });
    await scene.node(source.id).click();
    await page.getByRole('button', { name: /^More about/ }).click();
    await page.getByRole('menuitem', { name: 'Status history' }).click();
    const dialog = page.getByRole('dialog', { name: 'Status history' });
    await dialog.getByRole('img', { name: 'Bytes Written over time' }).locator('canvas').waitFor();
    await dialog.getByText('3 KB').waitFor();
    await scene.shot('status-history');
    await dialog.getByRole('combobox', { name: 'Figure' }).click();
    await page.getByRole('option', { name: 'Tasks' }).click();
    await dialog.getByRole('img', { name: 'Tasks over time' }).locator('canvas').waitFor();
    await dialog.getByText('119', { exact: true }).waitFor();
  }));
