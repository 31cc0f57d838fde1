import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import type { Locator } from 'playwright-core';
import { GENERATE, type Json, UPDATE, until } from '../api-client.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

async function choose({ page }: Scene, item: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
  return page.getByRole('dialog', { name: item, exact: true });
}

test('a rule is made, enforced and enabled; what it finds is told in the status bar, at the component and in a list; an enforced one stops', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const [source, sink] = [await stage.source('x', group.id), await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id)];
    await stage.edit(sink, { position: { x: 0, y: 300 } });
    const connection = await stage.connect(source, sink, { selectedRelationships: ['success'], backPressureObjectThreshold: 50_000 });
    const controller = await choose(scene, 'Controller');
    await controller.getByRole('tab', { name: 'Flow analysis rules' }).click();
    const make = async (type: string, set: (dialog: Locator) => Promise<void>): Promise<void> => {
      await controller.getByRole('button', { name: 'New flow analysis rule' }).click();
      await scene.takeType(type);
      const dialog = page.getByRole('dialog', { name: type });
      await set(dialog);
      await dialog.getByRole('button', { name: 'Save and close' }).click();
      await dialog.waitFor({ state: 'detached' });
      await controller.getByRole('button', { name: `Start ${type}` }).click();
    };
    await make('RestrictBackpressureSettings', async (dialog) => {
      await dialog.getByRole('textbox', { name: 'Maximum Backpressure Object Count Threshold' }).fill('20000');
    });
    const rules = async (): Promise<Json[]> => (await stage.get('/controller/flow-analysis-rules')).flowAnalysisRules;
    await until(async () => (await rules())[0]?.component.state === 'ENABLED');
    await page.keyboard.press('Escape');
    const count = page.getByRole('button', { name: '1 violation', exact: true });
    await count.waitFor();
    await scene.node(source.id).click();
    const panel = page.getByRole('complementary', { name: 'Selected component' });
    await panel.getByText(/RestrictBackpressureSettings, a warning/).waitFor();
    await count.click();
    const view = page.getByRole('dialog', { name: 'Flow analysis' });
    await view.getByRole('row', { name: /RestrictBackpressureSettings Warning/ }).waitFor();
    await scene.shot('flow-analysis');
    await view.getByRole('button', { name: 'Rules' }).click();
    await make('DisallowComponentType', async (dialog) => {
      await dialog.getByRole('textbox', { name: 'Component Type' }).fill('GenerateFlowFile');
      await dialog.getByRole('tab', { name: 'Settings' }).click();
      await dialog.getByRole('combobox', { name: 'Enforcement policy' }).click();
      await page.getByRole('option', { name: /Enforce/ }).click();
    });
    await until(async () => (await rules()).some(({ component }) => component.enforcementPolicy === 'ENFORCE' && component.state === 'ENABLED'));
    await until(async () => (await stage.fresh(source)).component.validationStatus === 'INVALID');
    await page.keyboard.press('Escape');
    await view.getByRole('row', { name: /GenerateFlowFile .*Enforced/ }).waitFor();
    await view
      .getByRole('row', { name: /GenerateFlowFile .*Enforced/ })
      .getByRole('button')
      .click();
    await page.waitForURL(new RegExp(`components/${source.id}`));
    await panel.getByText(/must be put right before it can run/).waitFor();
    assert.equal((await stage.fresh(connection)).component.backPressureObjectThreshold, 50_000, 'a warning changes nothing');
    await choose(scene, 'Controller');
    await controller.getByRole('tab', { name: 'Flow analysis rules' }).click();
    for (const type of ['RestrictBackpressureSettings', 'DisallowComponentType']) {
      await controller.getByRole('button', { name: `Stop ${type}` }).click();
      await controller.getByRole('button', { name: `Start ${type}` }).waitFor();
    }
    await until(async () => (await stage.fresh(source)).component.validationStatus === 'VALID');
  }));

test('a registry client is made, tried and deleted', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const controller = await choose(scene, 'Controller');
    await controller.getByRole('tab', { name: 'Registry clients' }).click();
    await controller.getByRole('button', { name: 'New registry client' }).click();
    await page.getByLabel('Search types').fill('Git');
    await page
      .getByRole('option', { name: /GitFlowRegistryClient/ })
      .first()
      .click();
    await page.getByLabel('Name').fill('Our versions');
    await page.getByRole('dialog', { name: 'New registry client' }).getByRole('button', { name: 'Create' }).click();
    const dialog = page.getByRole('dialog', { name: 'Our versions' });
    const repository = path.join(temporaryDirectory(), 'flows.git');
    await dialog.getByRole('textbox', { name: 'Repository', exact: true }).fill(repository);
    await dialog.getByRole('combobox', { name: 'Create Repository' }).click();
    await page.getByRole('option', { name: 'true' }).click();
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const clients = async (): Promise<Json[]> => (await stage.get('/controller/registry-clients')).registries;
    await until(async () => (await clients())[0]?.component.properties.Repository === repository);
    await controller
      .getByRole('row', { name: /Our versions/ })
      .getByText('Valid')
      .waitFor();
    await scene.shot('registry-clients');
    await controller.getByRole('button', { name: 'Delete Our versions' }).click();
    await page.getByRole('dialog', { name: 'Delete Our versions?' }).getByRole('button', { name: 'Delete' }).click();
    await until(async () => (await clients()).length === 0);
  }));

test('a change of parameters is cancelled while it waits for what does not stop: everything is as it was', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const context = await stage.ok('POST', '/parameter-contexts', {
      revision: { version: 0 },
      component: { name: 'Slow', parameters: [{ parameter: { name: 'Pause', value: '10 min' } }] },
    });
    await stage.edit(group, { parameterContext: { id: context.id } });
    const deaf = { 'OnTrigger Pause Time': '#{Pause}', 'Ignore Interrupts When Paused': 'true' };
    const node = await stage.processor('org.apache.nifi.processors.standard.DebugFlow', { properties: deaf, autoTerminatedRelationships: ['success', 'failure'] }, group.id);
    await stage.runStatus(node, 'RUNNING');
    await until(async () => (await stage.fresh(node)).status.aggregateSnapshot.activeThreadCount === 1);
    const dialog = await choose(scene, 'Parameter contexts');
    await dialog.getByRole('button', { name: /^Slow/ }).click();
    await dialog.getByRole('button', { name: 'Edit Pause' }).click();
    const form = page.getByRole('dialog', { name: 'Pause' });
    await form.getByLabel('Value', { exact: true }).fill('1 min');
    await form.getByRole('button', { name: 'Change' }).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const update = page.getByRole('dialog', { name: 'Change Slow' });
    await update.getByText('1 component will be stopped and started again').waitFor();
    await update.getByRole('button', { name: 'Apply' }).click();
    await update.getByText(/Stopping Affected/).waitFor();
    await until(async () => (await stage.fresh(node)).component.state === 'STOPPED');
    await scene.shot('parameter-update-waits');
    await update.getByRole('button', { name: 'Cancel' }).click();
    await update.getByText(/^Cancelled\./).waitFor();
    assert.equal(await update.locator('.spinner').count(), 0);
    assert.equal((await stage.fresh(context)).component.parameters[0].parameter.value, '10 min');
    await update.getByRole('button', { name: 'Cancel' }).click();
    await update.waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Discard changes' }).click();
    await dialog.getByRole('button', { name: 'Discard changes', disabled: true }).waitFor();
    await dialog.getByText('10 min').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await scene.node(node.id).click();
    await page.getByRole('complementary', { name: 'Selected component' }).getByRole('button', { name: 'Terminate' }).click();
    await until(async () => (await stage.fresh(node)).component.state === 'RUNNING');
    await page.getByRole('complementary', { name: 'Selected component' }).getByRole('button', { name: 'Stop', exact: true }).click();
    await scene.node(node.id).getByText('Stopping').waitFor();
  }));

test('a query is completed as SQL, tried with its steps and a preview, and what is wrong with it is said', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const service = await stage.create(group.id, 'controller-services', { type: 'dev.millrace.duckdb.DuckDBWarehouse', name: 'Ours' });
    await stage.runStatus(service, 'ENABLED');
    const node = await stage.processor('dev.millrace.warehouse.QueryWarehouse', { schedulingPeriod: '1 day', properties: { Warehouse: service.id } }, group.id);
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'QueryWarehouse' });
    await dialog.getByRole('textbox', { name: 'SQL Query' }).focus();
    await page.keyboard.type('selec');
    await page
      .getByRole('option', { name: /^select/i })
      .first()
      .waitFor();
    await scene.shot('sql-completion');
    await page.keyboard.press('Enter');
    await page.keyboard.type(" 7 as seven, 'Ada' as name");
    await dialog.getByRole('tab', { name: 'Verification' }).click();
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByRole('region', { name: 'Preview' }).getByRole('cell', { name: 'Ada' }).waitFor();
    await scene.shot('verification-preview');
    await dialog.getByRole('tab', { name: 'Properties' }).click();
    await dialog.getByRole('textbox', { name: 'SQL Query' }).focus();
    await page.keyboard.press('Control+a');
    await page.keyboard.type('select from nowhere at all');
    await dialog.getByRole('tab', { name: 'Verification' }).click();
    await dialog.getByRole('button', { name: 'Test connection' }).click();
    await dialog.getByText(/Parser Error/).waitFor();
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('dialog', { name: 'Discard your changes?' }).getByRole('button', { name: 'Discard' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await stage.fresh(node)).component.config.properties['SQL Query'], null, 'trying stores nothing');
  }));

test('only the live link is lost: figures go on by asking, which is shown, and the link comes back by itself', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const bar = page.getByRole('region', { name: 'Status of the whole flow' });
    let open = 0;
    let isLost = false;
    await page.routeWebSocket(/\/api\/live/, (socket) => {
      if (isLost) return socket.close();
      const server = socket.connectToServer();
      open++;
      lose = () => {
        socket.close();
        server.close();
      };
    });
    let lose = (): void => undefined;
    await page.reload();
    await bar.getByText('Live', { exact: true }).waitFor();
    isLost = true;
    lose();
    await bar.getByText('Connected', { exact: true }).waitFor();
    await scene.shot('live-link-lost');
    const while1 = await stage.processor(GENERATE, {}, group.id);
    await scene.node(while1.id).waitFor();
    await scene.node(while1.id).getByRole('heading').dblclick();
    await page.getByRole('textbox', { name: 'Name' }).fill('Without a link');
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors[0].component.name === 'Without a link');
    isLost = false;
    await bar.getByText('Live', { exact: true }).waitFor();
    assert.equal(open, 2);
    await stage.edit(while1, { name: 'Linked again' });
    await page.getByRole('heading', { name: 'Linked again' }).first().waitFor();
  }));
