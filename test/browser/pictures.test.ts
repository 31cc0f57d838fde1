import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { GENERATE, type Json, LOG_MESSAGE, until, UPDATE } from '../api-client.ts';
import { violations } from './axe.ts';
import { type Scene, SHOTS, Stage } from './stage.ts';

const stage = Stage.forFile();
const SIZES = { 1280: 800, 1920: 1080 } as const;
const ORDERS = JSON.stringify(
  Array.from({ length: 40 }, (_, index) => ({ id: 1000 + index, customer: `p${index % 7}@example.com`, total: (index * 7.35).toFixed(2), paid: index % 3 > 0, city: 'Zürich' })),
);

/** A connector that has done its work, and a small flow with a queue. */
async function furnish({ group }: Scene): Promise<{ update: Json; waiting: Json; context: Json }> {
  const { json: definition } = await stage.send('GET', '/api/connectors/customer-segments');
  const body = { groupName: 'Customer segments', positionDTO: { x: 0, y: 0 }, revisionDTO: { version: 0 }, flowSnapshot: definition };
  const connector = await stage.ok('POST', `/process-groups/${group.id}/process-groups/import`, body);
  await stage.ok('PUT', `/flow/process-groups/${connector.id}/controller-services`, { id: connector.id, state: 'ENABLED' });
  await stage.ok('PUT', `/flow/process-groups/${connector.id}`, { id: connector.id, state: 'RUNNING' });
  const make = async (type: string, name: string, config: object, position: object): Promise<Json> => {
    const made = await stage.processor(type, config, group.id);
    await stage.edit(made, { name, position });
    return made;
  };
  const source = await make(
    GENERATE,
    'Orders of the shop',
    { properties: { 'Custom Text': ORDERS, 'Mime Type': 'application/json' }, schedulingPeriod: '1 day' },
    { x: 520, y: 0 },
  );
  const update = await make(UPDATE, 'Name the file', { properties: { filename: "orders-${now():format('yyyy-MM-dd')}.json", shop: 'Zürich' } }, { x: 520, y: 280 });
  const sink = await make(LOG_MESSAGE, 'Say what came', { autoTerminatedRelationships: ['success'] }, { x: 1000, y: 280 });
  const first = await stage.connect(source, update);
  const waiting = await stage.connect(update, sink);
  for (let round = 0; round < 3; round++) {
    await stage.once(source);
    await until(async () => (await stage.queued(first)) > 0);
    await stage.once(update);
    await until(async () => (await stage.queued(first)) === 0);
  }
  await until(async () => (await stage.queued(waiting)) === 3);
  const { parameterContexts } = await stage.get('/flow/parameter-contexts');
  await until(async () => (await stage.get(`/process-groups/${connector.id}`)).status.aggregateSnapshot.bytesWritten > 0);
  return { update, waiting, context: parameterContexts[0] };
}

/** The server notes figures once a minute: an afternoon of them is told instead of waited for. */
async function tellHistory({ page }: Scene): Promise<void> {
  await page.route(/status\/history/, async (route) => {
    const aggregateSnapshots = Array.from({ length: 180 }, (_, minute) => ({
      timestamp: new Date(Date.UTC(2026, 0, 1, 12, minute)).toISOString(),
      statusMetrics: { bytesWritten: 1024 * (40 + 20 * Math.sin(minute / 12) + (minute % 17)) },
    }));
    const fieldDescriptors = [{ field: 'bytesWritten', label: 'Bytes Written', description: 'Bytes written by the component', formatter: 'DATA_SIZE' }];
    await route.fulfill({ json: { canRead: true, statusHistory: { generated: '', componentDetails: {}, fieldDescriptors, aggregateSnapshots, nodeSnapshots: [] } } });
  });
}

test('pictures of the main views, 1280 and 1920 wide, and of the canvas at 3840; in none of them axe finds anything serious', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const { update, waiting, context } = await furnish(scene);
    await tellHistory(scene);
    const taken: string[] = [];
    const show = async (query: string, componentId?: string): Promise<void> => {
      const component = componentId ? `/components/${componentId}` : '';
      await page.evaluate(
        (hash) => {
          window.location.hash = hash;
        },
        `#/process-groups/${group.id}${component}${query && `?${query}`}`,
      );
    };
    const take = async (name: string, width: number): Promise<void> => {
      if (width < 1900) assert.deepEqual(await violations(scene, 'body'), [], name);
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false, `${name} fits`);
      await scene.shot(`view-${name}-${width}`);
      taken.push(`view-${name}-${width}.png`);
    };
    const dialog = (name: string | RegExp) => page.getByRole('dialog', { name });
    for (const [width, height] of Object.entries(SIZES).map(([a, b]) => [Number(a), b] as const)) {
      await page.setViewportSize({ width, height });
      await show('');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await page.locator('.react-flow__node').nth(3).waitFor();
      await scene.fit();
      for (const colorScheme of ['dark', 'light'] as const) {
        await page.emulateMedia({ colorScheme });
        await take(`canvas-${colorScheme}`, width);
      }
      await show(`view=configure&kind=processor&id=${update.id}&groupId=${group.id}`, update.id);
      await dialog('Name the file').getByRole('textbox', { name: 'shop' }).waitFor();
      await take('processor', width);
      await show(`queue=${waiting.id}`, waiting.id);
      await page
        .getByRole('button', { name: /^orders-/ })
        .first()
        .click();
      await page.getByRole('cell', { name: 'p1@example.com' }).first().waitFor();
      await take('queue', width);
      await show(`view=peek&connectionId=${waiting.id}&title=success`);
      await dialog(/What goes through/)
        .getByRole('cell', { name: 'p1@example.com' })
        .first()
        .waitFor();
      await take('peek', width);
      await show(`view=provenance&componentId=${update.id}`);
      await dialog('Provenance').getByText('3 found').waitFor();
      await take('provenance', width);
      await dialog('Provenance').getByTitle('Show its lineage').first().click();
      await dialog('Provenance')
        .getByRole('button', { name: /ATTRIBUTES_MODIFIED/ })
        .first()
        .waitFor();
      await take('lineage', width);
      await show(`view=parameter-contexts&id=${context.id}`);
      await dialog('Parameter contexts')
        .getByRole('button', { name: /^Edit / })
        .first()
        .waitFor();
      await take('parameter-contexts', width);
      await show('view=controller');
      await dialog('Controller')
        .getByText(/^No reporting tasks yet/)
        .waitFor();
      await take('controller', width);
      await show('view=summary');
      await dialog('Summary').getByRole('button', { name: 'Name the file', exact: true }).waitFor();
      await take('summary', width);
      await show(`view=status-history&kind=processor&id=${update.id}&title=Name%20the%20file`);
      await dialog('Status history')
        .getByRole('img', { name: /over time/ })
        .locator('canvas')
        .waitFor();
      await take('status-history', width);
    }
    await page.setViewportSize({ width: 3840, height: 2160 });
    await show('', update.id);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await scene.fit();
    await take('canvas', 3840);
    await page.route('**/nifi-api/**', (route) => route.fulfill({ status: 401, body: 'Log in first' }));
    scene.errors.length = 0;
    await page.getByLabel('Password').waitFor();
    for (const [width, height] of Object.entries(SIZES)) {
      await page.setViewportSize({ width: Number(width), height });
      await scene.shot(`view-login-${width}`);
      taken.push(`view-login-${width}.png`);
    }
    // Those were refused on purpose.
    scene.errors.length = 0;
    for (const name of taken) assert.ok(existsSync(path.join(SHOTS, name)), name);
    assert.equal(taken.length, 25);
  }));
