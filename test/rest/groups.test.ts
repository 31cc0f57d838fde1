import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GENERATE, type Json, RestRig, revision, until, UPDATE } from './rest-rig.ts';

/** A source that feeds a processor, in a group. */
async function pair(rig: RestRig, group: string): Promise<{ source: Json; update: Json; connection: Json }> {
  const source = await rig.source('copied', group);
  const update = await rig.processor(UPDATE, { autoTerminatedRelationships: ['success'] }, group);
  return { source, update, connection: await rig.connect(source, update) };
}

const group = (rig: RestRig, name: string, parent = 'root'): Promise<Json> => rig.create(parent, 'process-groups', { name });
const names = (flow: Json): string[] => flow.processors.map(({ component }: Json) => component.name).sort();

test('a group counts, starts and stops what is in it', () =>
  RestRig.with(async (rig) => {
    const outer = await group(rig, 'outer');
    const inner = await group(rig, 'inner', outer.id);
    await rig.processor(GENERATE, { schedulingPeriod: '1 day', autoTerminatedRelationships: ['success'] }, inner.id);
    await rig.processor(GENERATE, {}, inner.id);
    const counts = async () => {
      const { runningCount, stoppedCount, invalidCount, disabledCount } = await rig.get(`/process-groups/${outer.id}`);
      return [runningCount, stoppedCount, invalidCount, disabledCount];
    };
    assert.deepEqual(await counts(), [0, 1, 1, 0]);
    assert.deepEqual(await rig.ok('PUT', `/flow/process-groups/${outer.id}`, { id: outer.id, state: 'RUNNING' }), { id: outer.id, state: 'RUNNING' });
    assert.deepEqual(await counts(), [1, 0, 1, 0]);
    await rig.ok('PUT', `/flow/process-groups/${outer.id}`, { id: outer.id, state: 'STOPPED' });
    await until(async () => (await counts())[1] === 1);
    await rig.ok('PUT', `/flow/process-groups/${outer.id}`, { id: outer.id, state: 'DISABLED' });
    assert.equal((await counts())[3], 2);
  }));

test('a canvas shows everything in a group, and less where only the drawing is wanted', () =>
  RestRig.with(async (rig) => {
    const outer = await group(rig, 'outer');
    const { source } = await pair(rig, outer.id);
    await rig.create(outer.id, 'labels', { label: 'note', width: 10, height: 20 });
    await rig.create(outer.id, 'input-ports', { name: 'in' });
    await rig.create(outer.id, 'output-ports', { name: 'out' });
    await group(rig, 'inner', outer.id);
    const { processGroupFlow } = await rig.get(`/flow/process-groups/${outer.id}`);
    const { flow, breadcrumb, parentGroupId } = processGroupFlow;
    assert.deepEqual(
      Object.entries(flow).map(([kind, list]) => [kind, (list as Json[]).length]),
      [
        ['processGroups', 1],
        ['remoteProcessGroups', 0],
        ['processors', 2],
        ['inputPorts', 1],
        ['outputPorts', 1],
        ['connections', 1],
        ['labels', 1],
        ['funnels', 0],
      ],
    );
    assert.deepEqual([breadcrumb.id, breadcrumb.parentBreadcrumb.id, parentGroupId], [outer.id, rig.flow.root.id, rig.flow.root.id]);
    // What a list shows of a component is what the component itself shows.
    const { uri: _, ...alone } = await rig.fresh(source);
    const { uri: __, ...listed } = flow.processors.find(({ id }: Json) => id === source.id);
    assert.deepEqual({ ...listed, status: undefined }, { ...alone, status: undefined });
    const lite = (await rig.get(`/flow/process-groups/${outer.id}?uiOnly=true`)).processGroupFlow.flow.processors[0];
    assert.deepEqual([lite.component.config.descriptors, lite.component.config.properties], [undefined, undefined]);
  }));

test('what is shown of a component follows its changes at once', () =>
  RestRig.with(async (rig) => {
    const { source, update, connection } = await pair(rig, 'root');
    const shown = async (query: string): Promise<Json> => (await rig.get(`/flow/process-groups/root${query}`)).processGroupFlow.flow;
    for (const query of ['', '?uiOnly=true']) {
      await shown(query);
      await rig.edit(update, { name: `renamed ${query}`, config: { properties: { colour: query } } });
      await rig.runStatus(update, 'RUNNING');
      const flow = await shown(query);
      const processor = flow.processors.find(({ id }: Json) => id === update.id);
      assert.deepEqual(
        [processor.component.name, processor.component.state, processor.status.runStatus, processor.status.name],
        [`renamed ${query}`, 'RUNNING', 'Running', `renamed ${query}`],
      );
      assert.deepEqual(
        [flow.connections[0].component.destination.name, flow.connections[0].component.destination.running, flow.connections[0].status.destinationName],
        [`renamed ${query}`, true, `renamed ${query}`],
      );
      await rig.runStatus(update, 'STOPPED');
      await until(async () => (await rig.fresh(update)).component.physicalState === 'STOPPED');
    }
    await rig.once(source);
    const [{ status }] = (await shown('')).connections;
    assert.deepEqual(
      [status.aggregateSnapshot.queued, status.aggregateSnapshot.input, status.id, typeof status.statsLastRefreshed],
      ['1 (6 bytes)', '1 (6 bytes)', connection.id, 'string'],
    );
    await rig.edit(update, { config: { autoTerminatedRelationships: [] } });
    assert.equal((await shown('')).processors.find(({ id }: Json) => id === update.id).component.validationStatus, 'INVALID');
  }));

test('components are copied and pasted, and moved as a snippet', () =>
  RestRig.with(async (rig) => {
    const [from, to] = [await group(rig, 'from'), await group(rig, 'to')];
    const { source, update, connection } = await pair(rig, from.id);
    const clip = await rig.ok('POST', `/process-groups/${from.id}/copy`, { processors: [source.id, update.id], connections: [connection.id] });
    const pasted = await rig.ok('PUT', `/process-groups/${to.id}/paste`, { copyResponse: clip, revision: revision(1) });
    assert.deepEqual([names(pasted.flow), pasted.flow.connections.length, pasted.revision.version], [['GenerateFlowFile', 'UpdateAttribute'], 1, 2]);
    const revisions = (...entities: Json[]) => Object.fromEntries(entities.map((entity) => [entity.id, entity.revision]));
    const snippet = async () =>
      (
        await rig.ok('POST', '/snippets', {
          snippet: { parentGroupId: from.id, processors: revisions(await rig.fresh(source), await rig.fresh(update)), connections: revisions(await rig.fresh(connection)) },
        })
      ).snippet;
    const copied = await rig.ok('POST', `/process-groups/${to.id}/snippet-instance`, { snippetId: (await snippet()).id, originX: 50, originY: 60 });
    assert.deepEqual(
      copied.flow.processors.map(({ position }: Json) => position),
      [
        { x: 50, y: 60 },
        { x: 50, y: 60 },
      ],
    );
    const { id } = await snippet();
    await rig.ok('PUT', `/snippets/${id}`, { snippet: { id, parentGroupId: to.id } });
    assert.equal((await rig.get(`/process-groups/${to.id}/processors`)).processors.length, 6);
    assert.equal((await rig.send('PUT', `/snippets/${id}`, { snippet: { id, parentGroupId: to.id } })).status, 404);
    const moved = (
      await rig.ok('POST', '/snippets', {
        snippet: { parentGroupId: to.id, processors: revisions(await rig.fresh(source), await rig.fresh(update)), connections: revisions(await rig.fresh(connection)) },
      })
    ).snippet;
    await rig.ok('DELETE', `/snippets/${moved.id}`);
    assert.equal((await rig.get(`/process-groups/${to.id}/processors`)).processors.length, 4);
  }));

test('a flow definition is downloaded, uploaded and put in the place of another', () =>
  RestRig.with(async (rig) => {
    const original = await group(rig, 'original');
    await pair(rig, original.id);
    const definition = await rig.get(`/process-groups/${original.id}/download`);
    assert.equal(definition.flowContents.processors.length, 2);
    const form = (fields: Record<string, string>, file?: string): FormData => {
      const data = new FormData();
      for (const [name, value] of Object.entries(fields)) data.append(name, value);
      if (file !== undefined) data.append('file', new Blob([file], { type: 'application/json' }), 'flow.json');
      return data;
    };
    const upload = (data: FormData) => rig.send('POST', '/process-groups/root/process-groups/upload', data);
    const fields = { groupName: 'uploaded', positionX: '10', positionY: '20', clientId: 'test' };
    const uploaded = await upload(form(fields, JSON.stringify(definition)));
    assert.deepEqual([uploaded.status, uploaded.json.component.name, uploaded.json.position, uploaded.json.revision.clientId], [201, 'uploaded', { x: 10, y: 20 }, 'test']);
    assert.deepEqual(names(await rig.get(`/process-groups/${uploaded.json.id}/processors`)), ['GenerateFlowFile', 'UpdateAttribute']);
    for (const [data, message] of [
      [form(fields), /file/],
      [form({}, '{}'), /groupName/],
      [form(fields, 'nonsense'), /not JSON/],
      [form(fields, '{}'), /flowContents/],
      [form(fields, '{"flowContents":{"identifier":"a","processors":[{}]}}'), /processors.0/],
    ] as const) {
      const refused = await upload(data);
      assert.equal(refused.status, 400);
      assert.match(refused.text, message);
    }
    assert.equal((await rig.send('POST', '/process-groups/root/process-groups/upload', { a: 1 })).status, 415);
    const imported = await rig.ok('POST', '/process-groups/root/process-groups/import', {
      groupName: 'imported',
      positionDTO: { x: 1, y: 2 },
      revisionDTO: revision(0),
      flowSnapshot: definition,
    });
    const empty = await group(rig, 'empty');
    const replaced = await rig.ok('POST', `/process-groups/${empty.id}/replace-requests`, { processGroupRevision: revision(1), versionedFlowSnapshot: definition });
    assert.equal((await rig.get(`/process-groups/replace-requests/${replaced.request.requestId}`)).request.complete, true);
    for (const { id } of [imported, empty]) assert.equal((await rig.get(`/process-groups/${id}/processors`)).processors.length, 2);
  }));

test('what happened is recorded, found, and counted', () =>
  RestRig.with(async (rig) => {
    const { source, update } = await pair(rig, 'root');
    await rig.edit(update, { name: 'needle', config: { properties: { k: 'one' } } });
    await rig.edit(update, { config: { properties: { k: 'two' } } });
    const { history } = await rig.get(`/flow/history?offset=0&count=10&sourceId=${update.id}`);
    assert.deepEqual([...new Set(history.actions.map(({ action }: Json) => action.operation))], ['Configure', 'Add']);
    const { propertyHistory } = (await rig.get(`/flow/history/components/${update.id}`)).componentHistory;
    assert.deepEqual(
      propertyHistory.k.previousValues.map(({ previousValue }: Json) => previousValue),
      ['two', 'one'],
    );
    const found = (await rig.get('/flow/search-results?q=NEEDLE')).searchResultsDTO;
    assert.deepEqual([found.processorResults[0].id, found.processorResults[0].matches], [update.id, ['Name: needle']]);
    await rig.once(source);
    const status = (await rig.get('/flow/process-groups/root/status?recursive=true')).processGroupStatus.aggregateSnapshot;
    assert.deepEqual([status.queued, status.processorStatusSnapshots.length, status.connectionStatusSnapshots.length], ['1 (6 bytes)', 2, 1]);
    assert.match((await rig.send('GET', '/flow/metrics/prometheus')).text, /nifi_amount_items_queued\{.*component_type="RootProcessGroup".*\} 1\n/);
    const diagnostics = (await rig.get('/system-diagnostics')).systemDiagnostics.aggregateSnapshot;
    assert.equal(diagnostics.contentRepositoryStorageUsage[0].utilization, '40%');
  }));
