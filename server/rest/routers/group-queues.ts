import type { ProcessGroup } from '../../engine/process-group.ts';
import type { QueueSize } from '../../engine/queue.ts';
import { type AsynchronousRequest, AsynchronousRequests } from '../asynchronous-requests.ts';
import type { Call } from '../call.ts';
import { type Drop, dropRequestDto } from '../dto/drop-request.ts';
import type { Routes } from '../routes.ts';

const add = (sum: QueueSize, size: QueueSize): QueueSize => ({ objectCount: sum.objectCount + size.objectCount, byteCount: sum.byteCount + size.byteCount });

function emptyAll(group: ProcessGroup, user: string): Drop {
  const connections = [...group.tree()].flatMap((each) => [...each.connections.values()]).filter(({ queue }) => !queue.isEmpty);
  const none: QueueSize = { objectCount: 0, byteCount: 0 };
  return {
    original: connections.map(({ size }) => size).reduce(add, none),
    dropped: connections.map((connection) => connection.dropAll(user)).reduce(add, none),
  };
}

/** /process-groups/{id}/empty-all-connections-requests */
export function addEmptyRoutes(routes: Routes): void {
  const { flow, clock } = routes.services;
  const requests = new AsynchronousRequests<Drop>('drop request', clock);
  const path = '/:id/empty-all-connections-requests';
  const answer = (request: AsynchronousRequest<Drop>, call: Call) => ({
    dropRequest: dropRequestDto(request, `${call.base}/process-groups/${call.id}/empty-all-connections-requests/${request.id}`, call.view),
  });
  routes.accept(path, (call) =>
    answer(
      requests.start(call.user, emptyAll(flow.group(call.id), call.user), () => undefined),
      call,
    ),
  );
  routes.get(`${path}/:requestId`, (call) => answer(requests.get(call.parameter('requestId'), call.user), call));
  routes.delete(`${path}/:requestId`, (call) => answer(requests.remove(call.parameter('requestId'), call.user), call));
}
