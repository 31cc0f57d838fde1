import type { Bulletin, BulletinBoard } from '../../engine/bulletins.ts';
import type { VersionControlService } from '../../engine/version-control/service.ts';
import type { Component, Position, Revision } from '../../engine/component.ts';
import type { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import type { Bundle } from '../../engine/component-types.ts';
import { ALL, OPERATE, READ, type Rights, WRITE } from '../authorization/rights.ts';
import type { GlobalPath } from '../authorization/resources.ts';
import type { TimeFormat } from '../format.ts';

/** Plain shapes that many entities share, as specs/nifi-2.7.2.openapi.json has them. */

export interface RevisionDto {
  version: number;
  clientId?: string;
  lastModifier?: string;
}

export interface PositionDto {
  x: number;
  y: number;
}

export interface PermissionsDto {
  canRead: boolean;
  canWrite: boolean;
}

export interface BundleDto {
  group: string;
  artifact: string;
  version: string;
}

export interface BulletinDto {
  id: number;
  category: string;
  groupId?: string;
  sourceId?: string;
  sourceName?: string;
  sourceType: string;
  level: string;
  message: string;
  timestamp: string;
  timestampIso: string;
}

export interface BulletinEntity {
  id: number;
  groupId?: string;
  sourceId?: string;
  timestamp: string;
  timestampIso: string;
  /** False for who may not read the source: then there is no `bulletin`. */
  canRead: boolean;
  bulletin: BulletinDto;
}

/** What every component's entity carries. */
export interface ComponentEntity {
  id: string;
  uri: string;
  revision: RevisionDto;
  permissions: PermissionsDto;
  position?: PositionDto;
  bulletins?: BulletinEntity[];
}

export type RunStatus = 'Running' | 'Stopped' | 'Validating' | 'Disabled' | 'Invalid';

/** How entities are to be written for one request. */
export interface EntityView {
  /** Where the API is as the client sees it: `http://127.0.0.1:8080/nifi-api`. */
  readonly base: string;
  /** The moment of the request, milliseconds since 1970. */
  readonly now: number;
  /** `now` as a time of day. */
  readonly refreshed: string;
  /** Only what a canvas draws. */
  readonly uiOnly: boolean;
  readonly times: TimeFormat;
  readonly bulletins: BulletinBoard;
  /** What the user who asks may do. */
  readonly rights: Rights;
  /** A component by its id. */
  readonly find: (id: string) => Component | undefined;
  /** Which versions groups follow. */
  readonly versions: Pick<VersionControlService, 'state'>;
  /** Services outside all groups. */
  readonly controllerServices: () => Iterable<ControllerServiceNode>;
  /** What is costly and the same for many entities of this answer: see `remembered`. */
  readonly memo: Map<string, Map<unknown, unknown>>;
}

/** By what Rights says. */
const PERMISSIONS = Array.from({ length: ALL + 1 }, (_, rights): PermissionsDto => ({ canRead: (rights & READ) !== 0, canWrite: (rights & WRITE) !== 0 }));
const OPERATE_PERMISSIONS = Array.from({ length: ALL + 1 }, (_, rights): PermissionsDto => ({ canRead: false, canWrite: (rights & OPERATE) !== 0 }));

/** What the user may do with a component. */
export function permissions(component: Component, { rights }: Pick<EntityView, 'rights'>): PermissionsDto {
  return PERMISSIONS[rights.of(component)]!;
}

/** Whether the user may start, stop, enable ... a component. `canRead` is that of its operation's policies: reading has no policy there (NiFi). */
export function operatePermissions(component: Component, { rights }: Pick<EntityView, 'rights'>): PermissionsDto {
  return OPERATE_PERMISSIONS[rights.of(component)]!;
}

export function globalPermissions(path: GlobalPath, { rights }: Pick<EntityView, 'rights'>): PermissionsDto {
  return { canRead: rights.mayGlobally('read', path), canWrite: rights.mayGlobally('write', path) };
}

export function canRead(component: Component, { rights }: Pick<EntityView, 'rights'>): boolean {
  return (rights.of(component) & READ) !== 0;
}

/** The name of a component; its id where the user may not read it (NiFi). */
export function shownName(component: Component, view: Pick<EntityView, 'rights'>): string {
  return canRead(component, view) ? component.name : component.id;
}

/** An entity as whoever may not read the component gets it: without the component and its bulletins. */
export function asSeen<E extends { component: unknown; bulletins?: BulletinEntity[] }>(entity: E, component: Component, view: Pick<EntityView, 'rights'>): E {
  return canRead(component, view) ? entity : { ...entity, component: undefined, bulletins: undefined };
}

export function revisionDto({ version, clientId, lastModifier }: Revision): RevisionDto {
  return { version, clientId, lastModifier };
}

export function positionDto({ x, y }: Position): PositionDto {
  return { x, y };
}

export function bundleDto({ group, artifact, version }: Bundle): BundleDto {
  return { group, artifact, version };
}

/** Whether the user may read what a bulletin says: that of the engine itself is for who may read the controller. */
export function canReadBulletin({ source }: Bulletin, { rights, find }: EntityView): boolean {
  const component = source && find(source.id);
  return component ? rights.may('read', component) : rights.mayGlobally('read', '/controller');
}

export function bulletinEntity(bulletin: Bulletin, view: EntityView): BulletinEntity {
  const { id, time, level, message, category, source } = bulletin;
  const { times } = view;
  const timestamp = times.date(time);
  const timestampIso = new Date(time).toISOString();
  const place = { groupId: source?.groupId, sourceId: source?.id };
  if (!canReadBulletin(bulletin, view)) return { id, ...place, timestamp, timestampIso, canRead: false } as BulletinEntity;
  return {
    id,
    ...place,
    timestamp,
    timestampIso,
    canRead: true,
    bulletin: { id, category, ...place, sourceName: source?.name, sourceType: source?.kind ?? 'FLOW_CONTROLLER', level, message, timestamp, timestampIso },
  };
}

const NONE: BulletinEntity[] = [];

/** Bulletins of one component. */
export function bulletinsOf(id: string, view: EntityView): BulletinEntity[] {
  const known = view.bulletins.of(id);
  return known.length === 0 ? NONE : known.map((bulletin) => bulletinEntity(bulletin, view));
}

/**
 * The JSON of an entity whose unchanging part and status were made before: both begin with a brace and lack the last one. What
 * comes at the end (the time, which changes every second, and bulletins) is the same for most. For RawJson.array.
 */
export function entityChunks(unchanging: Buffer, status: Buffer, id: string, view: EntityView): [Buffer, Buffer, Buffer] {
  const end = (bulletins: string): Buffer => Buffer.from(`,"statsLastRefreshed":${JSON.stringify(view.refreshed)}},"bulletins":${bulletins}},`);
  const bulletins = bulletinsOf(id, view);
  return [unchanging, status, bulletins === NONE ? remembered(view, 'end of entity', '', () => end('[]')) : end(JSON.stringify(bulletins))];
}

/** What every component's entity begins with; `resource` is the router's path. */
export function baseEntity(component: Component, resource: string, view: EntityView): ComponentEntity {
  return {
    id: component.id,
    uri: `${view.base}/${resource}/${component.id}`,
    revision: revisionDto(component.revision),
    permissions: permissions(component, view),
    position: positionDto(component.position),
  };
}

/** What was made of this sort for a key during this answer; made now where it was not. */
export function remembered<T>({ memo }: Pick<EntityView, 'memo'>, sort: string, key: unknown, make: () => T): T {
  const known = memo.get(sort) ?? new Map<unknown, unknown>();
  memo.set(sort, known);
  if (!known.has(key)) known.set(key, make());
  return known.get(key) as T;
}
