import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, until } from '../api-client.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

async function openController({ page }: Scene) {
  await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
  await page.getByRole('menuitem', { name: 'Controller', exact: true }).click();
  return page.getByRole('dialog', { name: 'Controller', exact: true });
}

test('a reporting task is made, configured, started and stopped', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const controller = await openController(scene);
    await controller.getByRole('button', { name: 'New reporting task' }).click();
    await scene.takeType('ControllerStatus');
    const dialog = page.getByRole('dialog', { name: 'ControllerStatusReportingTask' });
    await dialog.getByRole('tab', { name: 'Settings' }).click();
    await dialog.getByLabel('Name').fill('Every hour');
    await dialog.getByLabel('Run schedule').fill('1 hour');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    const task = async (): Promise<Json> => (await stage.get('/flow/reporting-tasks')).reportingTasks[0].component;
    await until(async () => (await task()).name === 'Every hour' && (await task()).schedulingPeriod === '1 hour');
    await controller.getByRole('button', { name: 'Start Every hour' }).click();
    await until(async () => (await task()).state === 'RUNNING');
    await scene.shot('controller');
    await controller.getByRole('button', { name: 'Stop Every hour' }).click();
    await until(async () => (await task()).state === 'STOPPED');
    await controller.getByRole('button', { name: 'Delete Every hour' }).click();
    await page.getByRole('dialog', { name: 'Delete Every hour?' }).getByRole('button', { name: 'Delete' }).click();
    await until(async () => (await stage.get('/flow/reporting-tasks')).reportingTasks.length === 0);
  }));

test('parameters are fetched from the environment, chosen, and applied to a context', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const controller = await openController(scene);
    await controller.getByRole('tab', { name: 'Parameter providers' }).click();
    await controller.getByRole('button', { name: 'New parameter provider' }).click();
    await scene.takeType('Environment');
    const dialog = page.getByRole('dialog', { name: /EnvironmentVariable/ });
    await dialog.getByRole('textbox', { name: 'Parameter Group Name' }).fill('From the environment');
    await dialog.getByRole('combobox', { name: 'Environment Variable Inclusion Strategy' }).click();
    await page.getByRole('option', { name: /[Cc]omma/ }).click();
    await dialog.getByRole('textbox', { name: 'Include Environment Variables' }).fill('PATH');
    await dialog.getByRole('button', { name: 'Save and close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await controller.getByRole('button', { name: /^Fetch parameters of/ }).click();
    const fetching = page.getByRole('dialog', { name: /^Parameters of/ });
    await fetching.getByLabel(/^Group From the environment/).check();
    await fetching.getByRole('button', { name: 'None' }).click();
    await scene.shot('parameter-provider');
    await fetching.getByRole('button', { name: 'Apply' }).click();
    await fetching.getByRole('button', { name: 'Close', exact: true }).last().waitFor();
    await until(async () => (await stage.get('/flow/parameter-contexts')).parameterContexts.some((each: Json) => each.component.name === 'From the environment'));
    const { parameterContexts } = await stage.get('/flow/parameter-contexts');
    const [{ parameter }] = parameterContexts[0].component.parameters;
    assert.deepEqual([parameter.name, parameter.sensitive, parameter.provided], ['PATH', false, true]);
  }));
