import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, UPDATE } from '../api-client.ts';
import { violations } from './axe.ts';
import { type Scene, Stage, type Theme } from './stage.ts';

const stage = Stage.forFile();

async function closeAll({ page }: Scene): Promise<void> {
  while ((await page.getByRole('dialog').count()) > 0) await page.keyboard.press('Escape');
}

for (const theme of ['light', 'dark'] as const satisfies readonly Theme[]) {
  test(`views can be read by everyone: ${theme}`, () =>
    stage.scene(
      async (scene) => {
        const { page, group } = scene;
        const source = await stage.source('{"id":1,"name":"Ada"}', group.id);
        const update = await stage.processor(UPDATE, { properties: { shout: '${filename:toUpper()}' }, autoTerminatedRelationships: ['success'] }, group.id);
        await stage.edit(update, { position: { x: 0, y: 300 } });
        await stage.connect(source, update);
        await stage.once(source);
        await stage.once(update);
        const look = async (name: string): Promise<void> => {
          assert.deepEqual(await violations(scene), [], name);
          await scene.shot(`${name}-${theme}`);
        };
        await scene.node(update.id).dblclick();
        const dialog = page.getByRole('dialog', { name: 'UpdateAttribute' });
        await dialog.getByRole('textbox', { name: 'shout' }).waitFor();
        await look('configuration');
        for (const tab of ['Scheduling', 'Relationships', 'Settings', 'Verification', 'Documentation']) {
          await dialog.getByRole('tab', { name: tab }).click();
          assert.deepEqual(await violations(scene), [], tab);
        }
        await closeAll(scene);
        for (const view of ['Services of this group', 'Summary', 'Provenance', 'Counters', 'Flow history', 'System diagnostics', 'Parameter contexts', 'Controller']) {
          await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
          await page.getByRole('menuitem', { name: view, exact: true }).click();
          await page.getByRole('dialog').waitFor();
          await page.getByText(/^Reading|^Searching/).waitFor({ state: 'detached' });
          await look(view.toLowerCase().replaceAll(' ', '-'));
          await closeAll(scene);
        }
      },
      { theme },
    ));
}

test('a processor of which nothing is known yet is configured at the smallest width, too', () =>
  stage.scene(
    async (scene) => {
      const node = await stage.processor(GENERATE, {}, scene.group.id);
      await scene.node(node.id).dblclick();
      const dialog = scene.page.getByRole('dialog', { name: 'GenerateFlowFile' });
      await dialog.getByRole('textbox', { name: 'File Size' }).waitFor();
      const { width } = (await dialog.boundingBox())!;
      assert.ok(width <= 1280);
      assert.equal(await dialog.evaluate((element) => element.scrollWidth > element.clientWidth), false);
    },
    { width: 1280, height: 720 },
  ));
