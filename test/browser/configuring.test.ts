import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, LOG_MESSAGE, UPDATE, until } from '../api-client.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

test('a processor is configured by double click: properties, schedule and relationships', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.processor(GENERATE, {}, group.id);
    await scene.node(source.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'GenerateFlowFile' });
    await dialog.getByRole('textbox', { name: 'File Size' }).fill('2 KB');
    await dialog.getByRole('combobox', { name: 'Unique FlowFiles' }).click();
    await page.getByRole('option', { name: 'true' }).click();
    await scene.shot('processor-properties');
    await dialog.getByRole('tab', { name: 'Scheduling' }).click();
    await dialog.getByRole('combobox', { name: 'Scheduling strategy' }).click();
    await page.getByRole('option', { name: /CRON/ }).click();
    await dialog.getByLabel('Run schedule').fill('0 30 6 * * MON-FRI');
    await dialog.getByText(/^Next: /).waitFor();
    await scene.shot('processor-scheduling');
    await dialog.getByRole('tab', { name: 'Relationships' }).click();
    await dialog.getByLabel('Terminate success').check();
    await dialog.getByLabel('Retry success').check();
    await dialog.getByLabel('Number of retries').fill('3');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { config } = (await stage.fresh(source)).component;
    assert.deepEqual([config.properties['File Size'], config.properties['Unique FlowFiles']], ['2 KB', 'true']);
    assert.deepEqual([config.schedulingStrategy, config.schedulingPeriod], ['CRON_DRIVEN', '0 30 6 * * MON-FRI']);
    assert.deepEqual([config.autoTerminatedRelationships, config.retriedRelationships, config.retryCount], [['success'], ['success'], 3]);
  }));

test('what is wrong shows while one types, and completion helps; the keyboard is enough', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
    await scene.node(node.id).click();
    await scene.node(node.id).press('Enter');
    const dialog = page.getByRole('dialog', { name: 'UpdateAttribute' });
    const name = dialog.getByLabel('Name of a new property');
    await name.fill('shout');
    await name.press('Enter');
    const field = dialog.getByRole('textbox', { name: 'shout' });
    await field.focus();
    await page.keyboard.type('${filename:toUper(');
    await dialog.getByText(/did you mean toUpper/).waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('${filename:toUp');
    await page.getByRole('option', { name: /toUpper/ }).waitFor();
    await scene.shot('expression-completion');
    await page.keyboard.press('Enter');
    await dialog.getByText(/did you mean/).waitFor({ state: 'detached' });
    await page.keyboard.press('Control+Enter');
    await dialog.waitFor({ state: 'detached' });
    assert.equal((await stage.fresh(node)).component.config.properties.shout, '${filename:toUpper()}');
  }));

test('closing with changes asks first; a stale edit is explained and merged', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(UPDATE, { properties: { mine: '1', both: '1', theirs: '1' }, autoTerminatedRelationships: ['success'] }, group.id);
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'UpdateAttribute' });
    await dialog.getByRole('textbox', { name: 'mine' }).fill('2');
    await page.keyboard.press('Escape');
    const question = page.getByRole('dialog', { name: 'Discard your changes?' });
    await question.getByRole('button', { name: 'Cancel' }).click();
    await dialog.getByRole('textbox', { name: 'both' }).fill('me');
    await stage.edit(node, { config: { properties: { both: 'them', theirs: '3' } } });
    await dialog.getByText('has changed this while you were editing').waitFor();
    await dialog.getByText(/you have not touched them: theirs/).waitFor();
    await scene.shot('stale-edit');
    await dialog.getByRole('row', { name: /both/ }).getByRole('radio').last().check();
    await dialog.getByRole('button', { name: 'Merge and go on' }).click();
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { mine, both, theirs } = (await stage.fresh(node)).component.config.properties;
    assert.deepEqual([mine, both, theirs], ['2', 'them', '3']);
  }));

test('a running processor is stopped from its configuration', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(GENERATE, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, group.id);
    await stage.runStatus(node, 'RUNNING');
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'GenerateFlowFile' });
    await dialog.getByText('Stop it to change its configuration').waitFor();
    await dialog.getByRole('button', { name: 'Stop' }).click();
    await until(async () => (await stage.fresh(node)).component.state === 'STOPPED');
    await dialog.getByRole('textbox', { name: 'File Size' }).fill('3 KB');
    await dialog.getByRole('button', { name: 'Apply' }).click();
    await until(async () => (await stage.fresh(node)).component.config.properties['File Size'] === '3 KB');
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await until(async () => (await stage.fresh(node)).component.config.properties['File Size'] !== '3 KB');
  }));

test('a connection gets back pressure, expiration and prioritizers', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.processor(GENERATE, {}, group.id);
    const target = await stage.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] }, group.id);
    await stage.edit(target, { position: { x: 0, y: 300 } });
    const connection = await stage.connect(source, target);
    await page.locator('.chip').click();
    await page.getByRole('complementary', { name: 'Selected component' }).getByRole('button', { name: 'Configure' }).click();
    const dialog = page.getByRole('dialog', { name: 'success' });
    await dialog.getByLabel('FlowFiles', { exact: true }).fill('50');
    await dialog.getByLabel('FlowFile expiration').fill('never');
    await dialog.getByText('A number and a unit').waitFor();
    assert.ok(await dialog.getByRole('button', { name: 'Apply' }).isDisabled());
    await dialog.getByLabel('FlowFile expiration').fill('2 hours');
    for (const name of ['Newest', 'FirstInFirstOut']) {
      await dialog.getByRole('combobox', { name: /None|The first one/ }).click();
      await page.getByRole('option', { name: new RegExp(name) }).click();
    }
    await dialog.getByRole('button', { name: /Move FirstInFirstOut.* up/ }).click();
    await scene.shot('connection-configuration');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { component } = await stage.fresh(connection);
    assert.deepEqual([component.backPressureObjectThreshold, component.flowFileExpiration], [50, '2 hours']);
    assert.deepEqual(
      component.prioritizers.map((type: string) => type.split('.').at(-1)),
      ['FirstInFirstOutPrioritizer', 'NewestFlowFileFirstPrioritizer'],
    );
  }));

test('long texts have a window, secrets are typed anew, empty is not unset, and parameters are completed', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const context = await stage.ok('POST', '/parameter-contexts', {
      revision: { version: 0 },
      component: { name: 'Completion', parameters: [{ parameter: { name: 'Greeting', value: 'hello', description: 'What is said' } }] },
    });
    await stage.edit(group, { parameterContext: { id: context.id } });
    const node = await stage.processor(UPDATE, { properties: { empty: 'x', secret: 'old' }, sensitiveDynamicPropertyNames: ['secret'] }, group.id);
    await scene.node(node.id).dblclick();
    const dialog = page.getByRole('dialog', { name: 'UpdateAttribute' });
    const name = dialog.getByLabel('Name of a new property');
    await name.fill('said');
    await name.press('Enter');
    await dialog.getByRole('textbox', { name: 'said' }).focus();
    await page.keyboard.type('#{Gr');
    await page.getByRole('option', { name: /Greeting/ }).waitFor();
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'More for said' }).click();
    await page.getByRole('menuitem', { name: 'Edit in a larger window' }).click();
    const large = page.getByRole('dialog', { name: 'said' });
    await large.getByRole('textbox', { name: 'said' }).focus();
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' to\neveryone');
    await scene.shot('large-editor');
    await large.getByRole('button', { name: 'Use this text' }).click();
    await dialog.getByRole('button', { name: 'More for empty' }).click();
    await page.getByRole('menuitem', { name: 'Set empty string' }).click();
    await dialog.getByText('Empty string set').waitFor();
    assert.equal(await dialog.getByLabel('secret', { exact: true }).inputValue(), '');
    await dialog.getByLabel('secret', { exact: true }).fill('new');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    const { properties } = (await stage.fresh(node)).component.config;
    assert.deepEqual([properties.said, properties.empty, properties.secret], ['#{Greeting} to\neveryone', '', '********']);
  }));
