import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, LOG_MESSAGE, UPDATE, until } from '../api-client.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

test('figures, sparklines, back-pressure bars and moving dots are live; a full queue is explained', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const source = await stage.processor(GENERATE, { properties: { 'Custom Text': 'hello' }, schedulingPeriod: '50 ms' }, group.id);
    const sink = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
    await stage.edit(sink, { position: { x: 0, y: 360 } });
    const connection = await stage.connect(source, sink, { selectedRelationships: ['success'], backPressureObjectThreshold: 20 });
    const inner = await stage.create(group.id, 'process-groups', { name: 'inner', position: { x: 500, y: 0 } });
    await stage.connect(await stage.source('x', inner.id), await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, inner.id));
    await scene.node(inner.id).getByText('2 stopped').waitFor();
    assert.equal(await page.locator('.sparkline').count(), 0, 'nothing has happened yet');
    for (const { id } of [inner, source]) {
      await scene.node(id).click({ position: { x: 150, y: 20 } });
      await page.keyboard.press('Control+Enter');
    }
    await page.locator('.connection-flow').first().waitFor({ state: 'attached' });
    await page.locator('.chip[data-movement=moving]').waitFor();
    await page.locator('.chip[data-level=full] .chip-bar').waitFor();
    assert.equal(await stage.queued(connection), 20);
    await scene
      .node(source.id)
      .getByRole('img', { name: /at most \d+ in 15 seconds/ })
      .waitFor();
    await scene
      .node(inner.id)
      .getByRole('img', { name: /in 15 seconds/ })
      .waitFor();
    await page.locator('.chip .sparkline').waitFor();
    await scene
      .node(source.id)
      .locator('.node-figure', { hasText: 'Out' })
      .getByText(/^20100 bytes$/)
      .waitFor();
    await page.locator('.chip').click();
    const panel = page.getByRole('complementary', { name: 'Selected component' });
    await panel.getByText('100% of 20').waitFor();
    await panel.getByText(/Back pressure: GenerateFlowFile waits/).waitFor();
    await scene.shot('back-pressure');
    await stage.runStatus(sink, 'RUNNING');
    await page.locator('.chip:not([data-level=full])').waitFor();
    await scene
      .node(sink.id)
      .getByRole('img', { name: /in 15 seconds/ })
      .waitFor();
    const figure = async (): Promise<number> => (await stage.fresh(sink)).status.aggregateSnapshot.flowFilesIn;
    await until(async () => (await figure()) > 20);
    await scene.shot('live');
  }));

test('bulletins are counted, filtered by level, and lead to who complained', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const inner = await stage.create(group.id, 'process-groups', { name: 'inner' });
    const source = await stage.source('x', inner.id);
    const warn = await stage.processor(LOG_MESSAGE, { properties: { 'Log Level': 'warn', 'Log Message': 'stock is low' }, autoTerminatedRelationships: ['success'] }, inner.id);
    const error = await stage.processor(LOG_MESSAGE, { properties: { 'Log Level': 'error', 'Log Message': 'out of stock' }, autoTerminatedRelationships: ['success'] }, inner.id);
    for (const sink of [warn, error]) await stage.connect(source, sink);
    await stage.once(source);
    for (const sink of [warn, error]) await stage.once(sink);
    await page.getByRole('button', { name: 'Bulletins: 2' }).waitFor();
    await page.getByRole('button', { name: /^Bulletins/ }).click();
    const board = page.getByRole('complementary', { name: 'Bulletins' });
    await board.getByText('stock is low').waitFor();
    await scene.shot('bulletins');
    await board.getByRole('combobox', { name: 'Show from level' }).selectOption('WARNING');
    await board.getByText('out of stock').waitFor();
    await board.getByText('stock is low').waitFor();
    await board.getByRole('combobox', { name: 'Show from level' }).selectOption('ERROR');
    await board.getByText('stock is low').waitFor({ state: 'detached' });
    await board.getByRole('button', { name: 'LogMessage' }).click();
    await page.waitForURL(new RegExp(`${inner.id}/components/${error.id}`));
    await scene
      .node(error.id)
      .getByRole('img', { name: /the latest: .*out of stock/ })
      .waitFor();
    const { bulletinBoard } = await stage.get('/flow/bulletin-board');
    assert.deepEqual(bulletinBoard.bulletins.map(({ bulletin }: Json) => bulletin.level).sort(), ['ERROR', 'WARNING']);
  }));
