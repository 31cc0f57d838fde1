import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, LOG_MESSAGE, RestRig, UPDATE, until } from './rest-rig.ts';

test('properties are validated as they would be, and nothing is kept', async () => {
  await RestRig.with(async (rig) => {
    const node = await rig.processor(UPDATE, { properties: { label: '${filename}' } });
    const check = async (properties: object) => (await rig.ok('POST', `/api/components/${node.id}/validation`, { properties })).validationErrors;
    assert.deepEqual(await check({}), []);
    const [problem] = await check({ label: '${filename:toUper()}' });
    assert.match(problem, /^'label' validated against .* did you mean toUpper\?/);
    assert.deepEqual(await check({ label: null }), []);
    assert.match((await check({ label: '#{nobody}' }))[0], /^'label' .*Parameter/);
    assert.equal((await rig.fresh(node)).component.config.properties.label, '${filename}');
    assert.equal((await rig.send('POST', '/api/components/nobody/validation', { properties: {} })).status, 404);
  });
});

test('every function of the Expression Language is offered with its arguments and a sentence', async () => {
  await RestRig.with(async (rig) => {
    const { functions } = await rig.get('/api/expression-functions');
    assert.ok(functions.length > 100);
    assert.deepEqual(
      functions.filter(({ description }: { description: string }) => description === ''),
      [],
    );
    const of = (name: string) => functions.find((each: { name: string }) => each.name === name);
    assert.deepEqual(of('substring').arguments, ['start', 'end?']);
    assert.equal(of('now').place, 'first');
  });
});

test('the next runs of a cron schedule', async () => {
  await RestRig.with(async (rig) => {
    const { nextRuns } = await rig.get(`/api/schedules/cron?expression=${encodeURIComponent('0 0 6 * * ?')}`);
    assert.deepEqual(
      nextRuns.map((run: string) => run.slice(11)),
      ['06:00:00.000Z', '06:00:00.000Z', '06:00:00.000Z'],
    );
    const refused = await rig.send('GET', '/api/schedules/cron?expression=tomorrow');
    assert.equal(refused.status, 400);
    assert.match(refused.text, /'tomorrow' is not valid/);
  });
});

test('a peek shows what waits and then what comes, also after it has gone on', async () => {
  await RestRig.with(async (rig) => {
    const source = await rig.processor(GENERATE, { properties: { 'Custom Text': 'n=${nextInt()}' }, schedulingPeriod: '1 day' });
    const sink = await rig.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] });
    const connection = await rig.connect(source, sink);
    await rig.once(source);
    const peek = async (after = 0) => (await rig.get(`/api/connections/${connection.id}/peek?after=${after}`)).peek;
    const first = await peek();
    assert.equal(first.flowFiles.length, 1);
    assert.equal(first.flowFilesQueued, 1);
    assert.match(Buffer.from(first.flowFiles[0].content, 'base64').toString(), /^n=\d+$/);
    assert.equal(first.flowFiles[0].attributes.filename, first.flowFiles[0].filename);
    const [lean] = (await rig.get(`/api/connections/${connection.id}/peek?contents=false`)).peek.flowFiles;
    assert.deepEqual([lean.uuid, lean.content], [first.flowFiles[0].uuid, undefined]);
    assert.equal((await peek(first.sequence)).flowFiles.length, 0);
    await rig.runStatus(sink, 'RUNNING');
    await rig.once(source);
    await until(async () => (await rig.queued(connection)) === 0);
    const later = await peek(first.sequence);
    assert.deepEqual([later.flowFiles.length, later.flowFilesQueued], [1, 0]);
    assert.notEqual(later.flowFiles[0].content, first.flowFiles[0].content);
    assert.equal((await rig.send('GET', '/api/connections/nobody/peek')).status, 404);
  });
});
