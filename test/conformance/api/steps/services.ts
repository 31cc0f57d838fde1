import type { Stage } from '../stage.ts';
import { walkConfigurable } from './configurable.ts';
import type { Scene } from './group.ts';

/** controller-services, in a group and at the controller. */
export async function walkServices(stage: Stage, { service, writer, convert, group }: Scene): Promise<void> {
  const { walk } = stage;
  await stage.edit(service, { name: 'the reader', properties: { 'Treat First Line as Header': 'true' }, comments: 'reads', bulletinLevel: 'ERROR' });
  const { controllerServiceReferencingComponents: users } = await walk.json('GET /controller-services/{id}/references', { id: service.id });
  walk.expect(users?.length === 1 && users[0].id === convert.id, 'GET /controller-services/{id}/references', 'the processor that uses the service is missing');
  await walkConfigurable(stage, service, { resource: 'controller-services', property: 'CSV Format', properties: (await stage.fresh(service)).component?.properties });
  for (const each of [service, writer]) {
    await stage.runStatus(each, 'ENABLED');
    await walk.until('GET /controller-services/{id}', { id: each.id }, ({ component }) => component.state === 'ENABLED', 'an enabled service');
  }
  for (const state of ['RUNNING', 'STOPPED']) {
    const body = { id: service.id, state, referencingComponentRevisions: { [convert.id]: (await stage.fresh(convert)).revision } };
    await walk.call('PUT /controller-services/{id}/references', { id: service.id }, { body });
  }
  const stopped = await walk.until('GET /processors/{id}', { id: convert.id }, ({ component }) => component.physicalState === 'STOPPED', 'a stopped user of a service');
  walk.expect(stopped.component?.state === 'STOPPED', 'PUT /controller-services/{id}/references', 'the user of the service was not stopped');
  await walk.call('PUT /flow/process-groups/{id}/controller-services', { id: group.id }, { body: { id: group.id, state: 'DISABLED' } });
  for (const { id } of [service, writer]) await walk.until('GET /controller-services/{id}', { id }, ({ component }) => component.state === 'DISABLED', 'a disabled service');
  for (const includeDescendantGroups of [true, false]) {
    const { controllerServices } = await walk.json('GET /flow/process-groups/{id}/controller-services', { id: group.id }, { query: { includeDescendantGroups, uiOnly: true } });
    walk.expect(controllerServices?.length === 2, 'GET /flow/process-groups/{id}/controller-services', 'two services were made');
  }
}
