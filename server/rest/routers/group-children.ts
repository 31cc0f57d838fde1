import type { FlowDefinition } from '../../engine/flow-definition/format.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import { checkDefinition } from '../authorization/definitions.ts';
import { connectionEntity } from '../dto/connection.ts';
import { controllerServiceEntity } from '../dto/controller-service.ts';
import { funnelEntity } from '../dto/funnel.ts';
import { labelEntity } from '../dto/label.ts';
import { portEntity } from '../dto/port.ts';
import { processGroupEntity } from '../dto/process-group.ts';
import { processorEntity } from '../dto/processor.ts';
import type { Routes } from '../routes.ts';
import { said } from '../schemas.ts';
import { connectionBody, connectionEdit, connectionEnds } from './connections.ts';
import { funnelBody } from './funnels.ts';
import { labelBody, labelEdit } from './labels.ts';
import { newComponent, requiredName } from './new-component.ts';
import { portBody, portEdit } from './ports.ts';
import { groupBody, groupEdit } from './group-body.ts';
import { newProcessorBody, processorEdit } from './processor-body.ts';
import { configuredEdit, noSecrets } from './configured-body.ts';
import { wantedVersion } from './version-body.ts';
import { newServiceBody } from './service-body.ts';

/** POST and GET /process-groups/{id}/processors, connections, ... */
export function addChildRoutes(routes: Routes): void {
  addConnectableRoutes(routes);
  addOtherChildRoutes(routes);
  routes.get('/:id/remote-process-groups', (call) => ({ remoteProcessGroups: routes.services.flow.group(call.id) && [] }));
  routes.notOffered('A remote process group', '/:id/remote-process-groups');
}

const each = <N, E>(nodes: Iterable<N>, entity: (node: N) => E): E[] => Array.from(nodes, entity);

function addConnectableRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/:id/processors', (call) => {
    const group = flow.group(call.id);
    const groups: Iterable<ProcessGroup> = call.flag('includeDescendantGroups') ? group.tree() : [group];
    return { processors: [...groups].flatMap(({ processors }) => each(processors.values(), (node) => processorEntity(node, call.view))) };
  });
  routes.create('/:id/processors', (call) => {
    const { claim, component } = newComponent(call, newProcessorBody, 'Processor');
    return processorEntity(flow.createProcessor(flow.group(call.id), claim, { type: component.type, ...processorEdit(component, noSecrets) }), call.view);
  });
  for (const [path, kind, key] of [
    ['input-ports', 'INPUT_PORT', 'inputPorts'],
    ['output-ports', 'OUTPUT_PORT', 'outputPorts'],
  ] as const) {
    routes.get(`/:id/${path}`, (call) => ({ [key]: each(flow.group(call.id)[key].values(), (port) => portEntity(port, call.view)) }));
    routes.create(`/:id/${path}`, (call) => {
      const { claim, component } = newComponent(call, portBody, 'Port');
      return portEntity(flow.createPort(flow.group(call.id), kind, claim, { ...portEdit(component), name: requiredName(component, 'port') }), call.view);
    });
  }
  routes.get('/:id/funnels', (call) => ({ funnels: each(flow.group(call.id).funnels.values(), (funnel) => funnelEntity(funnel, call.view)) }));
  routes.create('/:id/funnels', (call) => {
    const { claim, component } = newComponent(call, funnelBody, 'Funnel');
    return funnelEntity(flow.createFunnel(flow.group(call.id), claim, said(component.position)), call.view);
  });
}

function addOtherChildRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/:id/process-groups', (call) => ({ processGroups: each(flow.group(call.id).groups.values(), (group) => processGroupEntity(group, call.view)) }));
  routes.create('/:id/process-groups', async (call) => {
    const { claim, component } = newComponent(call, groupBody, 'Process group');
    if (component.versionControlInformation) {
      const place = { name: said(component.name), position: said(component.position) };
      const [parent, { rights }] = [flow.group(call.id), call];
      const approve = (definition: FlowDefinition): void => checkDefinition(flow, definition, parent, rights);
      return processGroupEntity(await flow.versions.import(parent, claim, wantedVersion(component.versionControlInformation), place, approve), call.view);
    }
    return processGroupEntity(flow.createGroup(flow.group(call.id), claim, { ...groupEdit(flow, component), name: requiredName(component, 'process group') }), call.view);
  });
  routes.get('/:id/labels', (call) => ({ labels: each(flow.group(call.id).labels.values(), (label) => labelEntity(label, call.view)) }));
  routes.create('/:id/labels', (call) => {
    const { claim, component } = newComponent(call, labelBody, 'Label');
    return labelEntity(flow.createLabel(flow.group(call.id), claim, labelEdit(component)), call.view);
  });
  routes.get('/:id/connections', (call) => ({ connections: each(flow.group(call.id).connections.values(), (connection) => connectionEntity(connection, call.view)) }));
  routes.create('/:id/connections', (call) => {
    const { claim, component } = newComponent(call, connectionBody, 'Connection');
    return connectionEntity(flow.createConnection(flow.group(call.id), claim, { ...connectionEdit(component), ...connectionEnds(component) }), call.view);
  });
  routes.create('/:id/controller-services', (call) => {
    const { claim, component } = newComponent(call, newServiceBody, 'Controller service');
    return controllerServiceEntity(flow.createService(flow.group(call.id), claim, { type: component.type, ...configuredEdit(component, noSecrets) }), call.view);
  });
}
