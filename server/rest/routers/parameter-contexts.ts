import type { Router } from 'express';
import { ConflictError } from '../../engine/errors.ts';
import type { ParameterImpact } from '../../engine/parameter-impact.ts';
import type { ParameterUpdate } from '../../engine/parameter-update.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import type { Call } from '../call.ts';
import { affectedComponentEntity } from '../dto/affected-component.ts';
import { requestDto } from '../dto/asynchronous-request.ts';
import { revisionDto } from '../dto/common.ts';
import { parameterContextDto, parameterContextEntity } from '../dto/parameter-context.ts';
import { updateRequestDto } from '../dto/parameter-update.ts';
import { Routes } from '../routes.ts';
import { bodyCheck, object, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import { addAssetRoutes } from './assets.ts';
import { newComponent, requiredName } from './new-component.ts';
import { type ContextBody, contextBody, contextEdit, contextFields, provisionOf, replacingEdit } from './parameter-body.ts';

const validationBody = bodyCheck<{ request: { parameterContext: ContextBody } }>(
  object({ request: object({ parameterContext: object({ id: text, name: text, ...contextFields }) }, ['parameterContext']) }, ['request']),
);

/** /parameter-contexts */
export function parameterContextRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.create('/', (call) => {
    const { claim, component } = newComponent(call, contextBody, 'Parameter context');
    const context = flow.createParameterContext(claim, {
      ...contextEdit(flow, component),
      provision: provisionOf(flow, component),
      name: requiredName(component, 'parameter context'),
    });
    return parameterContextEntity(flow, context, call.view);
  });
  routes.get('/:id', (call) => parameterContextEntity(flow, flow.parameterContext(call.id), call.view, call.flag('includeInheritedParameters')));
  routes.put('/:id', async (call) => {
    const { revision, component } = call.body(contextBody);
    call.checkId(component.id);
    const context = flow.parameterContext(call.id);
    const update = flow.updateParameterContext(context, call.claim(revision), contextEdit(flow, component, context));
    await update.done;
    if (update.failureReason !== undefined) throw new ConflictError(update.failureReason);
    return parameterContextEntity(flow, context, call.view);
  });
  routes.delete('/:id', (call) => {
    const context = flow.parameterContext(call.id);
    const last = parameterContextEntity(flow, context, call.view);
    flow.remove(context, call.claimFromQuery());
    return { ...last, revision: undefined };
  });
  addUpdateRoutes(routes);
  addValidationRoutes(routes);
  addAssetRoutes(routes);
  return routes.router;
}

function addUpdateRoutes(routes: Routes): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<ParameterUpdate>('update request', clock);
  routes.post('/:id/update-requests', (call) => {
    const { revision, component } = call.body(contextBody);
    call.checkId(component.id);
    const context = flow.parameterContext(call.id);
    const update = flow.updateParameterContext(context, call.claim(revision), contextEdit(flow, component, context));
    return updateEntity(
      requests.start(call.user, update, () => update.done),
      call,
    );
  });
  routes.get('/:id/update-requests/:requestId', (call) => updateEntity(requests.get(call.parameter('requestId'), call.user), call));
  routes.delete('/:id/update-requests/:requestId', (call) => {
    const request = requests.remove(call.parameter('requestId'), call.user);
    request.value.cancel();
    return updateEntity(request, call);
  });
}

function updateEntity(request: AsynchronousRequest<ParameterUpdate>, call: Call) {
  const { changes, affected } = request.value;
  const { flow } = call.services;
  const { context } = changes[0]!;
  return {
    parameterContextRevision: revisionDto(context.revision),
    request: {
      ...updateRequestDto(request, request.value, `${call.base}/parameter-contexts/${context.id}/update-requests/${request.id}`, call.view),
      parameterContext: parameterContextDto(flow, context, call.view, false),
      referencingComponents: affected.map((node) => affectedComponentEntity(node, call.view)),
    },
  };
}

interface Validation {
  readonly contextId: string;
  readonly impacts: readonly ParameterImpact[];
}

function addValidationRoutes(routes: Routes): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<Validation>('validation request', clock);
  routes.post('/:id/validation-requests', (call) => {
    const { parameterContext } = call.body(validationBody).request;
    const context = flow.parameterContext(call.id);
    const impacts = flow.validateParameters(context, replacingEdit(flow, parameterContext, context));
    return validationEntity(
      requests.start(call.user, { contextId: context.id, impacts }, () => undefined),
      call,
    );
  });
  routes.get('/:id/validation-requests/:requestId', (call) => validationEntity(requests.get(call.parameter('requestId'), call.user), call));
  routes.delete('/:id/validation-requests/:requestId', (call) => validationEntity(requests.remove(call.parameter('requestId'), call.user), call));
}

function validationEntity(request: AsynchronousRequest<Validation>, call: Call) {
  const { contextId, impacts } = request.value;
  const steps = [{ description: 'Validating Components', complete: request.finished, failureReason: request.failure }];
  return {
    request: {
      ...requestDto(request, `${call.base}/parameter-contexts/${contextId}/validation-requests/${request.id}`, call.view),
      updateSteps: steps,
      componentValidationResults: { validationResults: impacts.map((impact) => impactEntity(impact, call)) },
    },
  };
}

function impactEntity({ component, currentErrors, resultErrors }: ParameterImpact, call: Call) {
  const { processGroup: _, referenceType: __, ...entity } = affectedComponentEntity(component, call.view);
  return {
    ...entity,
    component: {
      ...entity.component,
      currentlyValid: currentErrors.length === 0,
      validationErrors: [...currentErrors],
      resultsValid: resultErrors.length === 0,
      resultantValidationErrors: [...resultErrors],
    },
  };
}
