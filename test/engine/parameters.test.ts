import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { ConflictError, InvalidRequestError } from '../../server/engine/errors.ts';
import type { ParameterContextSpec } from '../../server/engine/flow-controller.ts';
import type { ParameterContext, ParameterContextEdit } from '../../server/engine/parameter-context.ts';
import { contents, FlowRig } from '../flow-rig.ts';

const context = (rig: FlowRig, spec: Partial<ParameterContextSpec> = {}) => rig.flow.createParameterContext({ version: 0 }, { name: 'context', ...spec });
const bind = (rig: FlowRig, to: ParameterContext) => rig.edit(rig.root, (group) => group.configure({ parameterContext: to }));

async function update(rig: FlowRig, to: ParameterContext, edit: ParameterContextEdit) {
  const request = rig.flow.updateParameterContext(to, { version: to.revision.version, clientId: 'test' }, edit);
  for (let i = 0; i < 10 && !request.complete; i++) await rig.settle();
  return request;
}

test('a parameter takes its place in texts, inherited ones too, the nearest first', async () => {
  const rig = new FlowRig();
  const base = context(rig, {
    name: 'base',
    parameters: [
      { name: 'a', value: 'base-a' },
      { name: 'b', value: 'base-b' },
    ],
  });
  const top = context(rig, { name: 'top', parameters: [{ name: 'b', value: 'top-b' }], inherited: [base] });
  bind(rig, top);
  const source = rig.source({ properties: { Text: '#{a}/#{b}' } });
  const out = rig.connect(source, rig.funnel());
  await rig.once(source);
  assert.deepEqual(contents(out, rig), ['base-a/top-b']);
  const effective = top.effective();
  assert.deepEqual([effective.get('a')!.context.name, effective.get('b')!.context.name], ['base', 'top']);
});

test("an update restarts just what uses the changed parameters, in NiFi's steps", async () => {
  const rig = new FlowRig();
  const to = context(rig, {
    parameters: [
      { name: 'word', value: 'old' },
      { name: 'other', value: 'o' },
    ],
  });
  bind(rig, to);
  const service = rig.service({ Word: '#{word}' });
  const user = rig.processor('Live', { name: 'user', properties: { Service: service.id } });
  const source = rig.source({ properties: { Text: '#{word}' } });
  const bystander = rig.processor('Live', { name: 'bystander' });
  const out = rig.connect(source, rig.funnel());
  service.enable();
  for (const node of [user, source, bystander]) node.start();
  await rig.settle();
  const states: string[] = [];
  rig.flow.subscribe(({ type, component }) => type === 'state' && states.push(component.name));
  const request = await update(rig, to, { parameters: [{ name: 'word', value: 'new' }] });
  assert.deepEqual([request.failureReason, request.percentCompleted, request.complete], [undefined, 100, true]);
  assert.deepEqual(
    request.steps.map(({ description, complete }) => [description, complete]),
    [
      ['Stopping Affected Processors', true],
      ['Disabling Affected Controller Services', true],
      ['Updating Parameter Context', true],
      ['Re-Enabling Affected Controller Services', true],
      ['Restarting Affected Processors', true],
    ],
  );
  assert.deepEqual(new Set(request.affected), new Set([service, source]));
  assert.deepEqual(
    [user, source, bystander].map(({ physicalState }) => physicalState),
    ['RUNNING', 'RUNNING', 'RUNNING'],
  );
  assert.deepEqual([service.state, service.instance], ['ENABLED', { word: 'new' }]);
  assert.ok(!states.includes('bystander'));
  assert.deepEqual(contents(out, rig), ['old', 'new']);
  assert.equal(to.revision.version, 2);
  assert.equal(rig.reopen().parameterContext(to.id).resolve('word')?.value, 'new');
});

test('an update that waits for what does not stop can be cancelled: nothing is changed, and it runs on', async () => {
  const rig = new FlowRig();
  const to = context(rig, { parameters: [{ name: 'word', value: 'old' }] });
  bind(rig, to);
  const service = rig.service({ Word: '#{word}' });
  const hang = rig.processor('Live', { name: 'hang', properties: { Service: service.id } });
  service.enable();
  hang.start();
  await rig.settle();
  const request = rig.flow.updateParameterContext(to, { version: to.revision.version, clientId: 'test' }, { parameters: [{ name: 'word', value: 'new' }] });
  await rig.settle();
  assert.equal(request.state, 'Stopping Affected Processors');
  request.cancel();
  await request.done;
  assert.match(request.failureReason!, /cancelled by user/);
  assert.equal(to.effective().get('word')!.parameter.value, 'old');
  assert.deepEqual([service.state, hang.scheduledState, hang.physicalState], ['ENABLED', 'RUNNING', 'STOPPING']);
  hang.terminate();
  await rig.settle();
  assert.equal(hang.physicalState, 'RUNNING');
});

test('a component whose parameter is removed waits until it is back', async () => {
  const rig = new FlowRig();
  const to = context(rig, { parameters: [{ name: 'word', value: 'old' }] });
  bind(rig, to);
  const source = rig.source({ properties: { Text: '#{word}' }, autoTerminatedRelationships: ['success'] });
  source.start();
  await rig.settle();
  await update(rig, to, { parameters: [{ name: 'word', remove: true }] });
  assert.deepEqual([source.physicalState, source.scheduledState], ['STARTING', 'RUNNING']);
  assert.match(source.validationErrors.join(), /does not have a Parameter with that name/);
  await update(rig, to, { parameters: [{ name: 'word', value: 'back' }] });
  assert.equal(source.physicalState, 'RUNNING');
});

test('sensitive and plain do not mix', () => {
  const rig = new FlowRig();
  bind(
    rig,
    context(rig, {
      parameters: [
        { name: 'pw', value: 'hush', sensitive: true },
        { name: 'plain', value: 'p' },
        { name: 'none', sensitive: true },
      ],
    }),
  );
  const text = (name: string, value: string) =>
    rig
      .processor('Pass', { properties: { [name]: value } })
      .validationErrors.filter((error) => error.includes('Property'))
      .join();
  assert.match(text('own', '#{pw}'), /cannot reference Parameter 'pw' because the Parameter is sensitive/);
  assert.match(text('Secret', '#{plain}'), /because the Property is sensitive but the Parameter is not/);
  assert.match(text('Secret', '#{none}'), /has no value/);
  assert.equal(text('Secret', '#{pw}'), '');
});

test('what an update would break can be asked beforehand', () => {
  const rig = new FlowRig();
  const to = context(rig, { parameters: [{ name: 'size', value: '1' }] });
  bind(rig, to);
  const source = rig.source({ properties: { Batch: '#{size}' }, autoTerminatedRelationships: ['success'] });
  const impact = rig.flow.validateParameters(to, { parameters: [{ name: 'size', value: 'many' }] });
  assert.deepEqual(
    impact.map(({ component, currentErrors, resultErrors }) => [component.id, currentErrors.length, resultErrors.length]),
    [[source.id, 0, 1]],
  );
  assert.equal(to.resolve('size')?.value, '1');
});

test('contradictions are refused at once', () => {
  const rig = new FlowRig();
  const a = context(rig, { name: 'a', parameters: [{ name: 'pw', value: 'x', sensitive: true }] });
  const b = context(rig, { name: 'b', inherited: [a] });
  const claim = { version: 1 };
  assert.throws(() => rig.flow.updateParameterContext(a, claim, { inherited: [b] }), ConflictError);
  assert.throws(() => rig.flow.updateParameterContext(a, claim, { name: 'b' }), ConflictError);
  assert.throws(() => rig.flow.updateParameterContext(a, claim, { parameters: [{ name: 'pw', sensitive: false }] }), ConflictError);
  assert.throws(() => rig.flow.updateParameterContext(a, { version: 0 }, {}), InvalidRequestError);
  assert.throws(() => context(rig, { name: 'a' }), ConflictError);
});

test('a context is removed unless something running or another context needs it', async () => {
  const rig = new FlowRig();
  const to = context(rig, { parameters: [{ name: 'word', value: 'w' }] });
  bind(rig, to);
  const heir = context(rig, { name: 'heir', inherited: [to] });
  assert.throws(() => rig.remove(to), /inherits from it/);
  rig.remove(heir);
  const source = rig.source({ properties: { Text: '#{word}' }, autoTerminatedRelationships: ['success'] });
  source.start();
  await rig.settle();
  assert.throws(() => rig.remove(to), /is running and refers to parameters/);
  await source.stop();
  await rig.flow.assets.store(to.id, 'a.txt', Buffer.from('x'));
  rig.remove(to);
  assert.equal(rig.root.parameterContext, null);
  assert.equal(rig.flow.assets.list(to.id).length, 1, 'it may be brought back');
  const reopened = rig.reopen();
  assert.equal(reopened.parameterContexts.size, 0);
  assert.equal(reopened.assets.list(to.id).length, 0);
});

test('a parameter may stand for files', async () => {
  const rig = new FlowRig();
  const to = context(rig);
  const asset = await rig.flow.assets.store(to.id, 'key.json', Buffer.from('{}'));
  assert.ok(existsSync(asset.path));
  await update(rig, to, { parameters: [{ name: 'key', assets: [{ id: asset.id, name: asset.name }] }] });
  assert.equal(to.resolve('key')?.value, asset.path);
  assert.deepEqual(
    rig.flow.assets.list(to.id).map(({ name, missing }) => [name, missing]),
    [['key.json', false]],
  );
  assert.equal(await rig.flow.assets.digest(asset), '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a');
  await assert.rejects(rig.flow.assets.store(to.id, '../x', Buffer.from('')), InvalidRequestError);
});
