import { connectionStatus, portStatus, processorStatus, connectionName } from '../dto/status.ts';
import { groupStatus } from '../dto/group-status.ts';
import { statusHistoryEntity } from '../dto/status-history.ts';
import type { Routes } from '../routes.ts';

/** How deep `recursive=true` goes. */
const ALL_LEVELS = Number.POSITIVE_INFINITY;

/** /flow/.../status and /flow/.../status/history */
export function addFlowStatusRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/processors/:id/status', (call) => ({ canRead: true, processorStatus: processorStatus(flow.processor(call.id), call.view) }));
  routes.get('/connections/:id/status', (call) => ({ canRead: true, connectionStatus: connectionStatus(flow.connection(call.id), call.view) }));
  routes.get('/input-ports/:id/status', (call) => ({ canRead: true, portStatus: portStatus(flow.port(call.id, 'INPUT_PORT'), call.view) }));
  routes.get('/output-ports/:id/status', (call) => ({ canRead: true, portStatus: portStatus(flow.port(call.id, 'OUTPUT_PORT'), call.view) }));
  routes.get('/process-groups/:id/status', (call) => ({ canRead: true, processGroupStatus: groupStatus(flow.group(call.id), call.view, call.flag('recursive') ? ALL_LEVELS : 1) }));
  routes.get('/connections/:id/statistics', (call) => {
    const { id } = flow.connection(call.id);
    // -1 stands for "no prediction".
    const none = {
      predictedMillisUntilCountBackpressure: -1,
      predictedMillisUntilBytesBackpressure: -1,
      predictedCountAtNextInterval: -1,
      predictedBytesAtNextInterval: -1,
      predictedPercentCount: -1,
      predictedPercentBytes: -1,
      predictionIntervalMillis: -1,
    };
    return { canRead: true, connectionStatistics: { id, statsLastRefreshed: call.view.refreshed, aggregateSnapshot: { id, ...none } } };
  });
  addHistoryRoutes(routes);
}

function addHistoryRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/processors/:id/status/history', (call) => {
    const node = flow.processor(call.id);
    const details = { 'Group Id': node.group.id, Id: node.id, Name: node.name, Type: node.runnable.type };
    return statusHistoryEntity(flow.statusHistory.of(node), details, call.view);
  });
  routes.get('/connections/:id/status/history', (call) => {
    const connection = flow.connection(call.id);
    const details = {
      'Group Id': connection.group.id,
      Id: connection.id,
      Name: connectionName(connection),
      'Source Name': connection.source.name,
      'Destination Name': connection.destination.name,
    };
    return statusHistoryEntity(flow.statusHistory.of(connection), details, call.view);
  });
  routes.get('/process-groups/:id/status/history', (call) => {
    const group = flow.group(call.id);
    return statusHistoryEntity(flow.statusHistory.of(group), { Id: group.id, Name: group.name }, call.view);
  });
}
