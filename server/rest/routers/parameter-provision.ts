import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { ParameterProviderNode } from '../../engine/parameter-provider-node.ts';
import type { GroupConfiguration } from '../../engine/parameter-provision.ts';
import type { ParameterUpdate } from '../../engine/parameter-update.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import type { Call, RevisionBody } from '../call.ts';
import { affectedComponentEntity } from '../dto/affected-component.ts';
import { revisionDto } from '../dto/common.ts';
import { parameterContextDto } from '../dto/parameter-context.ts';
import { parameterProviderDto } from '../dto/parameter-provider.ts';
import { updateRequestDto } from '../dto/parameter-update.ts';
import type { Routes } from '../routes.ts';
import { bodyCheck, flag, list, object, revision, text, textMap } from '../schemas.ts';

interface GroupBody {
  groupName: string;
  parameterContextName?: string | null;
  parameterSensitivities?: Record<string, string | null> | null;
  synchronized?: boolean | null;
}

const group = object({ groupName: { type: 'string' }, parameterContextName: text, parameterSensitivities: textMap, synchronized: flag }, ['groupName']);
const applyBody = bodyCheck<{ id?: string | null; revision?: RevisionBody; parameterGroupConfigurations?: GroupBody[] | null }>(
  object({ id: text, revision, parameterGroupConfigurations: list(group) }),
);

const SENSITIVITIES: Readonly<Record<string, boolean>> = { SENSITIVE: true, NON_SENSITIVE: false };

/** What the body says of a group, as the engine takes it. Throws InvalidRequestError where it does not say whether a parameter is sensitive. */
function groupConfiguration({ groupName, parameterContextName, parameterSensitivities, synchronized }: GroupBody, { fetched }: ParameterProviderNode): GroupConfiguration {
  const sensitive = new Map<string, boolean>();
  for (const [name, said] of Object.entries(parameterSensitivities ?? {})) {
    if (!fetched.get(groupName)?.has(name)) continue;
    const isSensitive = SENSITIVITIES[said ?? ''];
    if (isSensitive === undefined) throw new InvalidRequestError(`The sensitivity of parameter ${name} of the group '${groupName}' must be SENSITIVE or NON_SENSITIVE.`);
    sensitive.set(name, isSensitive);
  }
  return { group: groupName, context: parameterContextName ?? groupName, sensitive, synchronized: synchronized ?? false };
}

interface Application {
  readonly provider: ParameterProviderNode;
  readonly update: ParameterUpdate;
}

/** .../{id}/apply-parameters-requests: writes what was fetched into parameter contexts. */
export function addApplyRoutes(routes: Routes, find: (id: string) => ParameterProviderNode): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<Application>('apply parameters request', clock);
  const path = '/:id/apply-parameters-requests';
  const known = (call: Call, request: AsynchronousRequest<Application>): AsynchronousRequest<Application> => {
    if (request.value.provider.id !== call.id) throw new NotFoundError(`Unable to find apply parameters request with id '${request.id}' of parameter provider ${call.id}.`);
    return request;
  };
  routes.post(path, (call) => {
    const { id, revision: claimed, parameterGroupConfigurations } = call.body(applyBody);
    call.checkId(id);
    const provider = find(call.id);
    const groups = (parameterGroupConfigurations ?? []).map((group) => groupConfiguration(group, provider));
    const update = flow.applyProvided(provider, call.claim(claimed), groups);
    return applicationEntity(
      requests.start(call.user, { provider, update }, () => update.done),
      call,
    );
  });
  routes.get(`${path}/:requestId`, (call) => applicationEntity(known(call, requests.get(call.parameter('requestId'), call.user)), call));
  routes.delete(`${path}/:requestId`, (call) => {
    const request = known(call, requests.get(call.parameter('requestId'), call.user));
    requests.remove(request.id, call.user);
    request.value.update.cancel();
    return applicationEntity(request, call);
  });
}

function applicationEntity(request: AsynchronousRequest<Application>, call: Call) {
  const { provider, update } = request.value;
  const { flow } = call.services;
  const affected = update.affected.map((node) => affectedComponentEntity(node, call.view));
  const contexts = [...update.created, ...update.changes.map(({ context }) => context)];
  return {
    request: {
      ...updateRequestDto(request, update, `${call.base}/parameter-providers/${provider.id}/apply-parameters-requests/${request.id}`, call.view),
      parameterProvider: parameterProviderDto(flow, provider, call.view),
      parameterContextUpdates: contexts.map((context) => ({
        parameterContextRevision: revisionDto(context.revision),
        parameterContext: parameterContextDto(flow, context, call.view, false),
        referencingComponents: affected,
      })),
      referencingComponents: affected,
    },
  };
}
