import type { Router } from 'express';
import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { Action, PolicyRecord } from '../authorization/access-control.ts';
import { namedResource } from '../authorization/resource-paths.ts';
import type { Resource } from '../authorization/resources.ts';
import { resourcePath } from '../authorization/targets.ts';
import type { Call, RevisionBody } from '../call.ts';
import { policyEntity } from '../dto/policy.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, list, object, reference, type ReferenceBody, revision, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { controlOf, idsOf } from './tenants.ts';

interface PolicyBody {
  id?: string | null;
  resource?: string | null;
  action?: string | null;
  users?: ReferenceBody[] | null;
  userGroups?: ReferenceBody[] | null;
}

const policyBody = bodyCheck<{ revision?: RevisionBody; component: PolicyBody }>(
  object({ revision, component: object({ id: text, resource: text, action: text, users: list(reference), userGroups: list(reference) }) }, ['component']),
);

/** /policies */
export function policyRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const answer = (policy: PolicyRecord, call: Call) => policyEntity(policy, controlOf(services), flow, call.view);
  routes.create('/', (call) => {
    const { revision: claimed, component } = call.body(policyBody);
    const claim = call.claimNew(claimed);
    if (component.id) throw new InvalidRequestError('The id of the access policy cannot be specified.');
    if (!component.resource) throw new InvalidRequestError('The resource of the access policy must be specified.');
    const { resource } = namedResource(flow, component.resource);
    return answer(controlOf(services).createPolicy(resource.path, actionOf(component.action), editOf(component), claim), call);
  });
  routes.get('/:id', (call) => answer(controlOf(services).policy(call.id), call));
  routes.get('/:action/*resource', (call) => {
    const { resource } = namedResource(flow, resourcePath(call.request.params.resource));
    return answer(effective(services, actionOf(call.parameter('action')), resource), call);
  });
  routes.put('/:id', (call) => {
    const { revision: claimed, component } = call.body(policyBody);
    call.checkId(component.id);
    return answer(controlOf(services).updatePolicy(call.id, editOf(component), call.claim(claimed)), call);
  });
  routes.delete('/:id', (call) => {
    const last = answer(controlOf(services).policy(call.id), call);
    controlOf(services).removePolicy(call.id, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  return routes.router;
}

/** The policy that counts for a resource: its own, or that of the nearest parent which has one. Throws NotFoundError. */
function effective(services: RestServices, action: Action, resource: Resource): PolicyRecord {
  for (let at: Resource | null = resource; at; at = at.parent) {
    const policy = controlOf(services).findPolicy(at.path, action);
    if (policy) return policy;
  }
  throw new NotFoundError(`Unable to find a policy to ${action} ${resource.path}, or one that it would inherit.`);
}

function actionOf(text: string | null | undefined): Action {
  if (text === 'read' || text === 'write') return text;
  throw new InvalidRequestError(`The action of an access policy must be read or write, not '${text ?? ''}'.`);
}

function editOf({ users, userGroups }: PolicyBody) {
  return { users: idsOf(users), groups: idsOf(userGroups) };
}
