import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, LOG_MESSAGE, RestRig, revision } from './rest-rig.ts';

const RULES = '/controller/flow-analysis-rules';
const PACKAGE = 'org.apache.nifi.flowanalysis.rules';

const rule = (rig: RestRig, type: string, properties: object, component: object = {}): Promise<Json> =>
  rig.ok('POST', RULES, { revision: revision(0), component: { type: `${PACKAGE}.${type}`, name: type, properties, ...component } });

async function enable(rig: RestRig, each: Json): Promise<void> {
  assert.equal((await rig.runStatus(each, 'ENABLED')).status, 200);
}

const violations = async (rig: RestRig, group = ''): Promise<Json[]> => (await rig.get(`/flow/flow-analysis/results${group}`)).ruleViolations;

test('a rule is made, enabled, disabled, edited and removed', () =>
  RestRig.with(async (rig) => {
    const made = await rule(rig, 'DisallowComponentType', {});
    const { state, enforcementPolicy, validationErrors } = made.component;
    assert.deepEqual(
      { state, enforcementPolicy, validationErrors },
      { state: 'DISABLED', enforcementPolicy: 'WARN', validationErrors: ["'Component Type' is invalid because Component Type is required"] },
    );
    const refused = await rig.runStatus(made, 'ENABLED');
    assert.deepEqual([refused.status, /^Cannot enable flow analysis rule DisallowComponentType .* not valid/.test(refused.text)], [409, true]);
    const edited = await rig.edit(made, { properties: { 'component-type': 'LogMessage' }, enforcementPolicy: 'ENFORCE', comments: 'c', state: 'ENABLED' });
    assert.deepEqual([edited.json.component.state, edited.json.status.runStatus, edited.json.component.enforcementPolicy], ['ENABLED', 'ENABLED', 'ENFORCE']);
    assert.equal((await rig.edit(made, { comments: 'd' })).status, 409);
    assert.equal((await rig.remove(made)).status, 409);
    assert.equal((await rig.get('/flow/flow-analysis/results')).rules.length, 1);
    await rig.runStatus(made, 'DISABLED');
    assert.equal((await rig.edit(made, { enforcementPolicy: 'PERHAPS' })).status, 400);
    assert.equal((await rig.remove(made)).status, 200);
    assert.deepEqual([(await rig.get(RULES)).flowAnalysisRules, (await rig.get('/flow/flow-analysis/results')).rules], [[], []]);
  }));

test('what a rule warns of is listed as the flow changes, here and in groups below', () =>
  RestRig.with(async (rig) => {
    await enable(rig, await rule(rig, 'DisallowComponentType', { 'component-type': 'LogMessage' }));
    assert.deepEqual(await violations(rig), []);
    const [inner, other] = [await rig.create('root', 'process-groups', { name: 'inner' }), await rig.create('root', 'process-groups', { name: 'other' })];
    const bad = await rig.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] }, inner.id);
    const [found] = await violations(rig);
    assert.deepEqual(
      [found.subjectId, found.subjectDisplayName, found.subjectComponentType, found.groupId, found.enforcementPolicy, found.issueId],
      [bad.id, 'LogMessage', 'PROCESSOR', inner.id, 'WARN', 'default'],
    );
    assert.match(found.violationMessage, /'LogMessage' is not allowed/);
    assert.deepEqual([(await violations(rig, `/${rig.flow.root.id}`)).length, (await violations(rig, `/${inner.id}`)).length, await violations(rig, `/${other.id}`)], [1, 1, []]);
    assert.equal((await rig.send('GET', '/flow/flow-analysis/results/nowhere')).status, 404);
    assert.ok(!(await rig.fresh(bad)).component.validationErrors?.some((error: string) => error.includes('DisallowComponentType')));
    await rig.remove(bad);
    assert.deepEqual(await violations(rig), []);
  }));

test('an enforced violation makes the component invalid until it is mended or the rule disabled', () =>
  RestRig.with(async (rig) => {
    const source = await rig.source('x');
    const sink = await rig.processor(LOG_MESSAGE, { autoTerminatedRelationships: ['success'] });
    const connection = await rig.connect(source, sink);
    assert.equal((await rig.fresh(source)).component.validationStatus, 'VALID');
    const made = await rule(rig, 'RestrictBackpressureSettings', { 'Maximum Backpressure Object Count Threshold': '100' }, { enforcementPolicy: 'ENFORCE' });
    await enable(rig, made);
    const errors = (await rig.fresh(source)).component.validationErrors;
    assert.equal(errors.length, 1);
    assert.match(
      errors[0],
      /^'RestrictBackpressureSettings' is invalid because the connection success .* has a back pressure object threshold of 10000, which must not be greater than 100/,
    );
    assert.equal((await rig.fresh(sink)).component.validationStatus, 'VALID');
    await rig.edit(connection, { backPressureObjectThreshold: 100 });
    assert.equal((await rig.fresh(source)).component.validationStatus, 'VALID');
    await rig.edit(connection, { backPressureObjectThreshold: 0, backPressureDataSizeThreshold: '2 GB' });
    assert.deepEqual(
      new Set((await violations(rig)).map(({ issueId }: Json) => issueId.split('_')[1])),
      new Set(['BackpressureCountThresholdTooLow', 'BackpressureSizeThresholdTooHigh']),
    );
    await rig.runStatus(made, 'DISABLED');
    assert.deepEqual([(await rig.fresh(source)).component.validationStatus, await violations(rig)], ['VALID', []]);
  }));

test('expirations are held to their limits, and limits to each other', () =>
  RestRig.with(async (rig) => {
    const wrong = await rule(rig, 'RestrictFlowFileExpiration', { 'Minimum FlowFile Expiration': '40 days' });
    assert.match(wrong.component.validationErrors[0], /longer than 'Maximum FlowFile Expiration'/);
    await enable(rig, await rule(rig, 'RestrictFlowFileExpiration', {}));
    const [port, sink] = [await rig.create('root', 'input-ports', { name: 'in' }), await rig.processor(LOG_MESSAGE)];
    const connection = await rig.connect(port, sink, {});
    assert.deepEqual(await violations(rig), []);
    await rig.edit(connection, { flowFileExpiration: '1 sec' });
    assert.deepEqual(
      (await violations(rig)).map(({ subjectId }: Json) => subjectId),
      [sink.id],
    );
    await rig.edit(connection, { flowFileExpiration: '5 mins' });
    assert.deepEqual(await violations(rig), []);
    await rig.processor(GENERATE);
  }));
