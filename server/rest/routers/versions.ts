import { randomUUID } from 'node:crypto';
import type { Router } from 'express';
import type { RevisionClaim } from '../../engine/component.ts';
import { ConflictError, InvalidRequestError } from '../../engine/errors.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import type { Approve } from '../../engine/version-control/service.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import { checkDefinition } from '../authorization/definitions.ts';
import type { Call } from '../call.ts';
import { requestDto } from '../dto/asynchronous-request.ts';
import { revisionDto } from '../dto/common.ts';
import { versionControlDto, versionControlEntity } from '../dto/version-control.ts';
import { HttpError, sendText } from '../errors.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';
import { activeBody, mappingBody, saveBody, snapshotBody, versionBody, wantedVersion } from './version-body.ts';

/** Comments and descriptions may have so many characters, names so many (NiFi). */
const [MOST_TEXT, MOST_NAME] = [65_535, 1000];

/** /versions */
export function versionRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  addGroupRoutes(routes);
  addActiveRequests(routes);
  const { versions } = services.flow;
  addChangeRequests(routes, 'update', (group, claim, wanted, approve) => versions.changeVersion(group, claim, wanted, approve));
  addChangeRequests(routes, 'revert', (group, claim, _wanted, approve) => versions.revert(group, claim, approve));
  return routes.router;
}

function addGroupRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/process-groups/:id', async (call) => {
    const group = flow.group(call.id);
    await flow.versions.refresh(group);
    return versionControlEntity(group, call.view);
  });
  routes.post('/process-groups/:id', async (call) => {
    const group = flow.group(call.id);
    const { processGroupRevision, versionedFlow } = call.body(saveBody);
    await flow.versions.save(group, call.claim(processGroupRevision), saving(versionedFlow));
    return versionControlEntity(group, call.view);
  });
  routes.put('/process-groups/:id', async (call) => {
    const group = flow.group(call.id);
    const { processGroupRevision, registryId, versionedFlowSnapshot } = call.body(snapshotBody);
    const { snapshotMetadata, flow: _, bucket: __, ...definition } = versionedFlowSnapshot;
    const known = flow.versions.of(group).coordinates;
    const { bucketIdentifier, flowIdentifier, version, branch } = snapshotMetadata;
    const wanted = {
      registryId: registryId ?? known.registryId,
      branch: branch ?? undefined,
      bucketId: bucketIdentifier,
      flowId: flowIdentifier,
      version: version ?? known.version,
    };
    await flow.versions.replace(group, call.claim(processGroupRevision), wanted, definition);
    return versionControlEntity(group, call.view);
  });
  routes.delete('/process-groups/:id', (call) => {
    const group = flow.group(call.id);
    flow.versions.disconnect(group, call.claimFromQuery());
    return versionControlEntity(group, call.view);
  });
  routes.raw('get', '/process-groups/:id/download', (call, response) => {
    const group = flow.group(call.id);
    const snapshot = flow.versions.snapshot(group);
    const { flowName } = flow.versions.of(group).stored;
    response
      .attachment(`${flowName.replaceAll(/\s/g, '_')}-version-${flow.versions.of(group).version}.json`)
      .type('application/json')
      .send(JSON.stringify(snapshot));
  });
}

function saving({ action, registryId, branch, bucketId, flowId, flowName, description, comments }: ReturnType<typeof saveBody>['versionedFlow']) {
  if (!registryId) throw new InvalidRequestError('The id of the flow registry client (registryId) must be specified.');
  if (!bucketId) throw new InvalidRequestError('The bucket (bucketId) must be specified.');
  if (!flowId && !flowName?.trim()) throw new InvalidRequestError('The name of a new flow (flowName), or the id of one that is there (flowId), must be specified.');
  const lengths: [string, string | null | undefined, number][] = [
    ['flowName', flowName, MOST_NAME],
    ['description', description, MOST_TEXT],
    ['comments', comments, MOST_TEXT],
  ];
  const long = lengths.find(([, text, most]) => (text?.length ?? 0) > most);
  if (long) throw new InvalidRequestError(`${long[0]} may have at most ${long[2]} characters.`);
  return {
    registryId,
    branch: branch || undefined,
    bucketId,
    flowId: flowId || undefined,
    flowName: flowName?.trim() || undefined,
    description: description ?? undefined,
    comments: comments ?? '',
    force: action === 'FORCE_COMMIT',
  };
}

/** NiFi's nodes agree by these on who puts a group under version control; any client may. */
function addActiveRequests(routes: Routes): void {
  const { flow, clock } = routes.services;
  let active: { readonly id: string; readonly groupId: string; readonly user: string; readonly until: number } | undefined;
  const current = (call: Call) => {
    if (!active || active.id !== call.id || active.until < clock.now()) throw new ConflictError(`No version control request with id ${call.id} is active. Create one.`);
    if (active.user !== call.user) throw new HttpError(403, 'Only the user that created the version control request can use it.');
    return active;
  };
  routes.raw('post', '/active-requests', (call, response) => {
    const { processGroupId } = call.body(activeBody);
    flow.group(processGroupId);
    if (active && active.until > clock.now()) throw new ConflictError('Another version control request is active. Wait until it has ended.');
    active = { id: randomUUID(), groupId: processGroupId, user: call.user, until: clock.now() + 60_000 };
    sendText(response, 200, active.id);
  });
  routes.put('/active-requests/:id', (call) => {
    const { groupId } = current(call);
    const { processGroupRevision, versionControlInformation, versionControlComponentMapping } = call.body(mappingBody);
    if (versionControlInformation.groupId && versionControlInformation.groupId !== groupId)
      throw new ConflictError('The version control request was made for another process group.');
    const group = flow.group(groupId);
    const wanted = { ...wantedVersion(versionControlInformation), flowName: versionControlInformation.flowName ?? undefined };
    flow.versions.assign(group, call.claim(processGroupRevision), wanted, versionControlComponentMapping);
    return versionControlEntity(group, call.view);
  });
  routes.raw('delete', '/active-requests/:id', (call, response) => {
    current(call);
    active = undefined;
    response.status(200).end();
  });
}

type Change = (group: ProcessGroup, claim: RevisionClaim, wanted: ReturnType<typeof wantedVersion>, approve: Approve) => Promise<void>;

/** update-requests and revert-requests: begun, asked for, deleted. */
function addChangeRequests(routes: Routes, kind: 'update' | 'revert', change: Change): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<string>(`${kind} request`, clock);
  const answer = (request: AsynchronousRequest<string>, call: Call) => {
    const group = flow.find(request.value) as ProcessGroup | undefined;
    const { submissionTime: _, ...dto } = requestDto(request, `${call.base}/versions/${kind}-requests/${request.id}`, call.view);
    const versionControlInformation = group && versionControlDto(group, call.view);
    return { processGroupRevision: group && revisionDto(group.revision), request: { ...dto, processGroupId: request.value, versionControlInformation } };
  };
  routes.post(`/${kind}-requests/process-groups/:id`, (call) => {
    const { processGroupRevision, versionControlInformation } = call.body(versionBody);
    const group = flow.group(call.id);
    const claim = call.claim(processGroupRevision);
    const wanted = wantedVersion(versionControlInformation);
    const { rights } = call;
    const approve: Approve = (definition) => checkDefinition(flow, definition, group, rights);
    return answer(
      requests.start(call.user, group.id, () => change(group, claim, wanted, approve)),
      call,
    );
  });
  routes.get(`/${kind}-requests/:id`, (call) => answer(requests.get(call.id, call.user), call));
  routes.delete(`/${kind}-requests/:id`, (call) => answer(requests.remove(call.id, call.user), call));
}
