import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json } from '../api-client.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

test('what one does another sees without asking; a lost server is told and heals by itself', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    await page.getByText('Live', { exact: true }).waitFor();
    await stage.scene(
      async (other) => {
        const one = await stage.processor(GENERATE, {}, group.id);
        await scene.node(one.id).waitFor();
        await scene.node(one.id).getByRole('heading').dblclick();
        await page.getByRole('textbox', { name: 'Name' }).fill('Seen by both');
        await page.keyboard.press('Enter');
        await other.page.getByRole('heading', { name: 'Seen by both' }).waitFor();
        await scene.node(one.id).click();
        await page.keyboard.press('Delete');
        await other.node(one.id).waitFor({ state: 'detached' });
        assert.deepEqual(other.errors, []);
      },
      { group },
    );
    await stage.crash();
    await page.getByText('The server cannot be reached.').waitFor();
    await scene.shot('server-lost');
    await stage.restart();
    await page.getByText('The server cannot be reached.').waitFor({ state: 'detached', timeout: 120_000 });
    await page.getByText('Live', { exact: true }).waitFor();
    const after = await stage.processor(GENERATE, {}, group.id);
    await scene.node(after.id).waitFor();
    scene.errors.splice(0);
  }));

test('a name that somebody else has changed meanwhile is asked about, and either can be kept', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const one = await stage.processor(GENERATE, {}, group.id);
    const nameOf = async (): Promise<string> => (await stage.fresh(one)).component.name;
    const rename = async (theirs: string, mine: string): Promise<void> => {
      await scene.node(one.id).waitFor();
      // What is typed over is what the page has read when the typing began.
      const read = page.waitForResponse((response) => response.request().method() === 'GET' && response.url().endsWith(`/processors/${one.id}`));
      await scene.node(one.id).getByRole('heading').dblclick();
      await page.getByRole('textbox', { name: 'Name' }).fill(mine);
      await (await read).finished();
      await stage.edit(one, { name: theirs });
      await page.getByRole('textbox', { name: 'Name' }).press('Enter');
      await page.getByRole('dialog', { name: 'Somebody else was faster' }).waitFor();
    };
    await rename('Theirs', 'Mine');
    await page.getByRole('cell', { name: 'Theirs' }).waitFor();
    await scene.shot('conflict');
    await page.getByRole('button', { name: 'Keep theirs' }).click();
    assert.equal(await nameOf(), 'Theirs');
    await page.getByRole('heading', { name: 'Theirs' }).first().waitFor();
    await rename('Theirs again', 'Mine again');
    await page.getByRole('button', { name: 'Use mine' }).click();
    await scene.until(({ processors }) => processors.some(({ component }: Json) => component.name === 'Mine again'));
  }));

test('an edit is not undone over what somebody else has made of it', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const one = await stage.processor(GENERATE, {}, group.id);
    await scene.node(one.id).getByRole('heading').dblclick();
    await page.getByRole('textbox', { name: 'Name' }).fill('Mine');
    await page.keyboard.press('Enter');
    await scene.until(({ processors }) => processors.some(({ component }: Json) => component.name === 'Mine'));
    await stage.edit(one, { name: 'Theirs' });
    await page.keyboard.press('Control+z');
    await page.getByText(/has changed name since/).waitFor();
    assert.equal((await stage.fresh(one)).component.name, 'Theirs');
  }));
