import type { Router } from 'express';
import type { Connection, ConnectionEdit, LoadBalanceCompression, LoadBalanceStrategy } from '../../engine/connection.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import type { PositionDto } from '../dto/common.ts';
import { connectionEntity } from '../dto/connection.ts';
import { Routes } from '../routes.ts';
import { type ComponentBody, entity, list, optional, position, text, texts, whole, withoutNulls } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { InvalidRequestError } from '../../engine/errors.ts';

interface EndBody {
  id?: string | null;
}

export interface ConnectionBody extends ComponentBody {
  source?: EndBody | null;
  destination?: EndBody | null;
  selectedRelationships?: string[] | null;
  backPressureObjectThreshold?: number | null;
  backPressureDataSizeThreshold?: string | null;
  flowFileExpiration?: string | null;
  prioritizers?: string[] | null;
  bends?: PositionDto[] | null;
  labelIndex?: number | null;
  getzIndex?: number | null;
  loadBalanceStrategy?: LoadBalanceStrategy | null;
  loadBalancePartitionAttribute?: string | null;
  loadBalanceCompression?: LoadBalanceCompression | null;
}

const end = optional({ id: text, groupId: text, type: text });

export const connectionBody = entity<ConnectionBody>({
  source: end,
  destination: end,
  selectedRelationships: texts,
  backPressureObjectThreshold: whole,
  backPressureDataSizeThreshold: text,
  flowFileExpiration: text,
  prioritizers: texts,
  bends: list(position),
  labelIndex: whole,
  getzIndex: whole,
  loadBalanceStrategy: text,
  loadBalancePartitionAttribute: text,
  loadBalanceCompression: text,
});

/** What the body says of the configuration, as the engine takes it. */
export function connectionEdit({ id: _, source: __, destination: ___, getzIndex, ...rest }: ConnectionBody): ConnectionEdit {
  return withoutNulls({ ...rest, zIndex: getzIndex });
}

/** The ends of a new connection. Throws InvalidRequestError. */
export function connectionEnds({ source, destination }: ConnectionBody): { source: string; destination: string } {
  if (!source?.id) throw new InvalidRequestError('The source of the connection must be specified.');
  if (!destination?.id) throw new InvalidRequestError('The destination of the connection must be specified.');
  return { source: source.id, destination: destination.id };
}

/** /connections */
export function connectionRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.get('/:id', (call) => connectionEntity(flow.connection(call.id), call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(connectionBody);
    call.checkId(component.id);
    const connection = flow.connection(call.id);
    flow.change(connection, call.claim(revision), () => applyBody(flow, connection, component));
    return connectionEntity(connection, call.view);
  });
  routes.delete('/:id', (call) => {
    const connection = flow.connection(call.id);
    const last = connectionEntity(connection, call.view);
    flow.remove(connection, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  return routes.router;
}

function applyBody(flow: FlowController, connection: Connection, body: ConnectionBody): void {
  if (body.source?.id && body.source.id !== connection.source.id) throw new InvalidRequestError('The source of a connection cannot be changed. Make a new connection.');
  connection.configure(connectionEdit(body));
  if (body.destination?.id) flow.redirect(connection, body.destination.id);
}
