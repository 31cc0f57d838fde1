import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, until } from '../api-client.ts';
import { account } from '../processors/snowflake/snowflake-rig.ts';
import { Stage } from './stage.ts';

const stage = Stage.forFile();

/** The statement that the dialog shows, as Snowflake would carry it out; the place it names, and the key. */
function carriedOut(statement: string): { place: string; pem: string } {
  const [, place, key] = /^ALTER USER loader SET (RSA_PUBLIC_KEY(?:_2)?)='([A-Za-z0-9+/=]+)';$/.exec(statement) ?? [];
  return { place: place!, pem: `-----BEGIN PUBLIC KEY-----\n${key}\n-----END PUBLIC KEY-----\n` };
}

const asked = async (service: Json) => stage.send('POST', `/api/controller-services/${service.id}/key-pair`, { revision: (await stage.fresh(service)).revision, slot: 'first' });

test('a key pair is generated and replaced in the dialog, and the private key never comes to the browser', async () => {
  const snowflake = await account();
  snowflake.login.user.publicKeys = [];
  try {
    await stage.scene(async (scene) => {
      const { page, group } = scene;
      const texts: Promise<string>[] = [];
      page.on('response', (response) => texts.push(response.text().catch(() => '')));
      const properties = { 'Account Identifier': 'acme-prod', 'Account URL': snowflake.url, Username: 'loader', Database: 'shop' };
      const service: Json = await stage.create(group.id, 'controller-services', { type: 'dev.millrace.snowflake.SnowflakeWarehouse', name: 'Snow', properties });
      await page.reload();
      await page.getByRole('button', { name: /^Services/ }).click();
      await page.getByRole('button', { name: 'Manage' }).click();
      await page.getByRole('dialog', { name: 'Controller services' }).getByText('Snow', { exact: true }).click();
      const dialog = page.getByRole('dialog', { name: 'Snow', exact: true });
      const generate = async (place: string) => {
        await dialog.getByRole('button', { name: 'Generate key pair' }).click();
        const making = page.getByRole('dialog', { name: 'Generate key pair' });
        assert.ok(await making.getByRole('radio', { name: place }).first().isChecked());
        await making.getByRole('button', { name: 'Generate', exact: true }).click();
        const made = carriedOut(await making.getByLabel('Statement').inputValue());
        await scene.shot('key-pair');
        await making.getByRole('button', { name: 'Done' }).click();
        await dialog.getByText('Set one of Private Key').waitFor({ state: 'detached' });
        return made;
      };
      const query = await stage.processor(
        'dev.millrace.warehouse.QueryWarehouse',
        { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'], properties: { 'SQL Query': 'SELECT 1 AS a', Warehouse: service.id } },
        group.id,
      );
      const works = async () => {
        const before = snowflake.ran;
        await stage.runStatus(await stage.fresh(service), 'ENABLED');
        await until(async () => (await stage.fresh(service)).component.state === 'ENABLED');
        await stage.runStatus(await stage.fresh(query), 'RUN_ONCE');
        await until(() => snowflake.ran === before + 1);
        assert.equal((await asked(service)).status, 409, 'it is enabled');
        await until(async () => (await stage.fresh(query)).component.state === 'STOPPED');
        await stage.runStatus(await stage.fresh(service), 'DISABLED');
        await until(async () => (await stage.fresh(service)).component.state === 'DISABLED');
      };
      const first = await generate('RSA_PUBLIC_KEY');
      assert.equal(first.place, 'RSA_PUBLIC_KEY');
      snowflake.login.user.publicKeys = [first.pem];
      await works();
      const second = await generate('RSA_PUBLIC_KEY_2');
      assert.equal(second.place, 'RSA_PUBLIC_KEY_2');
      assert.notEqual(second.pem, first.pem);
      // Snowflake does not know it yet: the one before it is used.
      await works();
      snowflake.login.user.publicKeys = [second.pem];
      await works();
      const other = await stage.create(group.id, 'controller-services', { type: 'dev.millrace.duckdb.DuckDBWarehouse', name: 'Duck' });
      assert.equal((await asked(other)).status, 404);
      const { component } = await stage.fresh(service);
      assert.deepEqual([component.properties['Private Key'], component.properties['Previous Private Key']], ['********', '********']);
      assert.ok(!(await Promise.all(texts)).some((text) => /BEGIN [A-Z ]*PRIVATE KEY-----\\?n?[A-Za-z0-9+/]/.test(text)));
    });
  } finally {
    await snowflake.stop();
  }
});
