import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

/** A source, connected to a target below it. */
async function flow({ group }: Scene): Promise<{ source: Json; target: Json; connection: Json }> {
  const source = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' }, schedulingPeriod: '1 day' }, group.id);
  const target = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
  await stage.edit(target, { position: { x: 0, y: 400 } });
  const connection = await stage.connect(source, target, { selectedRelationships: ['success'], backPressureObjectThreshold: 42 });
  return { source, target, connection };
}

async function ready(scene: Scene, id: string): Promise<void> {
  await scene.node(id).waitFor();
  await scene.fit();
}

/** Where a box has selected several, a frame lies above them: it has the same menu. */
async function rightClick(scene: Scene, id: string): Promise<void> {
  const { x, y } = await scene.middle(scene.node(id));
  await scene.page.mouse.click(x, y, { button: 'right' });
}

const positionOf = async (scene: Scene, { id }: Json): Promise<Json> => (await scene.flow()).processors.find((each: Json) => each.id === id)?.position;

test('a selection is dragged, undone and redone as one edit', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source, target } = await flow(scene);
    await ready(scene, target.id);
    await scene.node(source.id).click();
    await scene.node(target.id).click({ modifiers: ['Shift'] });
    const from = await scene.middle(scene.node(source.id));
    await scene.pull(from, { x: from.x + 120, y: from.y + 40 });
    await scene.until(({ processors }) => processors.every(({ position }: Json) => position.x > 0));
    const [first, second] = [await positionOf(scene, source), await positionOf(scene, target)];
    assert.deepEqual([second.x - first.x, second.y - first.y], [0, 400], 'they moved together');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await scene.until(({ processors }) => processors.every(({ position }: Json) => position.x === 0));
    await page.keyboard.press('Control+Shift+z');
    await scene.until(({ processors }) => processors.every(({ position }: Json) => position.x === first.x));
  }));

test('a name is typed over in place, by a double click and by F2; Escape leaves it', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source } = await flow(scene);
    await ready(scene, source.id);
    await scene.node(source.id).getByRole('heading').dblclick();
    await page.getByRole('textbox', { name: 'Name' }).fill('Fetch orders');
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.some(({ component }: Json) => component.name === 'Fetch orders'));
    await scene.node(source.id).click({ position: { x: 20, y: 100 } });
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'Name' }).fill('Something else');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+z');
    await scene.until(({ processors }) => processors.some(({ component }: Json) => component.name === 'GenerateFlowFile'));
  }));

test('a deleted processor comes back with its configuration and its connections', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source, connection } = await flow(scene);
    await ready(scene, source.id);
    await scene.node(source.id).click();
    await page.keyboard.press('Delete');
    await scene.until(({ processors, connections }) => processors.length === 1 && connections.length === 0);
    await scene.node(source.id).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+z');
    await scene.until(({ processors, connections }) => processors.length === 2 && connections.length === 1);
    await scene.node(source.id).waitFor();
    assert.equal((await stage.fresh(source)).component.config.properties['Custom Text'], 'hello');
    assert.equal((await stage.fresh(connection)).component.backPressureObjectThreshold, 42);
    await page.keyboard.press('Control+y');
    await scene.until(({ processors }) => processors.length === 1);
  }));

test('what runs and what is queued is deleted only after a question', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source, connection } = await flow(scene);
    await stage.runStatus(source, 'RUNNING');
    await scene.until(({ connections }) => connections[0].status.aggregateSnapshot.flowFilesQueued === 1);
    assert.equal(await stage.queued(connection), 1);
    await ready(scene, source.id);
    await page.locator('.chip-count:not([data-none])').waitFor();
    await scene.node(source.id).click();
    await page.keyboard.press('Delete');
    const dialog = page.getByRole('dialog', { name: /Delete GenerateFlowFile/ });
    await dialog.getByText('1 queued FlowFile will be dropped.').waitFor();
    await scene.shot('delete');
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await scene.flow()).processors.length, 2);
    await page.keyboard.press('Delete');
    await page.getByRole('button', { name: 'Stop, drop the data and delete' }).click();
    await scene.until(({ processors, connections }) => processors.length === 1 && connections.length === 0);
  }));

test('bend points are made by pulling the label, moved, removed, and undone', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { target } = await flow(scene);
    await ready(scene, target.id);
    const chip = page.locator('.chip');
    const at = await scene.middle(chip);
    await scene.pull(at, { x: at.x + 160, y: at.y + 8 });
    await scene.until(({ connections }) => connections[0].bends.length === 1);
    await page.locator('.chip').click();
    const extra = page.locator('.bend[data-new]').first();
    const from = await scene.middle(extra);
    await scene.pull(from, { x: from.x + 60, y: from.y - 30 });
    await scene.until(({ connections }) => connections[0].bends.length === 2);
    await scene.shot('bends');
    await page.getByRole('button', { name: /Bend point 1/ }).focus();
    const before = (await scene.flow()).connections[0].bends[0];
    await page.keyboard.press('ArrowRight');
    await scene.until(({ connections }) => connections[0].bends[0].x === before.x + 8);
    await page.getByRole('button', { name: /Bend point 1/ }).focus();
    await page.keyboard.press('Delete');
    await scene.until(({ connections }) => connections[0].bends.length === 1);
    for (let n = 0; n < 4; n++) await page.keyboard.press('Control+z');
    await scene.until(({ connections }) => connections[0].bends.length === 0);
  }));

test('components are selected with a box, aligned, distributed, laid out and coloured', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const made: Json[] = [];
    for (const [x, y] of [
      [0, 0],
      [450, 60],
      [1000, 20],
    ]) {
      const one = await stage.processor(UPDATE, {}, group.id);
      await stage.edit(one, { position: { x, y } });
      made.push(one);
    }
    await stage.connect(made[0], made[1]);
    await ready(scene, made[2].id);
    const box = (await page.locator('.react-flow__pane').boundingBox())!;
    await page.keyboard.down('Shift');
    await scene.pull({ x: box.x + 80, y: box.y + 60 }, { x: box.x + box.width - 20, y: box.y + box.height - 60 });
    await page.keyboard.up('Shift');
    await page.waitForFunction(() => document.querySelectorAll('.node[data-selected]').length === 3);
    await rightClick(scene, made[0].id);
    await page.getByRole('menuitem', { name: 'Arrange' }).click();
    await page.getByRole('menuitem', { name: 'Align top' }).click();
    await scene.until(({ processors }) => processors.every(({ position }: Json) => position.y === 0));
    await rightClick(scene, made[0].id);
    await page.getByRole('menuitem', { name: 'Arrange' }).click();
    await page.getByRole('menuitem', { name: 'Distribute across' }).click();
    await scene.until(({ processors }) => processors.find(({ id }: Json) => id === made[1].id).position.x === 500);
    await page.keyboard.press('Shift+L');
    await scene.until(({ processors }) => processors.find(({ id }: Json) => id === made[1].id).position.y > 100);
    await rightClick(scene, made[0].id);
    await page.getByRole('menuitem', { name: /Colour/ }).click();
    await page.getByRole('button', { name: 'Teal' }).click();
    await scene.until(({ processors }) => processors.every(({ component }: Json) => component.style['background-color'] === '#0f9d8a'));
    await scene.shot('coloured');
  }));

test('a label is written, resized and coloured', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const label = await stage.create(group.id, 'labels', { label: 'Old', width: 200, height: 100, position: { x: 200, y: 200 } });
    await ready(scene, label.id);
    await scene.node(label.id).dblclick();
    await page.getByRole('textbox', { name: 'Text of the label' }).fill('New');
    await page.mouse.click(500, 800);
    await scene.until(({ labels }) => labels[0].component.label === 'New');
    await scene.node(label.id).click();
    const corner = await scene.middle(page.locator('.react-flow__resize-control.handle.bottom.right'));
    await scene.pull(corner, { x: corner.x + 80, y: corner.y + 40 });
    await scene.until(({ labels }) => labels[0].component.width > 250 && labels[0].component.height > 130);
    await page.keyboard.press('Control+z');
    await scene.until(({ labels }) => labels[0].component.width === 200);
  }));
