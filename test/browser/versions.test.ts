import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { type Json, revision, UPDATE, until } from '../api-client.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

test('a group is put under version control, changed, compared, committed, set back and reverted', () =>
  stage.scene(async (scene) => {
    const { page, group } = scene;
    const registry = await stage.ok('POST', '/controller/registry-clients', {
      revision: revision(0),
      component: {
        name: 'Local registry',
        type: 'dev.millrace.git.GitFlowRegistryClient',
        properties: { Repository: path.join(temporaryDirectory(), 'flows.git'), 'Create Repository': 'true' },
      },
    });
    assert.ok(registry.id);
    const node = await stage.processor(UPDATE, { properties: { colour: 'red' }, autoTerminatedRelationships: ['success'] }, group.id);
    const information = async (): Promise<Json> => (await stage.get(`/versions/process-groups/${group.id}`)).versionControlInformation;
    await page.getByRole('button', { name: 'Menu of the whole flow' }).click();
    await page.getByRole('menuitem', { name: 'Version control' }).click();
    await page.getByRole('dialog', { name: 'Start version control' }).getByRole('button', { name: 'Start version control' }).click();
    const dialog = page.getByRole('dialog', { name: /^Version control of/ });
    await dialog.getByText('Up to date').waitFor();
    const first = (await information()).version;
    await stage.edit(node, { config: { properties: { colour: 'blue' } } });
    await dialog.getByText('Locally modified').waitFor();
    await dialog.getByRole('row', { name: /UpdateAttribute/ }).waitFor();
    await scene.shot('local-changes');
    await dialog.getByRole('button', { name: 'Commit' }).click();
    const commit = page.getByRole('dialog', { name: 'Commit local changes' });
    await commit.getByLabel('Comments').fill('Blue now');
    await commit.getByRole('button', { name: 'Commit' }).click();
    await dialog.getByText('Up to date').waitFor();
    await dialog.getByRole('tab', { name: 'Versions' }).click();
    await dialog.getByRole('row', { name: /Blue now/ }).waitFor();
    await dialog.getByRole('button', { name: 'Change to this' }).click();
    await page.getByRole('dialog', { name: 'Change the version?' }).getByRole('button', { name: 'Change' }).click();
    await until(async () => (await information()).version === first);
    assert.equal((await stage.fresh(node)).component.config.properties.colour, 'red');
    await stage.edit(node, { config: { properties: { colour: 'green' } } });
    await dialog.getByRole('button', { name: 'Revert local changes' }).click();
    await page.getByRole('dialog', { name: 'Revert local changes?' }).getByRole('button', { name: 'Revert' }).click();
    await until(async () => (await stage.fresh(node)).component.config.properties.colour === 'red');
  }));
