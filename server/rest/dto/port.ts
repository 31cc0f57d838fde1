import type { Port, PortKind } from '../../engine/port.ts';
import type { ScheduledState } from '../../engine/processor-node.ts';
import { asSeen, baseEntity, bulletinsOf, type ComponentEntity, type EntityView, operatePermissions, type PermissionsDto, positionDto, type PositionDto } from './common.ts';
import { portStatus, type PortStatusDto } from './status.ts';

export interface PortDto {
  id: string;
  parentGroupId: string;
  versionedComponentId?: string;
  position: PositionDto;
  name: string;
  comments: string;
  state: ScheduledState;
  type: PortKind;
  transmitting: boolean;
  concurrentlySchedulableTaskCount: number;
  allowRemoteAccess: boolean;
  portFunction: string;
  validationErrors?: string[];
}

export interface PortEntity extends ComponentEntity {
  component: PortDto;
  status: PortStatusDto;
  portType: PortKind;
  allowRemoteAccess: boolean;
  operatePermissions: PermissionsDto;
}

/** Path of the router that serves ports of a kind. */
export const PORT_RESOURCES: Readonly<Record<PortKind, 'input-ports' | 'output-ports'>> = { INPUT_PORT: 'input-ports', OUTPUT_PORT: 'output-ports' };

export function portDto(port: Port): PortDto {
  const { id, group, versionedId, position, name, comments, state, kind, concurrentTasks, allowRemoteAccess, portFunction, validationErrors } = port;
  return {
    id,
    parentGroupId: group.id,
    versionedComponentId: versionedId,
    position: positionDto(position),
    name,
    comments,
    state,
    type: kind,
    transmitting: false,
    concurrentlySchedulableTaskCount: concurrentTasks,
    allowRemoteAccess,
    portFunction,
    validationErrors: validationErrors.length > 0 ? [...validationErrors] : undefined,
  };
}

export function portEntity(port: Port, view: EntityView): PortEntity {
  const entity = {
    ...baseEntity(port, PORT_RESOURCES[port.kind], view),
    bulletins: bulletinsOf(port.id, view),
    component: portDto(port),
    status: portStatus(port, view),
    portType: port.kind,
    allowRemoteAccess: port.allowRemoteAccess,
    operatePermissions: operatePermissions(port, view),
  };
  return asSeen(entity, port, view);
}
