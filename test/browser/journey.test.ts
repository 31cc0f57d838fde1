import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { HubSpotEmulator } from '../emulators/hubspot.ts';
import { violations } from './axe.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();
const TOKEN = 'pat-test';
const NOON = Date.parse('2026-11-20T12:00:00Z');
let crm: HubSpotEmulator;
/** Milliseconds that the test spent on looking, which a newcomer does not. */
let looking = 0;

before(async () => {
  crm = await HubSpotEmulator.start({ token: TOKEN });
  crm.define('contacts', { name: 'email', type: 'string' });
  for (let id = 1; id <= 250; id++) crm.put('contacts', id, NOON + id, { email: `p${id}@example.com` });
  crm.define('companies', { name: 'name', type: 'string' });
  for (let id = 1; id <= 40; id++) crm.put('companies', id, NOON + id, { name: `Company ${id}` });
});
after(() => crm.stop());

/** Types a value into the form of a parameter that is open, and accepts it. */
async function type({ page }: Scene, name: string, value: string): Promise<void> {
  const field = page.getByRole('dialog', { name, exact: true }).getByLabel('Value', { exact: true });
  // The form was opened to type here: the focus is there by itself.
  await field.and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Control+a');
  await page.keyboard.type(value);
  await page.keyboard.press('Enter');
}

/** Applies what was changed of a context and closes everything. */
async function apply({ page }: Scene, context: string): Promise<void> {
  await page.getByRole('dialog', { name: 'Parameter contexts' }).getByRole('button', { name: 'Apply' }).click();
  const update = page.getByRole('dialog', { name: `Change ${context}` });
  await update.getByText(/No component becomes invalid/).waitFor();
  await update.getByRole('button', { name: 'Apply' }).click();
  await update.getByText('The new values are in force').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: `Change ${context}` }).waitFor({ state: 'detached' });
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

/** A picture, in which everybody can read everything. */
async function look(scene: Scene, name: string): Promise<void> {
  const began = performance.now();
  await scene.shot(name);
  assert.deepEqual(await violations(scene, 'body'), [], name);
  looking += performance.now() - began;
}

async function addConnector(scene: Scene): Promise<void> {
  const { page } = scene;
  await page.getByRole('button', { name: 'Begin with a connector' }).click();
  const gallery = page.getByRole('dialog', { name: 'Add a connector' });
  await gallery.getByRole('combobox', { name: /Search connectors/ }).fill('hubspot');
  await gallery.getByRole('heading', { name: 'What you have to set' }).waitFor();
  await gallery.getByText(/The token of a private app/).waitFor();
  await look(scene, 'journey-1-gallery');
  await gallery.getByRole('button', { name: 'Add HubSpot' }).click();
}

/** Begins from what the panel of the new group says is missing. */
async function setUp(scene: Scene): Promise<void> {
  const { page } = scene;
  const panel = page.getByRole('complementary', { name: 'Selected component' });
  await panel.getByRole('heading', { name: 'Before it can start' }).waitFor();
  await look(scene, 'journey-2-added');
  await panel.getByRole('button', { name: 'Set HubSpot Access Token' }).click();
  await type(scene, 'HubSpot Access Token', TOKEN);
  await page.getByRole('button', { name: 'Edit HubSpot API URL' }).click();
  await type(scene, 'HubSpot API URL', crm.url);
  await look(scene, 'journey-3-parameters');
  await apply(scene, 'HubSpot Source');
  await panel.getByRole('button', { name: 'Enable all' }).first().click();
  await panel.getByRole('heading', { name: 'Before it can start' }).waitFor({ state: 'detached' });
  await scene.shot('journey-4-enabled');
  await panel.getByRole('button', { name: 'Open' }).click();
}

const card = ({ page }: Scene, name: string) => page.locator('.react-flow__node', { has: page.getByText(name, { exact: true }) });

/** Selects the connection in the middle of which the queue of what was read is drawn. */
async function watch(scene: Scene): Promise<void> {
  const { page } = scene;
  const { x, y } = await scene.middle(page.getByLabel('Connection success from Read from HubSpot to Merge into the table'));
  await page.mouse.click(x, y);
  await page.getByRole('heading', { name: /Going through/ }).waitFor();
}

async function peek(scene: Scene, value: string, shot: string): Promise<void> {
  const { page } = scene;
  await page.getByRole('button', { name: 'Peek', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: /What goes through/ });
  await dialog.getByRole('cell', { name: value, exact: true }).first().waitFor();
  await scene.shot(shot);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
}

test('a newcomer adds the HubSpot connector, sets it up, sees rows arrive, and reads other objects from the start', (t) =>
  stage.scene(
    async (scene) => {
      const { page } = scene;
      const began = performance.now();
      const passed = (): number => Math.round(performance.now() - began - looking);
      const header = page.getByRole('banner');
      await addConnector(scene);
      await setUp(scene);
      await watch(scene);
      await header.getByRole('button', { name: 'Start', exact: true }).click();
      await card(scene, 'Merge into the table').getByText(/KB/).waitFor();
      await look(scene, 'journey-5-running');
      await peek(scene, 'p207@example.com', 'journey-6-peek');
      await header.getByRole('button', { name: 'Stop', exact: true }).click();
      await page.getByRole('region', { name: 'Status of the whole flow' }).getByText('0 running').waitFor();
      t.diagnostic(`first rows after ${passed()} ms`);

      await header.getByRole('button', { name: /^Parameters/ }).click();
      await page.getByRole('button', { name: 'Edit Object Type' }).click();
      await type(scene, 'Object Type', 'Companies');
      await apply(scene, 'HubSpot Ingestion');
      await card(scene, 'Decide what to read').click();
      await page.getByRole('tab', { name: 'State' }).click();
      await page.getByRole('button', { name: 'Clear state' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Clear state' }).click();
      await page.getByText('Nothing is remembered').waitFor();
      await scene.shot('journey-7-cleared');
      await watch(scene);
      await header.getByRole('button', { name: 'Start', exact: true }).click();
      await page
        .getByRole('list')
        .getByText(/40 records/)
        .waitFor();
      await peek(scene, 'Company 7', 'journey-8-other-objects');
      t.diagnostic(`the whole journey took ${passed()} ms`);
      const rejected = card(scene, 'Rejected rows and failures').getByText(/\d bytes|KB/);
      assert.equal(await rejected.first().textContent(), '0 bytes', 'no row was refused');
    },
    { group: { id: 'root' } },
  ));
