import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

const WORDS = 'A very long name that somebody has typed because the flow is about the lifetime value of every customer in every country';
const WORD = 'Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft_and_more_without_any_break';

/** What lies outside of the window, or is cut off where it should not be. */
async function outside({ page }: Scene, ...selectors: readonly string[]): Promise<string[]> {
  return page.evaluate(
    (wanted) =>
      wanted.flatMap((selector) =>
        [...document.querySelectorAll(selector)].flatMap((element) => {
          const { left, right, top, bottom, width } = element.getBoundingClientRect();
          const isSeen = left >= 0 && top >= 0 && right <= window.innerWidth + 1 && bottom <= window.innerHeight + 1;
          return isSeen || width === 0 ? [] : [`${selector} ${element.textContent} ${left} ${right}`];
        }),
      ),
    [...selectors],
  );
}

/** Groups in each other, four deep, all with long names; the innermost comes last. */
async function deep({ group }: Scene): Promise<Json[]> {
  const groups: Json[] = [];
  for (const name of [WORD, WORDS, `${WORD} 3`, `${WORDS} 4`]) {
    const parent: string = groups.at(-1)?.id ?? group.id;
    groups.push(await stage.create(parent, 'process-groups', { name, position: { x: 480, y: 0 } }));
  }
  return groups;
}

test('names of any length break nothing, four groups deep: what can be done stays in sight, and the way back is found', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const groups = await deep(scene);
    const innermost = groups.at(-1)!;
    const node = await stage.processor(GENERATE, {}, innermost.id);
    await stage.edit(node, { name: WORD });
    const label = await stage.create(innermost.id, 'labels', { label: `${WORD}\n${WORDS}`, width: 200, height: 120, position: { x: 0, y: 300 } });
    await scene.show(innermost.id);
    await scene.node(label.id).waitFor();
    assert.deepEqual(await outside(scene, '.header button', '.breadcrumbs li', '.status-bar'), []);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false);
    await scene.node(node.id).click();
    await page.getByRole('complementary', { name: 'Selected component' }).waitFor();
    assert.deepEqual(await outside(scene, '.panel button', '.panel h2'), []);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: WORD }).waitFor();
    assert.deepEqual(await outside(scene, '[role=dialog] button', '[role=dialog] h2'), []);
    await scene.shot('long-names');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: WORD, exact: true }).click();
    await scene.node(groups[1].id).waitFor();
  }));

test('who types a name goes to what has it, and starts nothing by Enter', () =>
  stage.scene(
    async (scene) => {
      const { page, group } = scene;
      const source = await stage.processor(GENERATE, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, group.id);
      const node = await stage.processor(UPDATE, {}, group.id);
      await stage.edit(node, { name: 'Invoices to the archive' });
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Search components/ }).fill('invoices');
      await page.getByRole('option', { name: /Invoices to the archive/, selected: true }).waitFor();
      await page.getByRole('option', { name: 'Start everything in Invoices' }).waitFor();
      await page.keyboard.press('Enter');
      await page.waitForURL(new RegExp(`components/${node.id}`));
      assert.equal((await stage.fresh(source)).component.state, 'STOPPED');
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: /Search components/ }).fill('start every');
      await page.getByRole('option', { name: 'Start everything in Invoices', selected: true }).waitFor();
      await page.keyboard.press('Enter');
      await scene.until(({ processors }) => processors.some(({ status }: Json) => status.runStatus === 'Running'));
    },
    { name: 'Invoices' },
  ));

test('at 200 % everything is still reached, and done', () =>
  stage.scene(
    async (scene) => {
      const { page, group } = scene;
      const node = await stage.processor(GENERATE, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, group.id);
      await scene.node(node.id).waitFor();
      assert.deepEqual(await outside(scene, '.header button', '.toolbar button', '.zoom-controls button'), []);
      await scene.shot('at-200-percent');
      await page.getByRole('group', { name: 'Run Scene' }).getByRole('button', { name: 'Start' }).click();
      await scene.until(({ processors }) => processors[0].status.runStatus === 'Running');
      await page.getByRole('group', { name: 'Run Scene' }).getByRole('button', { name: 'Stop' }).click();
      await scene.until(({ processors }) => processors[0].status.runStatus === 'Stopped');
      await scene.node(node.id).dblclick();
      const dialog = page.getByRole('dialog', { name: 'GenerateFlowFile' });
      await dialog.getByRole('textbox', { name: 'File Size' }).fill('3 KB');
      assert.deepEqual(await outside(scene, '[role=dialog] .dialog-actions button'), []);
      await dialog.getByRole('button', { name: 'Save and close' }).click();
      await dialog.waitFor({ state: 'detached' });
      assert.equal((await stage.fresh(node)).component.config.properties['File Size'], '3 KB');
      for (const view of ['Summary', 'Provenance', 'Controller', 'Parameter contexts', 'Flow analysis', 'Flow history']) {
        await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
        await page.getByRole('menuitem', { name: view, exact: true }).click();
        await page.getByRole('dialog', { name: view, exact: true }).waitFor();
        assert.deepEqual(await outside(scene, '[role=dialog]', '[role=dialog] h2'), [], view);
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
    },
    { width: 720, height: 450 },
  ));
