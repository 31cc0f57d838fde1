import type { Stage } from '../stage.ts';
import { walkConfigurable } from './configurable.ts';
import type { Scene } from './group.ts';

/** processors, connections, ports, funnels and labels. */
export async function walkComponents(stage: Stage, scene: Scene): Promise<void> {
  const { walk } = stage;
  await walkProcessors(stage, scene);
  await stage.edit(scene.queue, { name: 'still the queue', backPressureObjectThreshold: 5, flowFileExpiration: '1 hour', bends: [{ x: 4, y: 5 }] });
  for (const port of [scene.input, scene.output]) {
    await stage.edit(port, { name: port.component.name, position: { x: 9, y: 9 }, comments: 'a port' });
    await walk.call(
      `POST /${port === scene.input ? 'input' : 'output'}-ports/{id}/bulletins/clear-requests`,
      { id: port.id },
      { body: { fromTimestamp: '2100-01-01T00:00:00.000Z' } },
    );
  }
  await stage.runStatus(scene.input, 'DISABLED');
  await stage.runStatus(scene.input, 'STOPPED');
  await stage.runStatus(scene.output, 'DISABLED');
  await stage.runStatus(scene.output, 'STOPPED');
  await stage.edit(scene.funnel, { position: { x: 3, y: 4 } });
  await stage.edit(scene.label, { label: 'changed', width: 120, height: 50, style: { 'background-color': '#ffffff' }, getzIndex: 3 });
}

async function walkProcessors(stage: Stage, { source, update, log }: Scene): Promise<void> {
  const { walk } = stage;
  await stage.edit(source, {
    name: 'A source',
    style: { 'background-color': '#aabbcc' },
    config: { comments: 'makes things', penaltyDuration: '20 sec', properties: { colour: 'blue' } },
  });
  const { propertyDescriptor } = await walk.json('GET /processors/{id}/descriptors', { id: source.id }, { query: { propertyName: 'of my own', sensitive: true } });
  walk.expect(propertyDescriptor?.dynamic === true, 'GET /processors/{id}/descriptors', 'an unknown property is not dynamic');
  const { componentState } = await walk.json('GET /processors/{id}/state', { id: update.id });
  walk.expect(
    (componentState?.localState?.state ?? []).some(({ key }: { key: string }) => key === 'count'),
    'GET /processors/{id}/state',
    'the state of a stateful processor is missing',
  );
  const { bulletins } = await stage.fresh(log);
  walk.expect(bulletins?.length > 0, 'GET /processors/{id}', 'a processor that warned has no bulletin');
  await walkConfigurable(stage, update, { resource: 'processors', property: 'Store State', properties: update.component.config.properties });
  await walkConfigurable(stage, source, { resource: 'processors', property: 'Batch Size', properties: { 'Batch Size': '${count}' } });
  const details = await walk.json('POST /processors/run-status-details/queries', {}, { body: { processorIds: [source.id, log.id] } });
  walk.expect(details.runStatusDetails?.length === 2, 'POST /processors/run-status-details/queries', 'details of two processors were asked for');
  await walk.call('DELETE /processors/{id}/threads', { id: source.id });
  const diagnostics = await walk.json('GET /processors/{id}/diagnostics', { id: source.id });
  walk.expect(diagnostics.component?.processor?.id === source.id, 'GET /processors/{id}/diagnostics', 'diagnostics without the processor');
}

/** What is only called when nothing else needs the component any more. */
export async function removeComponents(stage: Stage, scene: Scene): Promise<void> {
  const { walk } = stage;
  const { group, inner } = scene;
  await stage.asynchronous(
    '/process-groups/{id}/empty-all-connections-requests/{drop-request-id}',
    'drop-request-id',
    { id: group.id },
    undefined,
    ({ dropRequest }) => dropRequest,
  );
  for (const { id } of [group, inner]) {
    const { connections } = await walk.json('GET /process-groups/{id}/connections', { id });
    for (const connection of connections ?? []) await stage.remove(connection);
  }
  const { source, input, output, funnel, label, convert, service, writer } = scene;
  for (const component of [source, input, output, funnel, label, convert, service, writer]) await stage.remove(component);
  await stage.remove(group);
  await stage.remove(scene.context);
}
