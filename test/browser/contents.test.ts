import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import avsc from 'avsc';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Json, UPDATE, until } from '../api-client.ts';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type Scene, Stage } from './stage.ts';

const stage = Stage.forFile();

const ROWS = 60_000;
const PIXEL = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** One file of each kind that has a view of its own; of the Parquet file more than is fetched at once. */
function files(): Record<string, Uint8Array> {
  const person = avsc.Type.forSchema({
    type: 'record',
    name: 'Person',
    fields: [
      { name: 'id', type: 'int' },
      { name: 'name', type: 'string' },
    ],
  });
  const parquet = parquetWriteBuffer({
    columnData: [
      { name: 'order', data: Array.from({ length: ROWS }, (_, at) => at), type: 'INT32' },
      { name: 'customer', data: Array.from({ length: ROWS }, (_, at) => `customer ${at * 7919}`), type: 'STRING' },
    ],
  });
  const header = avsc.Type.forSchema({
    type: 'record',
    name: 'Header',
    fields: [
      { name: 'meta', type: { type: 'map', values: 'bytes' } },
      { name: 'sync', type: { type: 'fixed', name: 'Sync', size: 16 } },
    ],
  });
  const sync = Buffer.alloc(16, 7);
  const data = Buffer.concat([person.toBuffer({ id: 1, name: 'Ada' }), person.toBuffer({ id: 2, name: 'Grace' })]);
  const [count, size] = [2, data.length].map((value) => avsc.Type.forSchema('long').toBuffer(value));
  const meta = { 'avro.schema': Buffer.from(JSON.stringify(person)), 'avro.codec': Buffer.from('null') };
  return {
    'people.avro': Buffer.concat([Buffer.from('Obj\u0001', 'latin1'), header.toBuffer({ meta, sync }), count!, size!, data, sync]),
    'orders.parquet': new Uint8Array(parquet),
    'pixel.png': PIXEL,
    'broken.parquet': Buffer.from('PAR1 and nothing else that would be Parquet'),
    'notes.txt': Buffer.from('Remember the milk.\n'),
  };
}

/** A queue with a file of each kind. */
async function queueOf({ group }: Scene, contents: Record<string, Uint8Array>): Promise<{ source: Json; connection: Json }> {
  const directory = temporaryDirectory();
  mkdirSync(directory, { recursive: true });
  for (const [name, bytes] of Object.entries(contents)) writeFileSync(path.join(directory, name), bytes);
  const source = await stage.processor('org.apache.nifi.processors.standard.GetFile', { properties: { 'Input Directory': directory, 'Keep Source File': 'true' } }, group.id);
  const sink = await stage.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group.id);
  await stage.edit(sink, { position: { x: 0, y: 320 } });
  const connection = await stage.connect(source, sink);
  await stage.once(source);
  await until(async () => (await stage.queued(connection)) === Object.keys(contents).length);
  return { source, connection };
}

test('each content is shown as what it is: Avro and Parquet as tables with their schema, images, text, bytes; and it is downloaded', () =>
  stage.scene(async (scene) => {
    const { page } = scene;
    const contents = files();
    await queueOf(scene, contents);
    await page.locator('.chip').click();
    await page.keyboard.press('q');
    const queue = page.getByRole('region', { name: 'Queue of success' });
    const open = (name: string): Promise<void> => queue.getByRole('button', { name, exact: true }).click();
    await open('people.avro');
    await queue.getByRole('cell', { name: 'Grace' }).waitFor();
    await queue.getByText('Avro: 2 records').waitFor();
    await scene.shot('content-avro');
    await queue.getByRole('button', { name: 'Schema' }).click();
    await queue.getByRole('row', { name: 'name string' }).waitFor();
    await open('orders.parquet');
    await queue.getByText(/the first 200 of 60,000 records/).waitFor();
    await queue.getByRole('cell', { name: 'customer 7919', exact: true }).waitFor();
    await scene.shot('content-parquet');
    await queue.getByRole('button', { name: 'Schema' }).click();
    await queue.getByRole('row', { name: /customer UTF8/ }).waitFor();
    await open('broken.parquet');
    await queue
      .getByRole('alert')
      .getByText(/begins as Parquet does/)
      .waitFor();
    await queue.getByRole('button', { name: 'Hex' }).click();
    await queue.getByText('50 41 52 31').waitFor();
    await open('pixel.png');
    await page.waitForFunction(() => document.querySelector<HTMLImageElement>('.content-image')?.naturalWidth === 1);
    await open('notes.txt');
    await queue.getByText('Remember the milk.').waitFor();
    const [download] = await Promise.all([page.waitForEvent('download'), queue.getByRole('link', { name: 'Download' }).click()]);
    assert.equal(download.suggestedFilename(), 'notes.txt');
    assert.deepEqual(readFileSync(await download.path()), contents['notes.txt']);
    await queue.getByRole('tab', { name: 'Attributes' }).click();
    await queue.getByRole('row', { name: /filename notes\.txt/ }).waitFor();
  }));
