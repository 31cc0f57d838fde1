import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Serious and critical violations of what is seen, as axe finds them. */
async function violations({ page }: Scene): Promise<string[]> {
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    // biome-ignore lint/suspicious/noExplicitAny: axe has put itself on the page.
    const { violations } = await (window as any).axe.run(document, { resultTypes: ['violations'] });
    return violations.map(({ id, impact, nodes }: Json) => ({
      id,
      impact,
      nodes: nodes.slice(0, 4).map(({ html, failureSummary }: Json) => `${html.slice(0, 160)} ${failureSummary.split('\n')[1] ?? ''}`),
    }));
  });
  return found.filter(({ impact }: Json) => impact === 'serious' || impact === 'critical').map(({ id, nodes }: Json) => `${id}: ${nodes.join(' | ')}`);
}

test('a flow is built, wired, named, moved and started by keys alone', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    await page.keyboard.press('p');
    await page.keyboard.type('GenerateFlowFile');
    await page.getByRole('option', { selected: true }).getByText('GenerateFlowFile').first().waitFor();
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.length === 1);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const [source] = (await scene.flow()).processors;
    await page.waitForFunction((id) => document.activeElement?.getAttribute('data-id') === id, source.id);
    for (let n = 0; n < 30; n++) await page.keyboard.press('ArrowUp');
    await scene.until(({ processors }) => processors[0].position.y < source.position.y - 100);
    await page.keyboard.press('Control+k');
    await page.keyboard.type('add proc');
    await page.keyboard.press('Enter');
    await page.getByRole('combobox', { name: /Search types/ }).waitFor();
    await page.keyboard.type('LogMessage');
    await page.getByRole('option', { selected: true }).getByText('LogMessage').first().waitFor();
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.length === 2);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    const target = (await scene.flow()).processors.find(({ id }: Json) => id !== source.id);
    await scene.node(target.id).focus();
    for (let n = 0; n < 20; n++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Escape');
    await scene.node(source.id).focus();
    await page.keyboard.press(' ');
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 1);
    await page.keyboard.press('c');
    await page.getByRole('listbox', { name: 'Destination' }).focus();
    await page.keyboard.press('l');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Create a connection' }).waitFor();
    await page.keyboard.press('Enter');
    await scene.until(({ connections }) => connections.length === 1);
    await page.keyboard.press('Escape');
    await scene.node(source.id).focus();
    await page.keyboard.press(' ');
    await page.waitForFunction((id) => document.querySelector(`.react-flow__node[data-id="${id}"] .node[data-selected]`) !== null, source.id);
    await page.keyboard.press('F2');
    await page.waitForFunction(() => document.activeElement instanceof HTMLInputElement);
    await page.keyboard.type('Made by keys');
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.some(({ component }: Json) => component.name === 'Made by keys'));
    await page.keyboard.press('ContextMenu');
    await page.getByRole('menuitem', { name: 'Start', exact: true }).waitFor();
    await scene.shot('menu-by-keys');
    for (let n = 0; n < 20 && !(await page.getByRole('menuitem', { name: 'Start', exact: true }).evaluate((item) => item === document.activeElement)); n++)
      await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.find(({ id }: Json) => id === source.id).status.runStatus === 'Running');
  }));

test('the palette finds components of the whole flow and goes to them; groups are entered and left by keys', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const inner = await stage.create(group.id, 'process-groups', { name: 'Warehouse loads' });
    const deep = await stage.create(inner.id, 'processors', { type: GENERATE, name: 'Needle in a stack' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: /Search components/ }).fill('needle');
    await page.getByRole('option', { name: /Needle in a stack/ }).waitFor();
    await scene.shot('palette');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('Enter');
    await scene.node(deep.id).waitFor();
    assert.match(page.url(), new RegExp(`${inner.id}/components/${deep.id}`), 'the link leads to it');
    await page.keyboard.press('Alt+ArrowUp');
    await scene.node(inner.id).waitFor();
    await scene.node(inner.id).focus();
    await page.keyboard.press(' ');
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 1);
    await page.keyboard.press('Alt+ArrowDown');
    await scene.node(deep.id).waitFor();
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Scene' }).click();
    await scene.node(inner.id).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keyboard shortcuts' }).waitFor();
    await scene.shot('help');
    await page.keyboard.press('Escape');
    await page.keyboard.press('m');
    await page.locator('.react-flow__minimap').waitFor();
    await page.keyboard.press('+');
    await page.keyboard.press('Shift+0');
    await page.getByRole('button', { name: /Zoom is 100%/ }).waitFor();
  }));

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious on the canvas and in its dialogs (${theme})`, () =>
    stage.scene(
      async (scene) => {
        const { page, group } = scene;
        const source = await stage.source('x', group.id);
        const target = await stage.processor(UPDATE, {}, group.id);
        await stage.edit(target, { position: { x: 0, y: 320 }, style: { 'background-color': '#0f9d8a' } });
        await stage.connect(source, target);
        await stage.create(group.id, 'process-groups', { name: 'inner', position: { x: 480, y: 0 } });
        await stage.create(group.id, 'labels', { label: 'A note', width: 240, height: 80, position: { x: 480, y: 260 } });
        await stage.create(group.id, 'input-ports', { name: 'in', position: { x: 480, y: 400 } });
        await stage.create(group.id, 'funnels', { position: { x: 800, y: 400 } });
        await scene.node(target.id).waitFor();
        await scene.fit();
        const found: string[] = [];
        const look = async (what: string): Promise<void> => {
          found.push(...(await violations(scene)).map((each) => `${what} ${each}`));
          await scene.shot(`${what} ${theme}`);
        };
        await look('canvas');
        await scene.node(source.id).click();
        await page.getByRole('complementary', { name: 'Selected component' }).waitFor();
        await look('panel');
        await page.mouse.click((await scene.middle(scene.node(source.id))).x, (await scene.middle(scene.node(source.id))).y, { button: 'right' });
        await page.getByRole('menu').waitFor();
        await look('menu');
        await page.keyboard.press('Escape');
        for (const [key, name, what] of [
          ['p', 'Add a processor', 'picker'],
          ['Control+k', 'Search and commands', 'palette'],
          ['?', 'Keyboard shortcuts', 'help'],
          ['c', 'Connect GenerateFlowFile', 'connect'],
          ['n', 'Add a connector', 'connector'],
        ] as const) {
          await page.keyboard.press(key);
          await page.getByRole('dialog', { name }).waitFor();
          await page.waitForTimeout(200);
          await look(what);
          await page.keyboard.press('Escape');
          await page.getByRole('dialog').waitFor({ state: 'detached' });
        }
        assert.deepEqual(found, []);
      },
      { theme },
    ));
}
