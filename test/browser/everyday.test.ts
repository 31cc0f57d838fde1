import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE, until } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

async function menu(scene: Scene, id: string, item: string | RegExp): Promise<void> {
  await scene.node(id).click({ button: 'right', position: { x: 60, y: 12 } });
  await scene.page.getByRole('menuitem', { name: item, exact: typeof item === 'string' }).click();
}

test('each tool is dragged to its place', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const drop = (tool: string, x: number, y: number): Promise<void> =>
      page.getByRole('button', { name: tool, exact: true }).dragTo(page.locator('.react-flow__pane'), { targetPosition: { x, y } });
    const named = async (name: string): Promise<void> => {
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await drop('Add funnel', 200, 120);
    await scene.until(({ funnels }) => funnels.length === 1);
    await drop('Add input port', 400, 240);
    await named('in');
    await drop('Add output port', 800, 240);
    await named('out');
    await drop('Add process group', 500, 480);
    await named('inner');
    await drop('Add label', 1000, 500);
    await page.getByRole('textbox', { name: 'Text of the label' }).fill('Here');
    await page.keyboard.press('Control+Enter');
    await scene.until(({ labels }) => labels[0]?.component.label === 'Here');
    await drop('Add connector', 900, 100);
    await page.getByRole('dialog', { name: 'Add a connector' }).waitFor();
    await page.keyboard.press('Escape');
    const flow = await scene.flow();
    const pane = (await page.locator('.react-flow__pane').boundingBox())!;
    for (const [entity, x, y] of [
      [flow.funnels[0], 200, 120],
      [flow.inputPorts[0], 400, 240],
      [flow.outputPorts[0], 800, 240],
      [flow.processGroups[0], 500, 480],
    ] as const) {
      const middle = await scene.middle(scene.node(entity.id));
      assert.ok(Math.abs(middle.x - pane.x - x) < 10 && Math.abs(middle.y - pane.y - y) < 10, `${JSON.stringify(middle)} is not at ${x} ${y}`);
    }
  }));

test('a selection is moved into a group through the menu; the group is entered by a double click and left by its breadcrumb', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const [first, second] = [await stage.source('x', group.id), await stage.processor(UPDATE, {}, group.id)];
    await stage.edit(second, { position: { x: 0, y: 300 } });
    await stage.connect(first, second);
    const [, other] = [
      await stage.create(group.id, 'process-groups', { name: 'one', position: { x: 500, y: 0 } }),
      await stage.create(group.id, 'process-groups', { name: 'other', position: { x: 500, y: 260 } }),
    ];
    await scene.node(other.id).waitFor();
    await scene.fit();
    await scene.node(first.id).click();
    await scene.node(second.id).click({ modifiers: ['Shift'] });
    await menu(scene, first.id, /^Move into a group/);
    const dialog = page.getByRole('dialog', { name: 'Move 2 components into a group' });
    await dialog.getByRole('listbox').selectOption({ label: 'other' });
    await dialog.getByRole('button', { name: 'Move' }).click();
    await scene.until(({ processors, connections }) => processors.length === 2 && connections.length === 1, other.id);
    await scene.node(other.id).dblclick({ position: { x: 180, y: 90 } });
    await scene.node(first.id).waitFor();
    assert.match(page.url(), new RegExp(other.id));
    await page.getByRole('navigation', { name: 'Where you are' }).getByRole('link', { name: 'Scene' }).click();
    await scene.node(other.id).waitFor();
  }));

test('a flow definition is downloaded, and what was downloaded is dropped on the canvas again', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const inner = await stage.create(group.id, 'process-groups', { name: 'To take away', position: { x: 0, y: 0 } });
    await stage.processor(GENERATE, { properties: { 'Custom Text': 'kept' } }, inner.id);
    await scene.node(inner.id).waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), menu(scene, inner.id, /^Download the flow definition/)]);
    assert.equal(download.suggestedFilename(), 'To_take_away.json');
    const text = readFileSync(await download.path(), 'utf8');
    assert.equal(JSON.parse(text).flowContents.processors[0].properties['Custom Text'], 'kept');
    const drop = async (content: string, name: string): Promise<void> => {
      const data = await page.evaluateHandle(
        ([body, file]) => {
          const transfer = new DataTransfer();
          transfer.items.add(new File([body!], file!, { type: 'application/json' }));
          return transfer;
        },
        [content, name],
      );
      for (const type of ['dragover', 'drop']) await page.dispatchEvent('.react-flow__pane', type, { dataTransfer: data, clientX: 700, clientY: 500 });
    };
    await drop(text, 'To_take_away.json');
    await scene.until(({ processGroups }) => processGroups.length === 2);
    const made = (await scene.flow()).processGroups.find(({ id }: Json) => id !== inner.id);
    const [processor] = (await scene.flow(made.id)).processors;
    assert.equal((await stage.fresh(processor)).component.config.properties['Custom Text'], 'kept');
    await drop('{ "not": "a flow" }', 'wrong.json');
    await page
      .getByText(/wrong\.json/)
      .first()
      .waitFor();
    await drop('no JSON at all', 'broken.json');
    await page
      .getByText(/broken\.json/)
      .first()
      .waitFor();
    assert.equal((await scene.flow()).processGroups.length, 2);
    scene.errors.splice(0);
  }));

test('wrong input is told where it is typed, and stored nowhere', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(GENERATE, { autoTerminatedRelationships: ['success'] }, group.id);
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'GenerateFlowFile' });
    await dialog.getByRole('textbox', { name: 'File Size' }).fill('a lot');
    await dialog.getByText(/must be a number and a data unit/).waitFor();
    await dialog.getByRole('textbox', { name: 'Batch Size' }).fill('-1');
    await dialog.getByText(/must be (at least|an integer|a whole number|a positive|1 or)/).waitFor();
    await scene.shot('wrong-input');
    await dialog.getByRole('tab', { name: 'Scheduling' }).click();
    await dialog.getByLabel('Run schedule').fill('whenever');
    await dialog
      .getByText(/number and a unit/)
      .first()
      .waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Apply' }).isDisabled());
    await dialog.getByLabel('Run schedule').fill('5 sec');
    await dialog.getByRole('tab', { name: 'Settings' }).click();
    await dialog.getByLabel('Name').fill('   ');
    await dialog
      .getByText(/must not be empty/)
      .first()
      .waitFor();
    await dialog.getByLabel('Name').fill('Named');
    await dialog.getByLabel('Penalty duration').fill('never');
    assert.ok(await dialog.getByRole('button', { name: 'Save and close' }).isDisabled());
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Discard your changes?' }).getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { name, config } = (await stage.fresh(node)).component;
    assert.deepEqual([name, config.properties['File Size'], config.schedulingPeriod], ['GenerateFlowFile', '0B', '1 min']);
    await until(async () => (await stage.fresh(node)).component.validationStatus === 'VALID');
  }));
