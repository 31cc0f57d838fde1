import type { Connectable } from '../../engine/connectable.ts';
import type { Connection } from '../../engine/connection.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import { ALL } from '../authorization/rights.ts';
import { JsonMemo } from '../raw-json.ts';
import { asSeen, baseEntity, bulletinsOf, type ComponentEntity, type EntityView, positionDto, type PositionDto, entityChunks } from './common.ts';
import { connectionStatus, type ConnectionStatusDto, connectionStatusJson } from './status.ts';

export type ConnectableType = 'PROCESSOR' | 'INPUT_PORT' | 'OUTPUT_PORT' | 'FUNNEL';

export interface ConnectableDto {
  id: string;
  type: ConnectableType;
  groupId: string;
  name: string;
  running: boolean;
  comments: string;
  versionedComponentId?: string;
}

export interface ConnectionDto {
  id: string;
  parentGroupId: string;
  versionedComponentId?: string;
  name: string;
  source: ConnectableDto;
  destination: ConnectableDto;
  labelIndex: number;
  getzIndex: number;
  selectedRelationships: string[];
  availableRelationships: string[];
  retriedRelationships: string[];
  backPressureObjectThreshold: number;
  backPressureDataSizeThreshold: string;
  flowFileExpiration: string;
  prioritizers: string[];
  bends: PositionDto[];
  loadBalanceStrategy: string;
  loadBalancePartitionAttribute?: string;
  loadBalanceCompression: string;
  loadBalanceStatus: string;
}

export interface ConnectionEntity extends ComponentEntity {
  component: ConnectionDto;
  status: ConnectionStatusDto;
  bends: PositionDto[];
  labelIndex: number;
  getzIndex: number;
  sourceId: string;
  sourceGroupId: string;
  sourceType: ConnectableType;
  destinationId: string;
  destinationGroupId: string;
  destinationType: ConnectableType;
}

function connectableDto(node: Connectable): ConnectableDto {
  const { id, kind, group, name, comments, versionedId } = node;
  return { id, type: kind, groupId: group.id, name, running: node.runnable.state !== 'stopped', comments, versionedComponentId: versionedId };
}

const NOTHING: readonly string[] = [];

/** The relationships that a source tries again before it gives FlowFiles to them. */
const retriedBy = (source: Connectable): readonly string[] => (source instanceof ProcessorNode ? source.config.retriedRelationships : NOTHING);

export function connectionDto(connection: Connection): ConnectionDto {
  const { source, destination, config, group } = connection;
  const { zIndex, ...settings } = config;
  return {
    id: connection.id,
    parentGroupId: group.id,
    versionedComponentId: connection.versionedId,
    name: connection.name,
    source: connectableDto(source),
    destination: connectableDto(destination),
    ...settings,
    getzIndex: zIndex,
    selectedRelationships: [...config.selectedRelationships],
    availableRelationships: connection.availableRelationships,
    retriedRelationships: retriedBy(source).filter((name) => config.selectedRelationships.includes(name)),
    prioritizers: [...config.prioritizers],
    bends: config.bends.map(positionDto),
    loadBalanceStatus: 'LOAD_BALANCE_NOT_CONFIGURED',
  };
}

function unchanging(connection: Connection, view: EntityView): Omit<ConnectionEntity, 'status' | 'bulletins'> {
  const { source, destination } = connection;
  const component = connectionDto(connection);
  const entity = {
    ...baseEntity(connection, 'connections', view),
    position: undefined,
    component,
    bends: component.bends,
    labelIndex: component.labelIndex,
    getzIndex: component.getzIndex,
    sourceId: source.id,
    sourceGroupId: source.group.id,
    sourceType: source.kind,
    destinationId: destination.id,
    destinationGroupId: destination.group.id,
    destinationType: destination.kind,
  };
  return asSeen(entity, connection, view);
}

export function connectionEntity(connection: Connection, view: EntityView): ConnectionEntity {
  return asSeen({ ...unchanging(connection, view), bulletins: bulletinsOf(connection.id, view), status: connectionStatus(connection, view) }, connection, view);
}

/** By what the user may do: see Rights. */
const memos = Array.from({ length: ALL + 1 }, () => new JsonMemo<Connection>());

/** What the entity of a connection says of one of its ends. */
const endParts = ({ name, comments, group, versionedId, runnable }: Connectable): unknown[] => [name, comments, group, versionedId, runnable.state !== 'stopped'];

/** As `connectionEntity`, in JSON: what has not changed since the last time is not written again. */
export function connectionEntityJson(connection: Connection, view: EntityView): ReturnType<typeof entityChunks> {
  const { revision, group, config, source, destination, name, versionedId } = connection;
  const parts = [
    view.base,
    revision,
    group,
    config,
    name,
    versionedId,
    source.runnable.relationships,
    retriedBy(source),
    destination,
    ...endParts(source),
    ...endParts(destination),
  ];
  return entityChunks(
    memos[view.rights.of(connection)]!.open(connection, parts, () => unchanging(connection, view), ',"status":'),
    connectionStatusJson(connection, view),
    connection.id,
    view,
  );
}
