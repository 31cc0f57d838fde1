import { InvalidRequestError } from '../../engine/errors.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import { REQUIRED_PERMISSIONS, type RequiredPermission } from '../../extension/component.ts';
import {
  ASPECTS,
  type Aspect,
  aspectOf,
  COMPONENT_RESOURCES,
  GLOBAL_PATHS,
  type GlobalPath,
  globalResource,
  policiesOf,
  type Resource,
  resourceOf,
  restrictionResource,
} from './resources.ts';

/** A path as policies name resources, taken apart. */
export interface NamedResource {
  readonly resource: Resource;
  /** What the policies for it are governed by. */
  readonly policies: Resource;
  /** The component, where it is about one. */
  readonly componentId?: string;
}

const LONGEST = 200;

/**
 * What a policy's path is about. A path whose component is gone is understood still, so that its policy can be removed.
 * Throws InvalidRequestError.
 */
export function namedResource(flow: FlowController, path: string): NamedResource {
  const found = path.length <= LONGEST ? (global(path) ?? nested(flow, path) ?? component(flow, path)) : undefined;
  if (!found) throw new InvalidRequestError(`'${path.slice(0, LONGEST)}' is no resource. GET /nifi-api/resources lists what policies can be about.`);
  return found;
}

function global(path: string): NamedResource | undefined {
  const [, restriction = ''] = /^\/restricted-components\/([\w-]+)$/.exec(path) ?? [];
  const isRestriction = Object.hasOwn(REQUIRED_PERMISSIONS, restriction);
  if (!isRestriction && !(GLOBAL_PATHS as readonly string[]).includes(path)) return undefined;
  const resource = isRestriction ? restrictionResource(restriction as RequiredPermission) : globalResource(path as GlobalPath);
  return { resource, policies: policiesOf(resource) };
}

/** `/data/...`, `/operation/...`, `/policies/...` and the like: something about a component. */
function nested(flow: FlowController, path: string): NamedResource | undefined {
  const aspect = (Object.keys(ASPECTS) as Aspect[]).find((each) => path.startsWith(`${ASPECTS[each][0]}/`));
  const base = component(flow, path.slice(aspect ? ASPECTS[aspect][0].length : '/policies'.length));
  if (aspect) return base && { ...base, resource: aspectOf(aspect, base.resource) };
  if (!path.startsWith('/policies/') || !base) return undefined;
  const resource = policiesOf(base.resource);
  return { ...base, resource, policies: policiesOf(resource) };
}

function component(flow: FlowController, path: string): NamedResource | undefined {
  const kind = (Object.keys(COMPONENT_RESOURCES) as (keyof typeof COMPONENT_RESOURCES)[]).find((each) => path.startsWith(`${COMPONENT_RESOURCES[each][0]}/`));
  const id = kind && path.slice(COMPONENT_RESOURCES[kind][0].length + 1);
  if (!kind || !id || !/^[\w-]+$/.test(id)) return undefined;
  const found = flow.find(id);
  const resource = found?.kind === kind ? resourceOf(found) : gone(kind, id);
  return { resource, policies: policiesOf(resource), componentId: id };
}

/** Nothing is inherited by what is not there: only who may write /policies may change its policies. */
function gone(kind: keyof typeof COMPONENT_RESOURCES, id: string): Resource {
  const [path, what] = COMPONENT_RESOURCES[kind];
  return { path: `${path}/${id}`, name: `${what} with ID ${id}`, parent: null };
}
