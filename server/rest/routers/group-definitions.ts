import express from 'express';
import type { Position } from '../../engine/component.ts';
import { InvalidRequestError } from '../../engine/errors.ts';
import type { FlowDefinition } from '../../engine/flow-definition/format.ts';
import { checkDefinition } from '../authorization/definitions.ts';
import { AsynchronousRequests, type AsynchronousRequest } from '../asynchronous-requests.ts';
import type { Call, RevisionBody } from '../call.ts';
import { definitionCheck, flowDefinition } from '../definition-schema.ts';
import { requestDto } from '../dto/asynchronous-request.ts';
import { revisionDto } from '../dto/common.ts';
import { processGroupEntity } from '../dto/process-group.ts';
import { HttpError } from '../errors.ts';
import type { Routes } from '../routes.ts';
import { object, position, revision, text } from '../schemas.ts';

const importBody = definitionCheck<{ groupName?: string | null; positionDTO?: Position | null; revisionDTO?: RevisionBody; flowSnapshot: FlowDefinition }>((definition) =>
  object({ groupName: text, positionDTO: position, revisionDTO: revision, flowSnapshot: definition }, ['flowSnapshot']),
);

const replaceBody = definitionCheck<{ processGroupRevision?: RevisionBody; versionedFlowSnapshot: FlowDefinition }>((definition) =>
  object({ processGroupRevision: revision, versionedFlowSnapshot: definition }, ['versionedFlowSnapshot']),
);

/** Flow definitions are read whole before they are looked at. */
const MOST_BYTES = '50mb';

/** /process-groups/{id}/download, upload, import and replace-requests */
export function addDefinitionRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.raw('get', '/:id/download', (call, response) => {
    const group = flow.group(call.id);
    const definition = flow.export(group, { includeReferencedServices: call.flag('includeReferencedServices') });
    response
      .attachment(`${group.name.replaceAll(/\s/g, '_')}.json`)
      .type('application/json')
      .send(JSON.stringify(definition));
  });
  routes.router.use('/:id/process-groups/upload', express.raw({ type: 'multipart/form-data', limit: MOST_BYTES }));
  routes.create('/:id/process-groups/upload', async (call) => {
    const parent = flow.group(call.id);
    const { definition, name, at, clientId } = await uploaded(call);
    checkDefinition(flow, definition, parent, call.rights);
    const group = flow.import(parent, { version: 0, clientId, user: call.user }, definition, { name, position: at });
    return processGroupEntity(group, call.view);
  });
  routes.create('/:id/process-groups/import', (call) => {
    const { groupName, positionDTO, revisionDTO, flowSnapshot } = call.body(importBody);
    const group = flow.import(flow.group(call.id), call.claimNew(revisionDTO), flowSnapshot, { name: groupName ?? undefined, position: positionDTO ?? undefined });
    return processGroupEntity(group, call.view);
  });
  addReplaceRoutes(routes);
}

/** The fields of a multipart upload. */
async function uploaded(call: Call): Promise<{ definition: FlowDefinition; name: string; at: Position | undefined; clientId: string | undefined }> {
  const { body, headers } = call.request as { body: unknown; headers: Record<string, string | undefined> };
  if (!Buffer.isBuffer(body)) throw new HttpError(415, 'A flow definition is uploaded as multipart/form-data.');
  const form = await formOf(body, headers['content-type']!);
  const field = (name: string): string | undefined => {
    const value = form.get(name);
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const name = field('groupName');
  if (name === undefined) throw new InvalidRequestError('The name of the process group (groupName) must be specified.');
  const file = form.get('file');
  if (file === null) throw new InvalidRequestError('The flow definition (file) must be specified.');
  const text = typeof file === 'string' ? file : await file.text();
  return { definition: flowDefinition(parsed(text)), name, at: positionOf(field('positionX'), field('positionY')), clientId: field('clientId') };
}

function formOf(body: Buffer, contentType: string): Promise<FormData> {
  return new Response(new Uint8Array(body), { headers: { 'Content-Type': contentType } }).formData().catch((cause: Error) => {
    throw new InvalidRequestError(`The multipart body could not be read: ${cause.message}.`);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidRequestError(`The flow definition is not JSON: ${(cause as Error).message}.`);
  }
}

function positionOf(x: string | undefined, y: string | undefined): Position | undefined {
  if (x === undefined || y === undefined) return undefined;
  return { x: Number(x), y: Number(y) };
}

function addReplaceRoutes(routes: Routes): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<string>('replace request', clock);
  const answer = (request: AsynchronousRequest<string>, call: Call) => {
    const processGroupId = request.value;
    const group = flow.find(processGroupId);
    const dto = requestDto(request, `${call.base}/process-groups/replace-requests/${request.id}`, call.view);
    // Of all requests only those that change a flow say nothing of when they were made.
    return { processGroupRevision: group && revisionDto(group.revision), request: { ...dto, submissionTime: undefined, processGroupId } };
  };
  routes.post('/:id/replace-requests', (call) => {
    const { processGroupRevision, versionedFlowSnapshot } = call.body(replaceBody);
    const group = flow.group(call.id);
    const claim = call.claim(processGroupRevision);
    return answer(
      requests.start(call.user, group.id, () => flow.replace(group, claim, versionedFlowSnapshot)),
      call,
    );
  });
  routes.put('/:id/flow-contents', async (call) => {
    const { processGroupRevision, versionedFlowSnapshot } = call.body(replaceBody);
    const group = flow.group(call.id);
    await flow.replace(group, call.claim(processGroupRevision), versionedFlowSnapshot);
    return { processGroupRevision: revisionDto(group.revision), versionedFlowSnapshot: flow.export(group) };
  });
  routes.get('/replace-requests/:id', (call) => answer(requests.get(call.id, call.user), call));
  routes.delete('/replace-requests/:id', (call) => answer(requests.remove(call.id, call.user), call));
}
