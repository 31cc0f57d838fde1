import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

const stateOf = (flow: Json, { id }: Json): string => flow.processors.find((each: Json) => each.id === id).status.runStatus;

async function menu(scene: Scene, id: string, item: string | RegExp): Promise<void> {
  await scene.node(id).click({ button: 'right' });
  await scene.page.getByRole('menuitem', { name: item, exact: typeof item === 'string' }).click();
}

test('a component is started, stopped, run once, disabled and enabled from its menu; the status bar tells the truth', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.source('x', group.id);
    const target = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
    await stage.edit(target, { position: { x: 0, y: 300 } });
    const connection = await stage.connect(source, target);
    await scene.node(target.id).waitFor();
    await menu(scene, source.id, 'Run once');
    await scene.until(({ connections }) => connections[0].status.aggregateSnapshot.flowFilesQueued === 1);
    await menu(scene, source.id, 'Start');
    await scene.until((flow) => stateOf(flow, source) === 'Running');
    const bar = page.getByRole('region', { name: 'Status of the whole flow' });
    await bar.getByText('1 running').waitFor();
    await menu(scene, source.id, 'Stop');
    await scene.until((flow) => stateOf(flow, source) === 'Stopped');
    await menu(scene, source.id, 'Disable');
    await scene.until((flow) => stateOf(flow, source) === 'Disabled');
    await bar.getByText('1 disabled').waitFor();
    await menu(scene, source.id, 'Enable');
    await scene.until((flow) => stateOf(flow, source) === 'Stopped');
    await scene.shot('context-menu');
    await page.locator('.chip').click({ button: 'right' });
    await page.getByRole('menuitem', { name: /Empty the queue/ }).click();
    await page.getByRole('button', { name: 'Drop the data' }).click();
    await scene.until(({ connections }) => connections[0].status.aggregateSnapshot.flowFilesQueued === 0);
    assert.equal(await stage.queued(connection), 0);
    await bar.getByText('0 queued').waitFor();
  }));

test('a selection and a group with all below it are started and stopped by keys; all queues are emptied', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const inner = await stage.create(group.id, 'process-groups', { name: 'inner', position: { x: 500, y: 0 } });
    const made: Json[] = [];
    for (const groupId of [group.id, inner.id]) {
      const [source, target] = [await stage.source('x', groupId), await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, groupId)];
      await stage.edit(target, { position: { x: 0, y: 300 } });
      await stage.connect(source, target);
      made.push(source, target);
    }
    await stage.runStatus(made[1], 'DISABLED');
    // The keys start what the page knows of.
    await scene.node(inner.id).getByText('2 stopped').waitFor();
    await scene.node(made[0].id).getByText('Stopped').waitFor();
    await scene.node(made[0].id).click();
    await scene.node(inner.id).click({ modifiers: ['Control'], position: { x: 100, y: 20 } });
    await page.locator('.node[data-selected]').nth(1).waitFor();
    await page.keyboard.press('Control+Enter');
    await scene.until((flow) => stateOf(flow, made[0]) === 'Running' && flow.processGroups[0].runningCount === 2);
    await page.keyboard.press('Control+.');
    await scene.until((flow) => stateOf(flow, made[0]) === 'Stopped' && flow.processGroups[0].runningCount === 0);
    await page.keyboard.press('Escape');
    await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 600, y: 700 } });
    await page.getByRole('menuitem', { name: /Empty all queues/ }).click();
    await page.getByRole('button', { name: 'Drop the data' }).click();
    await scene.until(({ connections }) => connections[0].status.aggregateSnapshot.flowFilesQueued === 0);
    await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 600, y: 700 } });
    await page.getByRole('menuitem', { name: 'Start everything in Scene' }).click();
    await scene.until((flow) => stateOf(flow, made[0]) === 'Running' && flow.processGroups[0].runningCount === 2);
  }));

test('all controller services are enabled and disabled; a state is viewed and cleared', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const types = (await stage.get('/flow/processor-types')).processorTypes;
    const stateful = types.find(({ type }: Json) => type.endsWith('ListFile') || type.endsWith('QueryWarehouse'));
    const one = await stage.processor(stateful.type, {}, group.id);
    const services = (await stage.get('/flow/controller-service-types')).controllerServiceTypes;
    const reader = services.find(({ type }: Json) => /JsonTreeReader|CSVReader|DuckDB/.test(type));
    const service = await stage.create(group.id, 'controller-services', { type: reader.type });
    await scene.node(one.id).waitFor();
    const state = async (): Promise<string> => (await stage.get(`/controller-services/${service.id}`)).component.state;
    await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 600, y: 700 } });
    await page.getByRole('menuitem', { name: /Enable all controller services/ }).click();
    const end = Date.now() + 5000;
    while ((await state()) === 'DISABLED' && Date.now() < end) await page.waitForTimeout(20);
    assert.match(await state(), /ENABL/);
    await menu(scene, one.id, 'View the state');
    await page.getByRole('tab', { name: 'State', selected: true }).waitFor();
    await menu(scene, one.id, 'Clear the state');
    await page.getByText('The state is cleared').waitFor();
    assert.equal((await stage.fresh(one)).component.type, stateful.type);
    assert.notEqual(stateful.type, GENERATE);
  }));
