import type { ControllerLevelKind, ControllerLevelNode, ControllerLevelSpec } from '../../engine/controller-level.ts';
import { CONTROLLER_LEVEL } from '../../engine/controller-level.ts';
import { DEFINITION_KINDS } from '../../engine/component-types.ts';
import { InvalidRequestError } from '../../engine/errors.ts';
import type { ComponentEntity, EntityView } from '../dto/common.ts';
import type { Routes } from '../routes.ts';
import { entity as entityBody } from '../schemas.ts';
import type { Schema } from '../validation.ts';
import { addBulletinRoutes } from './bulletins.ts';
import { type ConfiguredBody, configuredEdit, configuredFields, noSecrets } from './configured-body.ts';
import { addDescriptorRoutes } from './descriptors.ts';
import { newComponent } from './new-component.ts';
import { addVerificationRoutes } from './verification.ts';

/** How the API speaks of a kind of components outside of all groups. */
export interface ControllerLevelResource<K extends ControllerLevelKind, B extends ConfiguredBody = ConfiguredBody> {
  readonly kind: K;
  /** Where its components are: `controller/registry-clients`. */
  readonly path: string;
  entity(node: ControllerLevelNode<K>, view: EntityView): ComponentEntity;
  /** What bodies of this kind say besides what all say. */
  readonly fields?: Record<string, Schema>;
  /** The part of an edit that comes from these. */
  edit?(body: B): Partial<ControllerLevelSpec<K>>;
  /** Does what a body says of the state, after the edit. */
  setState?(node: ControllerLevelNode<K>, body: B): void;
}

type AnyNode<K extends ControllerLevelKind> = ControllerLevelNode<K> & ControllerLevelNode;

/** POST: makes one. */
export function addCreation<K extends ControllerLevelKind, B extends ConfiguredBody>(routes: Routes, path: string, resource: ControllerLevelResource<K, B>): void {
  const { kind, fields = {}, edit, entity, setState } = resource;
  const { flow } = routes.services;
  const check = entityBody<B & { type: string }>({ ...configuredFields, ...fields, type: { type: ['string', 'null'] } });
  routes.create(path, (call) => {
    const what = DEFINITION_KINDS[CONTROLLER_LEVEL[kind].declaredAs];
    const { claim, component } = newComponent(call, check, `${what[0]!.toUpperCase()}${what.slice(1)}`);
    if (!component.type) throw new InvalidRequestError(`The type of the ${what} to create must be specified.`);
    const spec = { type: component.type, ...configuredEdit(component, noSecrets), ...edit?.(component) } as ControllerLevelSpec<K>;
    const node = flow.createControllerLevel(kind, claim, spec);
    setState?.(node, component);
    return entity(node, call.view);
  });
}

/** GET, PUT and DELETE .../{id}, its descriptors, bulletins and "Test connection". */
export function addControllerLevelRoutes<K extends ControllerLevelKind, B extends ConfiguredBody>(routes: Routes, resource: ControllerLevelResource<K, B>): void {
  const { kind, path, fields = {}, edit, entity, setState } = resource;
  const { flow } = routes.services;
  const check = entityBody<B>({ ...configuredFields, ...fields });
  const find = (id: string) => flow.controllerLevel(kind, id) as AnyNode<K>;
  routes.get('/:id', (call) => entity(find(call.id), call.view));
  routes.put('/:id', (call) => {
    const { revision, component } = call.body(check);
    call.checkId(component.id);
    const node = find(call.id);
    flow.change(node, call.claim(revision), () => {
      const changes = { ...configuredEdit(component, node.properties), ...edit?.(component) };
      if (Object.values(changes).some((value) => value !== undefined)) node.configure(changes);
      setState?.(node, component);
    });
    return entity(node, call.view);
  });
  routes.delete('/:id', (call) => {
    const node = find(call.id);
    const last = entity(node, call.view);
    flow.remove(node, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  addDescriptorRoutes(routes, find);
  addBulletinRoutes(routes, find);
  addVerificationRoutes(routes, path, find);
}
