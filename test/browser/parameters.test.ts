import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, revision, until } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

const context = (name: string, parameters: Record<string, string> = {}): Promise<Json> =>
  stage.ok('POST', '/parameter-contexts', {
    revision: revision(0),
    component: { name, parameters: Object.entries(parameters).map(([key, value]) => ({ parameter: { name: key, value } })) },
  });

async function openContexts({ page }: Scene) {
  await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
  await page.getByRole('menuitem', { name: 'Parameter contexts' }).click();
  return page.getByRole('dialog', { name: 'Parameter contexts' });
}

test('a context is made and bound, and gets plain, sensitive and empty parameters', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const dialog = await openContexts(scene);
    await dialog.getByRole('button', { name: 'New context' }).click();
    const making = page.getByRole('dialog', { name: 'New parameter context' });
    await making.getByLabel('Name').fill('Shop');
    await page.keyboard.press('Enter');
    const add = async (name: string, kind: 'Value' | 'Empty string', value = '', sensitive = false) => {
      await dialog.getByRole('button', { name: 'New parameter' }).click();
      const form = page.getByRole('dialog', { name: 'New parameter' });
      await form.getByLabel('Name').fill(name);
      await form.getByRole('button', { name: kind, exact: true }).click();
      if (sensitive) await form.getByLabel('Sensitive').check();
      if (kind === 'Value') await form.getByLabel('Value', { exact: true }).fill(value);
      await form.getByRole('button', { name: 'Add' }).click();
    };
    await add('Host', 'Value', 'shop.example');
    await add('Password', 'Value', 'hunter22', true);
    await add('Prefix', 'Empty string');
    await scene.shot('parameters');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const update = page.getByRole('dialog', { name: 'Change Shop' });
    await update.getByRole('button', { name: 'Apply' }).click();
    await update.getByText('The new values are in force').waitFor();
    await update.getByRole('button', { name: 'Close', exact: true }).last().click();
    const stored = (await stage.get('/flow/parameter-contexts')).parameterContexts.find((each: Json) => each.component.name === 'Shop');
    assert.deepEqual(
      stored.component.parameters.map(({ parameter }: Json) => [parameter.name, parameter.value, parameter.sensitive]),
      [
        ['Host', 'shop.example', false],
        ['Password', '********', true],
        ['Prefix', '', false],
      ],
    );
  }));

test('who is restarted by a change is said before, and the steps are shown', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const shop = await context('Restart', { Text: 'before' });
    await stage.edit(group, { parameterContext: { id: shop.id } });
    const node = await stage.processor(GENERATE, { properties: { 'Custom Text': '#{Text}' }, schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, group.id);
    await stage.runStatus(node, 'RUNNING');
    const dialog = await openContexts(scene);
    await dialog.getByRole('button', { name: /^Restart/ }).click();
    await dialog.getByRole('button', { name: 'Edit Text' }).click();
    await page.getByRole('dialog', { name: 'Text' }).getByLabel('Value', { exact: true }).fill('after');
    await page.getByRole('dialog', { name: 'Text' }).getByRole('button', { name: 'Change' }).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const update = page.getByRole('dialog', { name: 'Change Restart' });
    await update.getByText('1 component will be stopped and started again').waitFor();
    await scene.shot('parameter-impact');
    await update.getByRole('button', { name: 'Apply' }).click();
    await update.getByText('Restarting Affected Processors').waitFor();
    await update.getByText('The new values are in force').waitFor();
    const parameter = (await stage.get(`/parameter-contexts/${shop.id}`)).component.parameters[0].parameter;
    assert.equal(parameter.value, 'after');
    await until(async () => (await stage.fresh(node)).component.state === 'RUNNING');
  }));

test('what a change would make invalid is said before, with the reason; other parameters keep their values', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const shop = await context('Consequences', { Size: '1 KB', Text: 'kept' });
    await stage.edit(group, { parameterContext: { id: shop.id } });
    await stage.processor(GENERATE, { properties: { 'File Size': '#{Size}', 'Custom Text': '#{Text}' }, autoTerminatedRelationships: ['success'] }, group.id);
    const dialog = await openContexts(scene);
    await dialog.getByRole('button', { name: /^Consequences/ }).click();
    const edit = async (value: string): Promise<void> => {
      await dialog.getByRole('button', { name: 'Edit Size' }).click();
      await page.getByRole('dialog', { name: 'Size' }).getByLabel('Value', { exact: true }).fill(value);
      await page.keyboard.press('Enter');
      await dialog.getByRole('button', { name: 'Apply' }).click();
    };
    await edit('a lot');
    const update = page.getByRole('dialog', { name: 'Change Consequences' });
    const warning = update.getByRole('alert');
    await warning.getByText('1 component would become invalid').waitFor();
    assert.match((await warning.textContent())!, /GenerateFlowFile.*File Size/);
    assert.doesNotMatch((await warning.textContent())!, /Text/);
    await scene.shot('parameter-consequences');
    await update.getByRole('button', { name: 'Cancel' }).click();
    await edit('2 KB');
    await update.getByText('No component becomes invalid').waitFor();
  }));

test('inheritance is ordered by keyboard; an own parameter overrides', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const [first, second] = [await context('Defaults A', { Region: 'eu' }), await context('Defaults B', { Region: 'us' })];
    const child = await context('Child');
    const dialog = await openContexts(scene);
    await dialog.getByRole('button', { name: /^Child/ }).click();
    await dialog.getByRole('tab', { name: 'Inheritance' }).click();
    for (const name of ['Defaults A', 'Defaults B']) {
      await dialog.getByRole('combobox', { name: 'Inherit from' }).click();
      await page.getByRole('option', { name: new RegExp(name) }).click();
    }
    await dialog.getByRole('button', { name: 'Remove Defaults B' }).focus();
    await page.keyboard.press('Alt+ArrowUp');
    await scene.shot('parameter-inheritance');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const update = page.getByRole('dialog', { name: 'Change Child' });
    await update.getByRole('button', { name: 'Apply' }).click();
    await update.getByRole('button', { name: 'Close', exact: true }).last().click();
    const { inheritedParameterContexts } = (await stage.fresh(child)).component;
    assert.deepEqual(
      inheritedParameterContexts.map(({ id }: Json) => id),
      [second.id, first.id],
    );
    await dialog.getByRole('tab', { name: 'Parameters' }).click();
    await dialog.getByText('from Defaults B').waitFor();
  }));

test('a file is uploaded and becomes the value of a parameter', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const shop = await context('Files');
    const dialog = await openContexts(scene);
    await dialog.getByRole('button', { name: /^Files/ }).click();
    await dialog.getByRole('button', { name: 'New parameter' }).click();
    const form = page.getByRole('dialog', { name: 'New parameter' });
    await form.getByLabel('Name').fill('Driver');
    await form.getByRole('button', { name: 'Files' }).click();
    await form.locator('input[type=file]').setInputFiles({ name: 'driver.jar', mimeType: 'application/java-archive', buffer: Buffer.from('bytes') });
    await form.getByRole('checkbox', { name: 'driver.jar' }).waitFor();
    await form.getByRole('button', { name: 'Add' }).click();
    await dialog.getByRole('button', { name: 'Apply' }).click();
    const update = page.getByRole('dialog', { name: 'Change Files' });
    await update.getByRole('button', { name: 'Apply' }).click();
    await update.getByText('The new values are in force').waitFor();
    const { parameter } = (await stage.fresh(shop)).component.parameters[0];
    assert.deepEqual(
      parameter.referencedAssets.map(({ name }: Json) => name),
      ['driver.jar'],
    );
  }));

test('a property becomes a parameter', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const shop = await context('Convert');
    await stage.edit(group, { parameterContext: { id: shop.id } });
    const node = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' } }, group.id);
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'GenerateFlowFile' });
    await dialog.getByRole('button', { name: 'More for Custom Text' }).click();
    await page.getByRole('menuitem', { name: 'Convert to parameter' }).click();
    await page.getByRole('dialog', { name: 'Convert to parameter' }).getByRole('button', { name: 'Convert' }).click();
    await page.getByRole('dialog', { name: 'Convert to parameter' }).waitFor({ state: 'detached' });
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await stage.fresh(node)).component.config.properties['Custom Text'], '#{Custom Text}');
    assert.equal((await stage.fresh(shop)).component.parameters[0].parameter.value, 'hello');
  }));
