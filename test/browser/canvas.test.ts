import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, UPDATE } from '../api-client.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

test('a group shows its components, and what is selected can be started', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' }, schedulingPeriod: '1 day' }, group.id);
    const target = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
    await stage.edit(target, { position: { x: 0, y: 300 } });
    await stage.connect(source, target);
    await scene.node(source.id).click();
    await page.getByRole('complementary', { name: 'Selected component' }).getByRole('button', { name: 'Start', exact: true }).click();
    await scene.until(({ processors }) => processors.find((each: { id: string }) => each.id === source.id).status.runStatus === 'Running');
    await page.getByText('Running').first().waitFor();
    assert.equal(await page.locator('.chip').count(), 1);
    await scene.shot('canvas');
  }));
