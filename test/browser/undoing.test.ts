import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE, until } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

/** All of a group that people edit, by its ids, as the API has it. */
async function pictureOf(scene: Scene, groupId: string = scene.group.id): Promise<string> {
  const flow = await scene.flow(groupId);
  const of = (list: Json[], look: (entity: Json) => Json): Json[] =>
    list.map((entity) => ({ id: entity.id, at: entity.position, ...look(entity) })).sort((a, b) => (a.id < b.id ? -1 : 1));
  // Between two questions a group may go.
  const inner = await Promise.all(flow.processGroups.map(({ id }: Json) => pictureOf(scene, id).catch(() => 'gone')));
  return JSON.stringify({
    processors: of(flow.processors, ({ component: { name, style, config } }) => ({ name, style, config })),
    ports: of(flow.inputPorts, ({ component: { name } }) => ({ name })),
    funnels: of(flow.funnels, () => ({})),
    labels: of(flow.labels, ({ component: { label, style } }) => ({ label, style })),
    groups: of(flow.processGroups, ({ component: { name, comments } }) => ({ name, comments })),
    connections: of(flow.connections, ({ bends, component: { selectedRelationships, backPressureObjectThreshold } }) => ({
      bends,
      selectedRelationships,
      backPressureObjectThreshold,
    })),
    inner: inner.sort(),
  });
}

interface Made {
  readonly first: Json;
  readonly second: Json;
  readonly connection: Json;
  readonly port: Json;
  readonly label: Json;
  readonly inner: Json;
}

/** One of each kind of component, and a group with a flow and a service in it. */
async function everything({ group }: Scene): Promise<Made> {
  const first = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' } }, group.id);
  const second = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
  await stage.edit(second, { position: { x: 24, y: 320 } });
  const connection = await stage.connect(first, second);
  const port = await stage.create(group.id, 'input-ports', { name: 'in', position: { x: 480, y: 320 } });
  const label = await stage.create(group.id, 'labels', { label: 'Old', width: 200, height: 100, position: { x: 480, y: 440 } });
  const inner = await stage.create(group.id, 'process-groups', { name: 'inner', position: { x: 480, y: 0 } });
  const [deep, deeper] = [await stage.source('x', inner.id), await stage.processor(UPDATE, { properties: { colour: 'red' } }, inner.id)];
  await stage.connect(deep, deeper, { selectedRelationships: ['success'], backPressureObjectThreshold: 42 });
  await stage.create(inner.id, 'controller-services', { type: 'dev.millrace.duckdb.DuckDBWarehouse', name: 'Deep service' });
  return { first, second, connection, port, label, inner };
}

async function select(scene: Scene, ...ids: readonly string[]): Promise<void> {
  await scene.page.keyboard.press('Escape');
  for (const id of ids) await scene.node(id).click({ position: { x: 70, y: 12 }, modifiers: id === ids[0] ? [] : ['Control'] });
  await scene.page.waitForFunction((count) => document.querySelectorAll('.node[data-selected]').length === count, ids.length);
}

async function command({ page }: Scene, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Search components/ }).fill(words);
  await page.getByRole('option', { name: words }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Edits as a person makes them, each with something to be undone. */
function edits(scene: Scene, { first, second, port, label, inner }: Made): readonly (readonly [string, () => Promise<void>])[] {
  const { page } = scene;
  const configure = async (id: string, dialog: string, field: string, value: string): Promise<void> => {
    await select(scene, id);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: dialog }).getByLabel(field, { exact: true }).fill(value);
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  };
  return [
    ['adds a funnel', () => page.keyboard.press('f')],
    [
      'renames a processor',
      async () => {
        await select(scene, first.id);
        await page.keyboard.press('F2');
        await page.getByRole('textbox', { name: 'Name' }).fill('Orders');
        await page.keyboard.press('Enter');
      },
    ],
    [
      'aligns',
      async () => {
        await select(scene, first.id, second.id);
        await command(scene, 'Align left');
      },
    ],
    [
      'colours two',
      async () => {
        await select(scene, second.id);
        await command(scene, 'Colour');
        await page.getByRole('button', { name: 'Teal' }).click();
      },
    ],
    ['configures a port', () => configure(port.id, 'in', 'Name', 'orders in')],
    ['configures a group', () => configure(inner.id, 'inner', 'Name', 'renamed')],
    [
      'writes on a label',
      async () => {
        await scene.node(label.id).dblclick();
        await page.getByRole('textbox', { name: 'Text of the label' }).fill('New');
        await page.keyboard.press('Control+Enter');
      },
    ],
    [
      'configures a connection',
      async () => {
        await page.locator('.chip').click();
        await page.keyboard.press('Enter');
        await page.getByRole('dialog', { name: 'success' }).getByLabel('FlowFiles', { exact: true }).fill('77');
        await page.keyboard.press('Control+Enter');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      },
    ],
    [
      'deletes a connection',
      async () => {
        await page.locator('.chip').click();
        await page.keyboard.press('Delete');
      },
    ],
    [
      'deletes a group with all that is in it',
      async () => {
        await select(scene, inner.id);
        await page.keyboard.press('Delete');
      },
    ],
    [
      'lays out',
      async () => {
        await page.keyboard.press('Escape');
        await page.keyboard.press('Shift+L');
      },
    ],
  ];
}

test('every kind of edit is undone and made again, one by one, deletes of groups with their content among them', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const made = await everything(scene);
    await scene.node(made.label.id).waitFor();
    await scene.fit();
    const pictures = [await pictureOf(scene)];
    for (const [what, edit] of edits(scene, made)) {
      await edit();
      await until(async () => (await pictureOf(scene)) !== pictures.at(-1), 10_000).catch(() => assert.fail(`nothing changed: ${what}`));
      // What is told by several writes has come to its end when the edit can be undone.
      await page.waitForFunction((count) => document.querySelector('.toolbar [aria-label=Undo]')?.getAttribute('aria-disabled') !== 'true' && count >= 0, pictures.length);
      await settled(scene);
      pictures.push(await pictureOf(scene));
    }
    await page.keyboard.press('Escape');
    for (const [at, picture] of [...pictures.entries()].reverse().slice(1)) await steps(scene, 'Control+z', picture, `undo to ${at}`);
    const services = await stage.get(`/flow/process-groups/${made.inner.id}/controller-services?includeAncestorGroups=false`);
    assert.deepEqual(
      services.controllerServices.map(({ component }: Json) => component.name),
      ['Deep service'],
    );
    for (const [at, picture] of [...pictures.entries()].slice(1)) await steps(scene, 'Control+Shift+z', picture, `redo to ${at}`);
  }));

/** Until two pictures one after the other are the same. */
async function settled(scene: Scene): Promise<void> {
  let before = '';
  await until(async () => {
    const now = await pictureOf(scene);
    const same = now === before;
    before = now;
    if (!same) await scene.page.waitForTimeout(60);
    return same;
  });
}

async function steps(scene: Scene, keys: string, wanted: string, what: string): Promise<void> {
  await scene.page.keyboard.press(keys);
  await until(async () => (await pictureOf(scene)) === wanted, 10_000).catch(async () => assert.deepEqual(JSON.parse(await pictureOf(scene)), JSON.parse(wanted), what));
}

test('what is dragged onto a group goes into it, and comes back by undo; what hangs on something outside stays, with a reason', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const [first, second] = [await stage.source('x', group.id), await stage.processor(UPDATE, {}, group.id)];
    await stage.edit(second, { position: { x: 0, y: 300 } });
    await stage.connect(first, second);
    const inner = await stage.create(group.id, 'process-groups', { name: 'inner', position: { x: 560, y: 100 } });
    await scene.node(inner.id).waitFor();
    await scene.fit();
    const drag = async (id: string): Promise<void> => {
      const box = (await scene.node(id).boundingBox())!;
      const [from, to] = [{ x: box.x + box.width / 2, y: box.y + 12 }, await scene.middle(scene.node(inner.id))];
      await page.mouse.move(from.x, from.y);
      await page.mouse.down();
      await page.mouse.move((from.x + to.x) / 2, to.y, { steps: 4 });
      await page.mouse.move(to.x, to.y, { steps: 4 });
      await scene.node(inner.id).locator('[data-target]').waitFor();
      await scene.shot('drag-into-group');
      await page.mouse.up();
    };
    await drag(first.id);
    await page.getByText('Nothing was moved into inner.').waitFor();
    scene.errors.splice(0);
    assert.equal((await scene.flow()).processors.length, 2);
    assert.equal((await stage.fresh(first)).position.x, 0, 'it is where it was');
    await page.keyboard.press('Escape');
    await select(scene, first.id, second.id);
    await drag(first.id);
    await scene.until(({ processors, connections }) => processors.length === 0 && connections.length === 0);
    await scene.until(({ processors, connections }) => processors.length === 2 && connections.length === 1, inner.id);
    await page.keyboard.press('Control+z');
    await scene.until(({ processors, connections }) => processors.length === 2 && connections.length === 1);
    await page.keyboard.press('Control+Shift+z');
    await scene.until(({ processors }) => processors.length === 2, inner.id);
  }));

test('deleted services come back in their list: by the notice, by Ctrl+Z, and go again', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const service = await stage.create(group.id, 'controller-services', { type: 'dev.millrace.duckdb.DuckDBWarehouse', name: 'Shelf' });
    const config = { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'], properties: { 'SQL Query': 'select 1 as one', Warehouse: service.id } };
    await stage.processor('dev.millrace.warehouse.QueryWarehouse', config, group.id);
    const names = async (): Promise<string[]> => {
      const { controllerServices } = await stage.get(`/flow/process-groups/${group.id}/controller-services?includeAncestorGroups=false`);
      return controllerServices.map(({ id, component }: Json) => `${id === service.id ? 'same' : 'new'} ${component.name} ${component.referencingComponents.length}`).sort();
    };
    const become = (...wanted: string[]) => until(async () => JSON.stringify(await names()) === JSON.stringify(wanted), 10_000);
    const confirm = async (name: string): Promise<void> => {
      await page.getByRole('button', { name: `Delete ${name}`, exact: true }).click();
      await page
        .getByRole('dialog', { name: `Delete ${name}?` })
        .getByRole('button', { name: 'Delete' })
        .click();
    };
    await page.getByRole('button', { name: /^Services/ }).click();
    await page.getByRole('button', { name: 'Manage' }).click();
    const list = page.getByRole('dialog', { name: 'Controller services' });
    await confirm('Shelf');
    await become();
    await scene.shot('undo-in-notice');
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await become('same Shelf 1');
    await list.getByRole('row', { name: /^Shelf/ }).waitFor();
    await list.getByRole('button', { name: 'New service' }).focus();
    await page.keyboard.press('Control+Shift+z');
    await become();
    await page.keyboard.press('Control+z');
    await become('same Shelf 1');
    await list.getByRole('button', { name: 'New service' }).click();
    const making = page.getByRole('dialog', { name: 'New controller service' });
    await making.getByRole('option', { name: /DuckDBWarehouse/ }).click();
    await making.getByLabel('Name').fill('Another');
    await making.getByRole('button', { name: 'Create' }).click();
    await become('new Another 0', 'same Shelf 1');
    await page.getByRole('dialog', { name: 'Another' }).getByRole('button', { name: 'Close', exact: true }).last().click();
    await list.getByRole('button', { name: 'New service' }).focus();
    await page.keyboard.press('Control+z');
    await become('same Shelf 1');
    await page.keyboard.press('Control+Shift+z');
    await become('new Another 0', 'same Shelf 1');
  }));

test('a parameter context comes back as it was, bound to its group, sensitive values among it', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const parameters = [{ parameter: { name: 'password', sensitive: true, value: 'hush' } }];
    const context = await stage.ok('POST', '/parameter-contexts', { revision: { version: 0 }, component: { name: 'Secrets', parameters } });
    await stage.edit(group, { parameterContext: { id: context.id } });
    const contexts = async () => (await stage.get('/flow/parameter-contexts')).parameterContexts;
    await page.goto(`${stage.origin}/#/process-groups/${group.id}?view=parameter-contexts`);
    await page
      .getByRole('dialog', { name: 'Parameter contexts' })
      .getByRole('button', { name: /^Secrets/ })
      .click();
    await page.getByRole('button', { name: /^Delete/ }).click();
    await page.getByRole('dialog', { name: 'Delete Secrets?' }).getByRole('button', { name: 'Delete' }).click();
    await until(async () => (await contexts()).length === 0);
    await page.getByRole('button', { name: 'Undo', exact: true }).click();
    await until(async () => (await contexts()).length === 1);
    // The page asks for what was just deleted, once.
    scene.errors.splice(0);
    const { component } = await stage.get(`/parameter-contexts/${context.id}`);
    assert.deepEqual([component.name, component.parameters[0].parameter.sensitive, typeof component.parameters[0].parameter.value], ['Secrets', true, 'string']);
    assert.equal((await stage.fresh(group)).component.parameterContext.id, context.id, 'the group is bound to it again');
  }));
