import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE } from '../api-client.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

test('what is copied can be pasted into another window, with its configuration and inner connections, as NiFi writes it', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' } }, group.id);
    const target = await stage.processor(UPDATE, {}, group.id);
    await stage.edit(target, { position: { x: 0, y: 300 } });
    await stage.connect(source, target);
    await scene.node(target.id).waitFor();
    await page.keyboard.press('Control+a');
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 2);
    await page.keyboard.press('Control+c');
    await page.getByText('Copied 2 components').waitFor();
    const text = await page.evaluate(() => navigator.clipboard.readText());
    assert.equal(JSON.parse(text).processors.length, 2);
    const other = await stage.create('root', 'process-groups', { name: 'Other' });
    const second = await page.context().newPage();
    await second.goto(`${stage.origin}/#/process-groups/${other.id}`);
    await second.locator('.react-flow').waitFor();
    await second.mouse.move(600, 400);
    await second.keyboard.press('Control+v');
    await scene.until(({ processors, connections }) => processors.length === 2 && connections.length === 1, other.id);
    const made = (await scene.flow(other.id)).processors.find(({ component }: Json) => component.type === GENERATE);
    assert.notEqual(made.id, source.id);
    assert.equal((await stage.fresh(made)).component.config.properties['Custom Text'], 'hello');
    await second.keyboard.press('Control+z');
    await scene.until(({ processors, connections }) => processors.length === 0 && connections.length === 0, other.id);
    await second.keyboard.press('Control+Shift+z');
    await scene.until(({ processors, connections }) => processors.length === 2 && connections.length === 1, other.id);
  }));

test('cut and paste moves, Ctrl+D doubles, text that is no flow is refused with a word', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const one = await stage.processor(GENERATE, {}, group.id);
    await scene.node(one.id).click();
    await page.keyboard.press('Control+x');
    await scene.until(({ processors }) => processors.length === 0);
    await page.mouse.move(500, 500);
    await page.keyboard.press('Control+v');
    await scene.until(({ processors }) => processors.length === 1);
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 1);
    await page.keyboard.press('Control+d');
    await scene.until(({ processors }) => processors.length === 2);
    await page.evaluate(() => navigator.clipboard.writeText('good morning'));
    await page.keyboard.press('Control+v');
    await page.getByText('Nothing was pasted.').waitFor();
    for (let n = 0; n < 3; n++) await page.keyboard.press('Control+z');
    await scene.until(({ processors }) => processors.length === 1 && processors[0].id === one.id);
  }));

test('a selection becomes a group, goes into another one and out again; each step can be undone', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const [first, second] = [await stage.processor(GENERATE, {}, group.id), await stage.processor(UPDATE, {}, group.id)];
    await stage.edit(second, { position: { x: 0, y: 300 } });
    await stage.connect(first, second);
    await scene.node(second.id).waitFor();
    await page.keyboard.press('Control+a');
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 2);
    await page.keyboard.press('Control+g');
    await page.getByRole('textbox', { name: 'Name' }).fill('Inner');
    await page.keyboard.press('Enter');
    await scene.until(({ processors, processGroups }) => processors.length === 0 && processGroups.length === 1);
    const inner = (await scene.flow()).processGroups[0];
    assert.equal((await scene.flow(inner.id)).connections.length, 1);
    await page.getByRole('button', { name: /^Open/ }).first().dblclick();
    await page.getByRole('navigation', { name: 'Where you are' }).getByText('Inner').waitFor();
    await scene.node(first.id).waitFor();
    await page.keyboard.press('Control+a');
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 2);
    await scene.node(first.id).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Move to the parent group' }).click();
    await scene.until(({ processors }) => processors.length === 2);
    await page.keyboard.press('Control+z');
    await scene.until(({ processors }) => processors.length === 0);
    await page.keyboard.press('Control+z');
    await scene.until(({ processors, processGroups, connections }) => processors.length === 2 && processGroups.length === 0 && connections.length === 1);
    await page.getByRole('navigation', { name: 'Where you are' }).getByText('Scene').waitFor();
  }));
