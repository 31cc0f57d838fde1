import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, UPDATE, until } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();
const DEBUG = 'org.apache.nifi.processors.standard.DebugFlow';

const stateOf = (flow: Json, { id }: Json): string => flow.processors.find((each: Json) => each.id === id).status.runStatus;

/** Chooses a command by its words, as the palette finds it. */
async function command({ page }: Scene, words: string): Promise<void> {
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox', { name: /Search components/ }).fill(words);
  await page.getByRole('option', { name: words }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function menu(scene: Scene, id: string, item: string): Promise<void> {
  await scene.node(id).click({ button: 'right' });
  await scene.page.getByRole('menuitem', { name: item, exact: true }).click();
}

test('a processor that does not stop is terminated, from its panel and from its menu; the status bar counts its threads', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const hanging = { 'OnTrigger Pause Time': '10 min', 'Ignore Interrupts When Paused': 'true' };
    const node = await stage.processor(DEBUG, { properties: hanging, autoTerminatedRelationships: ['success', 'failure'], schedulingPeriod: '1 day' }, group.id);
    const panel = page.getByRole('complementary', { name: 'Selected component' });
    const bar = page.getByRole('region', { name: 'Status of the whole flow' });
    const threads = async (): Promise<[number, number]> => {
      const { activeThreadCount, terminatedThreadCount } = (await stage.fresh(node)).status.aggregateSnapshot;
      return [activeThreadCount, terminatedThreadCount];
    };
    await scene.node(node.id).click();
    await panel.getByRole('button', { name: 'Start', exact: true }).click();
    await bar.getByText('1 active thread').waitFor();
    await panel.getByRole('button', { name: 'Stop', exact: true }).click();
    await scene.node(node.id).getByText('Stopping').waitFor();
    await scene.shot('hanging');
    await panel.getByRole('button', { name: 'Terminate' }).click();
    await until(async () => (await threads())[0] === 0);
    assert.deepEqual(await threads(), [0, 1]);
    await bar.getByText('(1 terminated)').waitFor();
    await scene.node(node.id).getByText('Stopped').waitFor();
    await menu(scene, node.id, 'Run once');
    await until(async () => (await threads())[0] === 1);
    await menu(scene, node.id, 'Stop');
    await scene.node(node.id).getByText('Stopping').waitFor();
    await menu(scene, node.id, 'Terminate');
    await until(async () => (await threads())[0] === 0 && (await threads())[1] === 2);
  }));

test('a selection is disabled, enabled and run once; so is a group with all below it', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const middle = await stage.create(group.id, 'process-groups', { name: 'middle', position: { x: 500, y: 0 } });
    const deep = await stage.create(middle.id, 'process-groups', { name: 'deep' });
    const [first, second] = [await stage.source('x', group.id), await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id)];
    await stage.edit(second, { position: { x: 0, y: 300 } });
    const connection = await stage.connect(first, second);
    const below = await stage.processor(GENERATE, { autoTerminatedRelationships: ['success'], schedulingPeriod: '1 day' }, deep.id);
    const belowIs = async (state: string): Promise<boolean> => (await stage.fresh(below)).component.state === state;
    await scene.node(second.id).waitFor();
    await scene.fit();
    const both = async (state: string): Promise<void> => scene.until((flow) => stateOf(flow, first) === state && stateOf(flow, second) === state);
    await scene.node(first.id).click();
    await scene.node(second.id).click({ modifiers: ['Control'] });
    await menu(scene, first.id, 'Disable');
    await both('Disabled');
    await page.getByRole('region', { name: 'Status of the whole flow' }).getByText('2 disabled').waitFor();
    await menu(scene, first.id, 'Enable');
    await both('Stopped');
    await page.keyboard.press('Escape');
    await scene.node(first.id).click();
    await page.keyboard.press('Control+Shift+Enter');
    await until(async () => (await stage.queued(connection)) === 1);
    await page.keyboard.press('Escape');
    await command(scene, 'Disable everything in Scene');
    await until(() => belowIs('DISABLED'));
    await both('Disabled');
    await command(scene, 'Enable everything in Scene');
    await until(() => belowIs('STOPPED'));
    await both('Stopped');
    await scene.node(middle.id).click({ position: { x: 150, y: 20 } });
    await page.keyboard.press('Control+Enter');
    await until(() => belowIs('RUNNING'));
    assert.equal(stateOf(await scene.flow(), second), 'Stopped', 'only the group that was selected');
    await page.keyboard.press('Escape');
    await page.getByRole('group', { name: 'Run Scene' }).getByRole('button', { name: 'Stop' }).click();
    await until(() => belowIs('STOPPED'));
  }));

test('all controller services of a group and below it are enabled and disabled', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const inner = await stage.create(group.id, 'process-groups', { name: 'inner' });
    const type = 'dev.millrace.duckdb.DuckDBWarehouse';
    const services = [await stage.create(group.id, 'controller-services', { type }), await stage.create(inner.id, 'controller-services', { type })];
    const all = async (state: string): Promise<boolean> => {
      const states = await Promise.all(services.map(async (service) => (await stage.fresh(service)).component.state));
      return states.every((each) => each === state);
    };
    await page.reload();
    await scene.node(inner.id).waitFor();
    await page.getByRole('button', { name: 'Enable all' }).click();
    await until(() => all('ENABLED'));
    await page.locator('.react-flow__pane').click({ button: 'right', position: { x: 600, y: 700 } });
    await page.getByRole('menuitem', { name: 'Disable all controller services of Scene' }).click();
    await until(() => all('DISABLED'));
    await page.getByRole('button', { name: 'Enable all' }).waitFor();
  }));

test('a state is seen, cleared after a question, and set back to an earlier version', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const node = await stage.processor(DEBUG, { properties: { 'Generate State Entries': '2' }, autoTerminatedRelationships: ['success', 'failure'] }, group.id);
    const entries = async (): Promise<Record<string, string>> => {
      const { localState } = (await stage.get(`/processors/${node.id}/state`)).componentState;
      return Object.fromEntries(localState.state.map(({ key, value }: Json) => [key, value]));
    };
    await stage.once(node);
    const first = await entries();
    await stage.once(node);
    const second = await entries();
    assert.notDeepEqual(first, second);
    await scene.node(node.id).click();
    const panel = page.getByRole('complementary', { name: 'Selected component' });
    await panel.getByRole('tab', { name: 'State' }).click();
    await panel.getByRole('cell', { name: second['key-0']! }).waitFor();
    await panel.getByRole('button', { name: 'Clear state' }).click();
    const clearing = page.getByRole('dialog', { name: /^Clear the state/ });
    await clearing.getByText('2 entries').waitFor();
    await clearing.getByRole('button', { name: 'Clear state' }).click();
    await until(async () => Object.keys(await entries()).length === 0);
    await panel.getByText('Cleared', { exact: true }).waitFor();
    await scene.shot('state-history');
    const version = panel.getByRole('listitem').filter({ hasText: first['key-0']! }).filter({ hasText: 'Version' });
    await version.getByRole('button', { name: 'Set back' }).click();
    await page
      .getByRole('dialog', { name: /^Set DebugFlow back to version/ })
      .getByRole('button', { name: 'Set back' })
      .click();
    await until(async () => (await entries())['key-0'] === first['key-0']);
    assert.deepEqual(await entries(), first);
    await stage.runStatus(node, 'RUNNING');
    await scene.node(node.id).getByText('Running').waitFor();
    await panel.getByRole('button', { name: 'Clear state' }).click();
    const refused = page.getByRole('dialog', { name: /^Clear the state/ });
    await refused.getByText(/is running. Stop it first/).waitFor();
    assert.ok(await refused.getByRole('button', { name: 'Clear state' }).isDisabled());
  }));
