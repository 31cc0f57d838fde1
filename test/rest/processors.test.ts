import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, LOG_MESSAGE, RestRig, revision, until, UPDATE } from './rest-rig.ts';

test('the life of a processor: made, configured, run, stopped, removed', () =>
  RestRig.with(async (rig) => {
    const made = await rig.processor(GENERATE, { schedulingPeriod: '1 day' });
    assert.deepEqual([made.revision.version, made.revision.clientId, made.component.state, made.component.validationStatus], [1, 'test', 'STOPPED', 'INVALID']);
    assert.equal(made.uri, `${rig.origin}/nifi-api/processors/${made.id}`);
    const edited = await rig.edit(made, { name: 'source', config: { autoTerminatedRelationships: ['success'], properties: { 'Batch Size': 3 } } });
    assert.deepEqual([edited.json.revision.version, edited.json.component.name, edited.json.component.validationStatus], [2, 'source', 'VALID']);
    assert.equal(edited.json.component.config.properties['Batch Size'], '3');
    assert.equal((await rig.runStatus(made, 'RUNNING')).json.component.state, 'RUNNING');
    await until(async () => (await rig.fresh(made)).status.aggregateSnapshot.taskCount === 1);
    assert.equal((await rig.runStatus(made, 'STOPPED')).json.component.state, 'STOPPED');
    const removed = await rig.remove(made);
    assert.deepEqual([removed.status, removed.json.id, removed.json.revision], [200, made.id, undefined]);
    assert.equal((await rig.send('GET', `/processors/${made.id}`)).status, 404);
  }));

test('a revision is checked; the client that wrote last may use an old one', () =>
  RestRig.with(async (rig) => {
    const { id } = await rig.processor(GENERATE);
    const put = (name: string, clientId: string) => rig.send('PUT', `/processors/${id}`, { revision: revision(1, clientId), component: { id, name } });
    assert.equal((await put('first', 'ann')).json.revision.version, 2);
    const stale = await put('second', 'bob');
    assert.equal(stale.status, 400);
    assert.match(stale.text, /is not the most up-to-date revision/);
    assert.equal((await put('third', 'ann')).json.component.name, 'third');
    assert.equal((await rig.send('DELETE', `/processors/${id}?version=1&clientId=bob`)).status, 400);
  }));

test('fifty clients that edit at once lose no edit', () =>
  RestRig.with(async (rig) => {
    const { id } = await rig.processor(UPDATE);
    const add = async (n: number): Promise<void> => {
      for (;;) {
        const { revision: known } = await rig.get(`/processors/${id}`);
        const answer = await rig.send('PUT', `/processors/${id}`, {
          revision: revision(known.version, `client ${n}`),
          component: { id, config: { properties: { [`attribute ${n}`]: String(n) } } },
        });
        if (answer.status === 200) return;
        assert.equal(answer.status, 400);
      }
    };
    await Promise.all(Array.from({ length: 50 }, (_, n) => add(n)));
    const { component, revision: last } = await rig.get(`/processors/${id}`);
    assert.equal(Object.keys(component.config.properties).filter((name) => name.startsWith('attribute ')).length, 50);
    assert.equal(last.version, 51);
  }));

test('sensitive values are never shown, and what is shown in their place does not overwrite them', () =>
  RestRig.with(async (rig) => {
    const made = await rig.processor('test.Speak', { properties: { Secret: 'hush' } });
    assert.equal(made.component.config.properties.Secret, '********');
    await rig.edit(made, { config: { properties: { Secret: '********' } } });
    assert.equal(rig.flow.processor(made.id).properties.texts.get('Secret'), 'hush');
    assert.equal((await rig.edit(made, { config: { properties: { Secret: null } } })).json.component.config.properties.Secret, null);
  }));

test('descriptors tell all about a property, with the services that it may name', () =>
  RestRig.with(async (rig) => {
    const service = await rig.create('root', 'controller-services', { type: 'test.Word', name: 'my word' });
    const made = await rig.processor('test.Speak', { properties: { 'Word Service': service.id } });
    const descriptor = made.component.config.descriptors['Word Service'];
    assert.deepEqual(descriptor.allowableValues, [{ canRead: true, allowableValue: { value: service.id, displayName: 'my word' } }]);
    assert.equal(descriptor.identifiesControllerService, 'test.WordProvider');
    assert.deepEqual((await rig.get(`/processors/${made.id}/descriptors?propertyName=Word+Service`)).propertyDescriptor, descriptor);
    assert.equal((await rig.get(`/processors/${made.id}/descriptors?propertyName=Nothing`)).propertyDescriptor.dynamic, true);
    const other = await rig.create('root', 'controller-services', { type: 'test.Word', name: 'another' });
    const { processorFlow } = { processorFlow: (await rig.get('/flow/process-groups/root')).processGroupFlow.flow.processors[0] };
    assert.deepEqual(
      processorFlow.component.config.descriptors['Word Service'].allowableValues.map((each: { allowableValue: { value: string } }) => each.allowableValue.value),
      [service.id, other.id],
    );
  }));

test('a hung processor can be terminated', () =>
  RestRig.with(async (rig) => {
    const hang = await rig.processor('test.Hang');
    await rig.runStatus(hang, 'RUNNING');
    await until(async () => (await rig.fresh(hang)).status.aggregateSnapshot.activeThreadCount === 1);
    assert.equal((await rig.send('DELETE', `/processors/${hang.id}/threads`)).status, 409);
    assert.equal((await rig.runStatus(hang, 'STOPPED')).json.component.physicalState, 'STOPPING');
    const terminated = await rig.ok('DELETE', `/processors/${hang.id}/threads`);
    assert.deepEqual(
      [terminated.component.physicalState, terminated.status.aggregateSnapshot.activeThreadCount, terminated.status.aggregateSnapshot.terminatedThreadCount],
      ['STOPPED', 0, 1],
    );
  }));

test('a configuration is tried without being kept', () =>
  RestRig.with(async (rig) => {
    const made = await rig.processor('test.Speak');
    const ask = async (properties: object) => {
      const url = `/processors/${made.id}/config/verification-requests`;
      const { requestId } = (await rig.ok('POST', url, { request: { componentId: made.id, properties, attributes: {} } })).request;
      await until(async () => (await rig.get(`${url}/${requestId}`)).request.complete);
      const { results } = (await rig.ok('DELETE', `${url}/${requestId}`)).request;
      assert.equal((await rig.send('GET', `${url}/${requestId}`)).status, 404);
      return results.map(({ outcome, verificationStepName }: { outcome: string; verificationStepName: string }) => `${verificationStepName} ${outcome}`);
    };
    assert.deepEqual(await ask({}), ['Perform Validation SUCCESSFUL', 'Speak SUCCESSFUL']);
    assert.deepEqual(await ask({ 'Word Service': 'nobody' }), ['Perform Validation FAILED']);
    const { configurationAnalysis } = await rig.ok('POST', `/processors/${made.id}/config/analysis`, {
      configurationAnalysis: { componentId: made.id, properties: { a: "${city:toUpper()} ${'x y'} $${no}" } },
    });
    assert.deepEqual([configurationAnalysis.referencedAttributes, configurationAnalysis.supportsVerification], [{ city: '', 'x y': '' }, true]);
  }));

test('bulletins stand on the board and on the component, and can be cleared', () =>
  RestRig.with(async (rig) => {
    const source = await rig.source('x');
    const noisy = await rig.processor(LOG_MESSAGE, { properties: { 'Log Level': 'error', 'Log Message': 'trouble' }, autoTerminatedRelationships: ['success'] });
    await rig.connect(source, noisy);
    await rig.once(source);
    await rig.runStatus(noisy, 'RUNNING');
    await until(async () => (await rig.fresh(noisy)).bulletins.length === 1);
    const board = async (query: string) => (await rig.get(`/flow/bulletin-board?${query}`)).bulletinBoard.bulletins;
    const [{ bulletin }] = await board(`sourceId=${noisy.id}`);
    assert.deepEqual([bulletin.level, bulletin.sourceType, bulletin.sourceId], ['ERROR', 'PROCESSOR', noisy.id]);
    assert.equal((await board('message=tr.*le')).length, 1);
    assert.equal((await board(`after=${bulletin.id}`)).length, 0);
    assert.equal((await rig.send('GET', '/flow/bulletin-board?message=(')).status, 400);
    const cleared = await rig.ok('POST', `/processors/${noisy.id}/bulletins/clear-requests`, { fromTimestamp: new Date(Date.now() + 1000).toISOString() });
    assert.deepEqual([cleared.bulletinsCleared, (await board('')).length], [1, 0]);
  }));

test('diagnostics tell of the processor, its services and its queues', () =>
  RestRig.with(async (rig) => {
    const service = await rig.create('root', 'controller-services', { type: 'test.Word' });
    const source = await rig.source('hello');
    const speak = await rig.processor('test.Speak', { properties: { 'Word Service': service.id } });
    await rig.connect(source, speak);
    await rig.once(source);
    const { component, uri } = await rig.get(`/processors/${speak.id}/diagnostics`);
    assert.match(uri, /\/diagnostics$/);
    assert.deepEqual([component.processor.id, component.processorStatus.id], [speak.id, speak.id]);
    assert.deepEqual(
      component.referencedControllerServices.map(({ controllerService }: Json) => controllerService.id),
      [service.id],
    );
    const [{ aggregateSnapshot }] = component.incomingConnections;
    assert.deepEqual([aggregateSnapshot.totalFlowFileCount, aggregateSnapshot.totalByteCount, aggregateSnapshot.localQueuePartition.activeQueueByteCount], [1, 5, 5]);
    assert.deepEqual(component.outgoingConnections, []);
  }));
