import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, LOG_MESSAGE, UPDATE } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

/** A source above a target, not connected. */
async function pair({ group }: Scene): Promise<[Json, Json]> {
  const source = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' }, schedulingPeriod: '1 day' }, group.id);
  const target = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
  await stage.edit(target, { position: { x: 0, y: 320 } });
  return [source, target];
}

test('a processor is dragged from the toolbar, found by a word of its description, and stands where it was dropped', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    await page.getByRole('button', { name: 'Add processor', exact: true }).dragTo(page.locator('.react-flow__pane'), { targetPosition: { x: 700, y: 400 } });
    await page.getByRole('combobox', { name: /Search types/ }).fill('generate flow');
    await page.getByRole('option', { name: /GenerateFlowFile/ }).waitFor();
    await page.getByRole('heading', { name: 'GenerateFlowFile' }).waitFor();
    await scene.shot('type-picker');
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.length === 1);
    const [made] = (await scene.flow()).processors;
    assert.equal(made.component.type, GENERATE);
    const { x, y } = await scene.middle(scene.node(made.id));
    const pane = (await page.locator('.react-flow__pane').boundingBox())!;
    assert.ok(Math.abs(x - pane.x - 700) < 10 && Math.abs(y - pane.y - 400) < 10, `${x} ${y}`);
  }));

test('every tool makes its component, by a click and by its key', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    for (const [tool, name] of [
      ['Add input port', 'in'],
      ['Add output port', 'out'],
      ['Add process group', 'inner'],
    ] as const) {
      await page.getByRole('button', { name: tool, exact: true }).click();
      await page.getByRole('textbox', { name: 'Name' }).fill(name);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    }
    await page.keyboard.press('f');
    await scene.until(({ funnels }) => funnels.length === 1);
    await page.keyboard.press('l');
    await page.getByRole('textbox', { name: 'Text of the label' }).fill('What this is about');
    await page.keyboard.press('Control+Enter');
    await scene.until(({ labels }) => labels[0]?.component.label === 'What this is about');
    const flow = await scene.flow();
    assert.deepEqual([flow.inputPorts[0].component.name, flow.outputPorts[0].component.name, flow.processGroups[0].component.name], ['in', 'out', 'inner']);
  }));

test('a connector comes from the list and a file by dropping it; both can be undone', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    await page.getByRole('button', { name: 'Add connector', exact: true }).click();
    await scene.page.getByRole('button', { name: /Customer segments/ }).waitFor();
    await scene.shot('connectors');
    await page.getByRole('button', { name: /Customer segments/ }).click();
    await scene.until(({ processGroups }) => processGroups.length === 1);
    const definition = await (await fetch(`${stage.origin}/nifi-api/process-groups/${(await scene.flow()).processGroups[0].id}/download`)).text();
    const data = await page.evaluateHandle((text) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([text], 'segments.json', { type: 'application/json' }));
      return transfer;
    }, definition);
    for (const type of ['dragover', 'drop']) await page.dispatchEvent('.react-flow__pane', type, { dataTransfer: data, clientX: 900, clientY: 500 });
    await scene.until(({ processGroups }) => processGroups.length === 2);
    await page.keyboard.press('Control+z');
    await scene.until(({ processGroups }) => processGroups.length === 1);
    await page.keyboard.press('Control+z');
    await scene.until(({ processGroups }) => processGroups.length === 0);
  }));

test('a connection is pulled from one component to another, with its relationships and settings', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const [source, target] = await pair(scene);
    await scene.node(target.id).waitFor();
    await scene.fit();
    await scene.node(source.id).hover();
    const dot = page.locator('.wire-dot[data-side=bottom]');
    await dot.waitFor();
    await scene.pull(await scene.middle(dot), await scene.middle(scene.node(target.id)));
    const dialog = page.getByRole('dialog', { name: 'Create a connection' });
    assert.ok(await dialog.getByRole('checkbox', { name: /success/ }).isChecked(), 'the only relationship is chosen');
    await dialog.getByText('Queue, expiration and priorities').click();
    await dialog.getByRole('textbox', { name: 'Back pressure at FlowFiles' }).fill('7');
    await dialog.getByRole('textbox', { name: 'FlowFiles expire after' }).fill('30 min');
    await dialog.getByRole('checkbox', { name: /NewestFlowFileFirst/ }).check();
    await scene.shot('connection-dialog');
    await dialog.getByRole('button', { name: 'Connect', exact: true }).click();
    await scene.until(({ connections }) => connections.length === 1);
    const [{ component }] = (await scene.flow()).connections;
    assert.deepEqual([component.source.id, component.destination.id, component.selectedRelationships], [source.id, target.id, ['success']]);
    assert.deepEqual([component.backPressureObjectThreshold, component.flowFileExpiration, component.prioritizers.length], [7, '30 min', 1]);
  }));

test('a connection pulled to nothing asks for a type and connects with it; pulled back to itself it is a loop; to a group it asks for the port', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const [, loop] = await pair(scene);
    const inner = await stage.create(group.id, 'process-groups', { name: 'inner', position: { x: 600, y: 0 } });
    for (const name of ['first', 'second']) await stage.create(inner.id, 'input-ports', { name });
    await scene.node(inner.id).waitFor();
    await scene.fit();
    const pullFrom = async (id: string, to: { x: number; y: number }): Promise<void> => {
      await page.mouse.move(5, 300);
      await scene.node(id).hover();
      await scene.pull(await scene.middle(page.locator('.wire-dot[data-side=bottom]')), to);
    };
    const box = (await scene.node(loop.id).boundingBox())!;
    await pullFrom(loop.id, { x: box.x + box.width + 80, y: box.y + 200 });
    await scene.takeType('LogMessage');
    await page.getByRole('dialog', { name: 'Create a connection' }).getByRole('button', { name: 'Connect', exact: true }).click();
    await scene.until(({ connections }) => connections.some(({ component }: Json) => component.source.id === loop.id));
    const made = (await scene.flow()).processors.find(({ component }: Json) => component.type === LOG_MESSAGE);
    assert.ok(made, 'the processor is made');
    await page.mouse.move(5, 300);
    await scene.node(made.id).hover();
    const dot = await scene.middle(page.locator('.wire-dot[data-side=bottom]'));
    await page.mouse.move(dot.x, dot.y);
    await page.mouse.down();
    await page.mouse.move(dot.x, dot.y + 90, { steps: 3 });
    const own = await scene.middle(scene.node(made.id));
    await page.mouse.move(own.x, own.y, { steps: 3 });
    await page.mouse.up();
    await page.getByRole('dialog', { name: 'Create a connection' }).getByRole('button', { name: 'Connect', exact: true }).click();
    await scene.until(({ connections }) => connections.some(({ component }: Json) => component.source.id === component.destination.id));
    await pullFrom(loop.id, await scene.middle(scene.node(inner.id)));
    await page.getByRole('combobox', { name: /To which input port/ }).click();
    await page.getByRole('option', { name: 'second' }).click();
    await page.getByRole('dialog', { name: 'Create a connection' }).getByRole('button', { name: 'Connect', exact: true }).click();
    await scene.until(({ connections }) => connections.some(({ component }: Json) => component.destination.name === 'second'));
    await scene.shot('wired');
  }));
