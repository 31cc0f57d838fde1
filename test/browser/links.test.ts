import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, revision, UPDATE } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

async function line({ group }: Scene): Promise<{ source: Json; target: Json; connection: Json }> {
  const source = await stage.processor(GENERATE, { properties: { 'Custom Text': 'x' }, schedulingPeriod: '1 day' }, group.id);
  const target = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
  await stage.edit(target, { position: { x: 0, y: 300 } });
  return { source, target, connection: await stage.connect(source, target) };
}

const choose = async ({ page }: Scene, item: string): Promise<void> => {
  await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};

test('each view is there again after a reload, by its link', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const { source, connection } = await line(scene);
    await stage.once(source);
    const shop = await stage.ok('POST', '/parameter-contexts', { revision: revision(0), component: { name: 'Links', parameters: [{ parameter: { name: 'a', value: 'b' } }] } });
    const dialog = (name: string) => page.getByRole('dialog', { name });
    const selected = page.getByRole('complementary', { name: 'Selected component' });
    const [open, at] = [
      async (query: string, componentId?: string): Promise<void> => {
        await page.goto(`${stage.origin}/#/process-groups/${group.id}${componentId ? `/components/${componentId}` : ''}${query && `?${query}`}`);
        await page.reload();
      },
      (view: string) => `view=${view}`,
    ];
    await open('', source.id);
    await selected.getByRole('heading', { name: 'GenerateFlowFile' }).waitFor();
    await open(`${at('summary')}&tab=connections`);
    await dialog('Summary')
      .getByRole('tab', { name: /Connections/, selected: true })
      .waitFor();
    await open(`${at('provenance')}&componentId=${source.id}&eventType=CREATE`);
    await dialog('Provenance').getByText('1 found').waitFor();
    assert.equal(await dialog('Provenance').getByLabel('Event type').inputValue(), 'CREATE');
    await open(`${at('controller')}&tab=registry-clients`);
    await dialog('Controller').getByRole('tab', { name: 'Registry clients', selected: true }).waitFor();
    await open(`${at('parameter-contexts')}&id=${shop.id}`);
    await dialog('Parameter contexts').getByRole('button', { name: 'Edit a' }).waitFor();
    await open(`${at('configure')}&kind=processor&id=${source.id}&groupId=${group.id}&tab=scheduling`);
    await dialog('GenerateFlowFile').getByRole('tab', { name: 'Scheduling', selected: true }).waitFor();
    await open('side=bulletins');
    await page.getByRole('complementary', { name: /Bulletin/ }).waitFor();
    await open(`queue=${connection.id}`);
    await page.getByRole('row', { name: /1 bytes?/ }).waitFor();
    await page.goto(`${stage.origin}/#/?view=diagnostics`);
    await dialog('System diagnostics').getByText('Memory of JavaScript').first().waitFor();
    // What a link says wrongly is left out.
    await open(`${at('configure')}&kind=nonsense&id=1&groupId=2&${at('nonsense')}&${at('peek')}`);
    await scene.node(source.id).waitFor();
    assert.equal(await page.getByRole('dialog').count(), 0);
  }));

test('back closes what was opened and forward opens it again; a tab is part of the link; changes that are not stored keep one here', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { source } = await line(scene);
    await stage.edit(source, { name: 'Needle' });
    await scene.node(source.id).waitFor();
    await choose(scene, 'Summary');
    const summary = page.getByRole('dialog', { name: 'Summary' });
    await summary.getByRole('tab', { name: /Ports/ }).click();
    await page.waitForURL(/view=summary&tab=ports/);
    await page.goBack();
    await summary.waitFor({ state: 'detached' });
    await page.goForward();
    await summary.getByRole('tab', { name: /Ports/, selected: true }).waitFor();
    await summary.getByRole('tab', { name: /Processors/ }).click();
    await summary.getByRole('button', { name: 'Needle', exact: true }).click();
    await page.waitForURL(new RegExp(`components/${source.id}$`));
    await scene.node(source.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'Needle' });
    await dialog.getByRole('tab', { name: 'Settings' }).click();
    await dialog.getByLabel('Name').fill('Typed, not stored');
    await page.goBack();
    await page.getByText('You have changes that are not stored').waitFor();
    assert.equal(await dialog.getByLabel('Name').inputValue(), 'Typed, not stored');
    await page.waitForURL(/view=configure/);
  }));

test('the context menus offer what can be seen of a component, of a connection, and of the group itself', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const { source, connection } = await line(scene);
    await stage.once(source);
    await scene.node(source.id).waitFor();
    await scene.fit();
    const pick = async (item: string | RegExp): Promise<void> => page.getByRole('menuitem', { name: item, exact: true }).click();
    const leave = async (name: string | RegExp): Promise<void> => {
      await page.getByRole('dialog', { name }).waitFor();
      await page.keyboard.press('Escape');
      await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    await scene.node(source.id).click({ button: 'right' });
    await scene.shot('menu-processor');
    await pick('Provenance');
    await page.getByRole('dialog', { name: 'Provenance' }).getByText('1 found').waitFor();
    await leave('Provenance');
    await scene.node(source.id).click({ button: 'right' });
    await pick('Status history');
    await leave('Status history');
    await page.locator('.chip').click({ button: 'right' });
    await scene.shot('menu-connection');
    await pick(/^Peek at what goes through/);
    await page.waitForURL(new RegExp(`view=peek&connectionId=${connection.id}`));
    await leave(/What goes through/);
    // By the keyboard, too.
    await page.keyboard.press('k');
    await leave(/What goes through/);
    const empty = (): Promise<void> => page.locator('.react-flow__pane').click({ button: 'right', position: { x: 900, y: 650 } });
    await page.keyboard.press('Escape');
    await empty();
    await scene.shot('menu-canvas');
    await pick('Configure Scene');
    await leave('Scene');
    await empty();
    await pick('Status history of Scene');
    await leave('Status history');
    await empty();
    await pick('Controller services of Scene');
    await leave('Controller services');
    assert.equal((await scene.flow(group.id)).processors.length, 2);
  }));

test('load balancing is kept, shown, and said to have no effect on one node', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const { connection } = await line(scene);
    await page.locator('.chip').click();
    await page.getByRole('button', { name: 'Configure' }).click();
    const dialog = page.getByRole('dialog', { name: 'success' });
    await dialog.getByText(/It has no effect here: this server is one node/).waitFor();
    const select = async (name: string, option: RegExp): Promise<void> => {
      await dialog.getByRole('combobox', { name }).click();
      await page.getByRole('option', { name: option }).click();
    };
    await select('Load balance strategy', /Partition by attribute/);
    await dialog.getByText('Name the attribute by which to partition').first().waitFor();
    await dialog.getByLabel('Attribute name').fill('customer.id');
    await select('Load balance compression', /attributes and content/);
    await scene.shot('load-balancing');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { component } = await stage.fresh(connection);
    assert.deepEqual(
      [component.loadBalanceStrategy, component.loadBalancePartitionAttribute, component.loadBalanceCompression],
      ['PARTITION_BY_ATTRIBUTE', 'customer.id', 'COMPRESS_ATTRIBUTES_AND_CONTENT'],
    );
    await page.getByText('Partition by attribute (on clusters only)').waitFor();
  }));
