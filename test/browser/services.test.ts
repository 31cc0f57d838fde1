import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, until } from '../api-client.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();
const QUERY = 'dev.millrace.warehouse.QueryWarehouse';
const DUCKDB = 'dev.millrace.duckdb.DuckDBWarehouse';

test('a service is made where it is needed, tested, and enabled with what uses it', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(QUERY, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'], properties: { 'SQL Query': 'select 1 as one' } }, group.id);
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'QueryWarehouse' });
    await dialog.getByRole('button', { name: 'Create a new service for Warehouse' }).click();
    const making = page.getByRole('dialog', { name: 'New controller service' });
    await making.getByRole('option', { name: /DuckDBWarehouse/ }).click();
    await making.getByLabel('Name').fill('My warehouse');
    await scene.shot('new-service');
    await making.getByRole('button', { name: 'Create' }).click();
    const service = page.getByRole('dialog', { name: 'My warehouse' });
    await service.getByRole('tab', { name: 'Verification' }).click();
    await service.getByRole('button', { name: 'Test connection' }).click();
    await service.getByText('Perform Validation').waitFor();
    await scene.shot('verification');
    await service.getByRole('button', { name: 'Close', exact: true }).last().click();
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { properties } = (await stage.fresh(node)).component.config;
    const { controllerServices } = await stage.get(`/flow/process-groups/${group.id}/controller-services`);
    const made = controllerServices.find((each: Json) => each.component.name === 'My warehouse');
    assert.equal(properties.Warehouse, made.id);

    await scene.node(node.id).dblclick();
    await dialog.getByRole('textbox', { name: 'SQL Query' }).fill('select 2 as two');
    await dialog.getByRole('button', { name: 'Go to the service of Warehouse' }).click();
    await service.getByRole('tab', { name: 'Used by' }).click();
    await service.getByRole('button', { name: 'QueryWarehouse' }).click();
    await page.getByText('You have changes that are not stored').waitFor();
    await service.getByRole('button', { name: 'Enable' }).click();
    const enabling = page.getByRole('dialog', { name: 'Enable My warehouse' });
    await enabling.getByLabel(/Service and referencing components/).check();
    await enabling.getByRole('button', { name: 'Enable', exact: true }).click();
    await enabling.getByText('Starting components that use it').waitFor();
    await enabling.getByRole('button', { name: 'Close', exact: true }).last().waitFor();
    await scene.shot('service-enabled');
    await until(async () => (await stage.fresh(node)).component.state === 'RUNNING');
    assert.equal((await stage.fresh(made)).component.state, 'ENABLED');
  }));

test('services are listed with who uses them, disabled and deleted', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const [used, unused] = [
      await stage.create(group.id, 'controller-services', { type: DUCKDB, name: 'Used' }),
      await stage.create(group.id, 'controller-services', { type: DUCKDB, name: 'Unused' }),
    ];
    const node = await stage.processor(
      QUERY,
      { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'], properties: { 'SQL Query': 'select 1 as one', Warehouse: used.id } },
      group.id,
    );
    await stage.runStatus(used, 'ENABLED');
    await until(async () => (await stage.fresh(used)).component.state === 'ENABLED');
    await stage.runStatus(node, 'RUNNING');
    await page.reload();
    await page.getByRole('button', { name: /^Services/ }).click();
    await page.getByRole('button', { name: 'Manage' }).click();
    const list = page.getByRole('dialog', { name: 'Controller services' });
    await list.getByRole('row', { name: /^Used/ }).getByText('1 component').waitFor();
    await scene.shot('services');
    await list.getByRole('button', { name: 'Disable Used' }).click();
    const disabling = page.getByRole('dialog', { name: 'Disable Used' });
    await disabling.getByRole('button', { name: 'Disable', exact: true }).click();
    await disabling.getByRole('button', { name: 'Close', exact: true }).last().click();
    await until(async () => (await stage.fresh(used)).component.state === 'DISABLED');
    assert.equal((await stage.fresh(node)).component.state, 'STOPPED');
    await list.getByRole('button', { name: 'Delete Unused' }).click();
    await page.getByRole('dialog', { name: 'Delete Unused?' }).getByRole('button', { name: 'Delete' }).click();
    await until(async () => (await stage.send('GET', `/controller-services/${unused.id}`)).status === 404);
  }));

test('a service of the controller is made from the menu', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
    await page.getByRole('menuitem', { name: 'Services of the controller' }).click();
    await page.getByRole('button', { name: 'New service' }).click();
    await scene.takeType('duck');
    await page.getByRole('dialog', { name: 'DuckDBWarehouse' }).getByRole('tab', { name: 'Documentation' }).click();
    await page.getByRole('heading', { name: 'Properties' }).waitFor();
    await scene.shot('documentation');
    const { controllerServices } = await stage.get('/flow/controller/controller-services');
    assert.equal(controllerServices.length, 1);
  }));

test('a group is configured: context, concurrency and defaults; a port and a label, too', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const shop = await stage.ok('POST', '/parameter-contexts', { revision: { version: 0 }, component: { name: 'For groups' } });
    const inner = await stage.create(group.id, 'process-groups', { name: 'Inner', position: { x: 0, y: 0 } });
    const port = await stage.create(group.id, 'input-ports', { name: 'In', position: { x: 0, y: 300 } });
    const label = await stage.create(group.id, 'labels', { label: 'Note', position: { x: 0, y: 450 }, width: 150, height: 100 });
    await scene.node(inner.id).click();
    await page.getByRole('button', { name: 'Configure' }).click();
    const dialog = page.getByRole('dialog', { name: 'Inner' });
    await dialog.getByLabel('Name').fill('Renamed');
    await dialog.getByRole('combobox', { name: 'Parameter context' }).click();
    await page.getByRole('option', { name: 'For groups' }).click();
    await dialog.getByRole('combobox', { name: 'FlowFile concurrency' }).click();
    await page.getByRole('option', { name: /Single batch/ }).click();
    await dialog.getByLabel('Back pressure: FlowFiles').fill('77');
    await scene.shot('group-configuration');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { component } = await stage.fresh(inner);
    assert.deepEqual(
      [component.name, component.parameterContext.id, component.flowfileConcurrency, component.defaultBackPressureObjectThreshold],
      ['Renamed', shop.id, 'SINGLE_BATCH_PER_NODE', 77],
    );
    await scene.node(port.id).click();
    await page.getByRole('button', { name: 'Configure' }).click();
    await page.getByRole('dialog', { name: 'In' }).getByLabel('Name').fill('Orders');
    await page.keyboard.press('Control+Enter');
    await until(async () => (await stage.fresh(port)).component.name === 'Orders');
    await scene.node(label.id).click();
    await page.getByRole('button', { name: 'Configure' }).click();
    const note = page.getByRole('dialog', { name: 'Label' });
    await note.getByLabel('Text', { exact: true }).fill('Remember this');
    await note.getByRole('button', { name: 'Blue' }).click();
    await note.getByRole('button', { name: 'Save and close' }).click();
    await until(async () => (await stage.fresh(label)).component.style['background-color'] === '#dbe9fb');
    assert.equal((await stage.fresh(label)).component.label, 'Remember this');
  }));
