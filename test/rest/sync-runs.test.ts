import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Json, RestRig, until } from './rest-rig.ts';
import { checked, ok, withSyncs } from './sync-rig.ts';

const within = (use: (rig: RestRig) => Promise<void>) => RestRig.with(use, withSyncs);

async function draft(rig: RestRig): Promise<Json> {
  const made = await ok(rig, 'POST', '/api/syncs', { connector: 'customer-segments', name: 'Segments' });
  const schedule = { strategy: 'CRON_DRIVEN', period: '0 0 3 1 1 ?' };
  return ok(rig, 'PUT', `/api/syncs/${made.id}`, {
    revision: made.revision,
    values: { table: 'people' },
    schedule,
    timeZone: 'Europe/Berlin',
    contacts: { emails: ['crm@example.com'] },
  });
}

async function tested(rig: RestRig, id: string): Promise<Json> {
  await ok(rig, 'POST', `/api/syncs/${id}/test`);
  await until(async () => (await ok(rig, 'GET', `/api/syncs/${id}/test`)).passed !== null);
  return ok(rig, 'GET', `/api/syncs/${id}/test`);
}

async function runToEnd(rig: RestRig, id: string): Promise<Json> {
  const before = (await ok(rig, 'GET', `/api/syncs/${id}/runs`)).runs.length;
  await ok(rig, 'POST', `/api/syncs/${id}/run`);
  await until(async () => {
    const { runs } = await ok(rig, 'GET', `/api/syncs/${id}/runs`);
    return runs.length > before && runs[0].ended !== null;
  });
  return (await ok(rig, 'GET', `/api/syncs/${id}/runs`)).runs[0];
}

test('a draft is filled in, tested, switched on, and run to Completed; its counts are what the destination has', () =>
  within(async (rig) => {
    const made = await draft(rig);
    assert.deepEqual([made.status, made.values.table, made.schedule.words, made.schedule.nextRuns.length], ['DRAFT', 'people', 'At the times of 0 0 3 1 1 ?', 5]);
    assert.equal(made.schedule.nextRuns[0].slice(5), '01-01T02:00:00.000Z', 'three o clock in Berlin');
    assert.match((await checked(rig, 'POST', `/api/syncs/${made.id}/activate`)).text, /Test it first/);
    assert.equal((await checked(rig, 'POST', `/api/syncs/${made.id}/run`)).status, 409);
    const result = await tested(rig, made.id);
    assert.ok(result.passed, JSON.stringify(result.steps));
    assert.ok(result.steps.some(({ preview }: Json) => preview?.length > 0));
    const active = await ok(rig, 'POST', `/api/syncs/${made.id}/activate`);
    assert.notEqual(active.status, 'DRAFT');
    await until(async () => (await ok(rig, 'GET', `/api/syncs/${made.id}`)).status === 'ENABLED');
    const planned = (await ok(rig, 'GET', `/api/syncs/${made.id}`)).nextRun;

    const first = await runToEnd(rig, made.id);
    assert.deepEqual([first.status, first.cause, first.streamTitle, first.errors], ['COMPLETED', 'MANUAL', 'Customers', []]);
    assert.ok(first.figures.rowsRead > 50);
    assert.equal(first.figures.rowsSent, first.figures.rowsRead);
    const second = await runToEnd(rig, made.id);
    assert.deepEqual([second.status, second.figures.rowsRead, second.figures.rowsSent], ['COMPLETED', 0, 0]);
    const now = await ok(rig, 'GET', `/api/syncs/${made.id}`);
    assert.equal(now.nextRun, planned, 'the schedule is as it was');
    assert.equal(now.lastSync, second.ended);
    assert.equal(now.rowsPerRun[0].sent, first.figures.rowsSent);
    assert.deepEqual(await ok(rig, 'GET', `/api/syncs/${made.id}/runs/${first.id}`), first);
    assert.equal((await checked(rig, 'GET', `/api/syncs/${made.id}/runs/999`)).status, 404);
  }));

test('what the mapping refuses is kept with the reason, and a download cannot be taken for formulas', () =>
  within(async (rig) => {
    const made = await draft(rig);
    const mapping = JSON.stringify([
      { source: 'email', destination: 'EMAIL', type: 'text', required: true },
      { source: 'segment', destination: 'SEGMENT', type: 'integer' },
    ]);
    const query = "SELECT '=1+1' AS email, 'abc' AS segment UNION ALL SELECT 'a@b.c', '7'";
    const edited = await ok(rig, 'PUT', `/api/syncs/${made.id}`, { revision: made.revision, streams: { customers: { mapping, query } } });
    assert.equal(edited.streams[0].query, query);
    assert.ok((await tested(rig, made.id)).passed);
    await ok(rig, 'POST', `/api/syncs/${made.id}/activate`);
    await until(async () => (await ok(rig, 'GET', `/api/syncs/${made.id}`)).status === 'ENABLED');
    const run = await runToEnd(rig, made.id);
    assert.deepEqual([run.status, run.figures.rowsRead, run.figures.rowsSent, run.figures.rowsRejected], ['COMPLETED_WITH_REJECTED', 2, 1, 1]);
    const rejected = await ok(rig, 'GET', `/api/syncs/${made.id}/runs/${run.id}/rejected-rows`);
    assert.deepEqual([rejected.kept, rejected.total, rejected.rows[0].row], [1, 1, { email: '=1+1', segment: 'abc' }]);
    assert.match(rejected.rows[0].reason, /abc/);
    const { text } = await checked(rig, 'GET', `/api/syncs/${made.id}/runs/${run.id}/rejected-rows/csv`);
    assert.match(text, /,'=1\+1,abc\r\n$/);
  }));

test('pause stops the sources only, the canvas shows in the sync, and bad edits are refused', () =>
  within(async (rig) => {
    const made = await draft(rig);
    await tested(rig, made.id);
    await ok(rig, 'POST', `/api/syncs/${made.id}/activate`);
    await until(async () => (await ok(rig, 'GET', `/api/syncs/${made.id}`)).status === 'ENABLED');
    assert.equal((await ok(rig, 'POST', `/api/syncs/${made.id}/pause`)).status, 'PAUSED');
    const [stream] = made.streams;
    assert.equal((await rig.get(`/processors/${stream.destinationId}`)).component.state, 'RUNNING');
    await ok(rig, 'POST', `/api/syncs/${made.id}/resume`);
    await until(async () => (await ok(rig, 'GET', `/api/syncs/${made.id}`)).status === 'ENABLED');
    const destination = await rig.get(`/processors/${stream.destinationId}`);
    await rig.runStatus(destination, 'STOPPED');
    const { problem } = await ok(rig, 'GET', `/api/syncs/${made.id}`);
    assert.match(problem.summary, /Write contacts is stopped/);
    const put = async (edit: object) => (await checked(rig, 'PUT', `/api/syncs/${made.id}`, { revision: (await ok(rig, 'GET', `/api/syncs/${made.id}`)).revision, ...edit })).text;
    assert.match(await put({ values: { nothing: 'x' } }), /no field 'nothing'/);
    assert.match(await put({ schedule: { strategy: 'CRON_DRIVEN', period: 'often' } }), /'often' is not valid/);
    assert.match(await put({ timeZone: 'Nowhere/City' }), /IANA/);
    assert.match(await put({ timeZone: 'America/New_York' }), /runs in the time zone Europe\/Berlin. Pause it/);
    assert.match(await put({ contacts: { emails: ['nobody'] } }), /not an e-mail address/);
    assert.match(await put({ contacts: { webhook: 'ftp://x' } }), /http/);
    assert.equal((await checked(rig, 'PUT', `/api/syncs/${made.id}`, { revision: { version: 0 } })).status, 400);
    const { revision } = await ok(rig, 'GET', `/api/syncs/${made.id}`);
    await ok(rig, 'DELETE', `/api/syncs/${made.id}?keepGroup=true&version=${revision.version}`);
    assert.equal((await checked(rig, 'GET', `/api/syncs/${made.id}`)).status, 404);
    assert.equal((await rig.get(`/process-groups/${made.id}`)).component.name, 'Segments');
  }));
