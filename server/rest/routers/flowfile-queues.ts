import type { Router } from 'express';
import type { Connection } from '../../engine/connection.ts';
import { NotFoundError } from '../../engine/errors.ts';
import type { FlowFileRecord } from '../../engine/flowfile-record.ts';
import type { QueueSize } from '../../engine/queue.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import type { Call } from '../call.ts';
import { sendContent } from '../content.ts';
import { queueRequestDto } from '../dto/asynchronous-request.ts';
import { flowFileDto, flowFileSummary, type FlowFileSummaryDto } from '../dto/flowfile.ts';
import { dropRequestDto, type Drop } from '../dto/drop-request.ts';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';

/** A listing shows so many, as in NiFi. */
const MOST_LISTED = 100;

interface Listing {
  readonly connectionId: string;
  readonly queueSize: QueueSize;
  readonly flowFileSummaries: readonly FlowFileSummaryDto[];
  readonly sourceRunning: boolean;
  readonly destinationRunning: boolean;
}

const queueUri = (call: Call): string => `${call.base}/flowfile-queues/${call.id}`;

/** /flowfile-queues */
export function flowFileQueueRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  addListingRoutes(routes);
  addDropRoutes(routes);
  const find = (call: Call): FlowFileRecord => {
    const uuid = call.parameter('uuid');
    const record = flow.connection(call.id).find(uuid);
    if (!record) throw new NotFoundError(`The FlowFile with UUID ${uuid} is no longer in the active queue.`);
    return record;
  };
  routes.get('/:id/flowfiles/:uuid', (call) => ({ flowFile: flowFileDto(find(call), queueUri(call), call.view) }));
  routes.raw('get', '/:id/flowfiles/:uuid/content', (call, response) => {
    const { committed } = find(call);
    const { content } = flow.runtime.journal;
    return sendContent(call, response, {
      size: committed.size,
      name: committed.getAttribute('filename')!,
      mimeType: committed.getAttribute('mime.type'),
      open: (offset, length) => content.readStream(committed.content.slice(offset, length)),
    });
  });
  return routes.router;
}

function list(connection: Connection, call: Call): Listing {
  const { source, destination } = connection;
  return {
    connectionId: connection.id,
    queueSize: connection.size,
    flowFileSummaries: connection.list(MOST_LISTED).map((record, index) => flowFileSummary(record, queueUri(call), call.view, index + 1)),
    sourceRunning: source.runnable.state !== 'stopped',
    destinationRunning: destination.runnable.state !== 'stopped',
  };
}

function addListingRoutes(routes: Routes): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<Listing>('listing request', clock);
  const answer = (request: AsynchronousRequest<Listing>, call: Call) => {
    const { connectionId: _, ...listing } = request.value;
    return { listingRequest: { ...queueRequestDto(request, `${queueUri(call)}/listing-requests/${request.id}`, call.view), maxResults: MOST_LISTED, ...listing } };
  };
  routes.accept('/:id/listing-requests', (call) =>
    answer(
      requests.start(call.user, list(flow.connection(call.id), call), () => undefined),
      call,
    ),
  );
  routes.get('/:id/listing-requests/:requestId', (call) => answer(requests.get(call.parameter('requestId'), call.user), call));
  routes.delete('/:id/listing-requests/:requestId', (call) => answer(requests.remove(call.parameter('requestId'), call.user), call));
}

function addDropRoutes(routes: Routes): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<Drop>('drop request', clock);
  const answer = (request: AsynchronousRequest<Drop>, call: Call) => ({ dropRequest: dropRequestDto(request, `${queueUri(call)}/drop-requests/${request.id}`, call.view) });
  routes.accept('/:id/drop-requests', (call) => {
    const connection = flow.connection(call.id);
    const value = { original: connection.size, dropped: connection.dropAll(call.user) };
    return answer(
      requests.start(call.user, value, () => undefined),
      call,
    );
  });
  routes.get('/:id/drop-requests/:requestId', (call) => answer(requests.get(call.parameter('requestId'), call.user), call));
  routes.delete('/:id/drop-requests/:requestId', (call) => answer(requests.remove(call.parameter('requestId'), call.user), call));
}
