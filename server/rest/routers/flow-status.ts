import { canRead, shownName } from '../dto/common.ts';
import { connectionStatus, portStatus, processorStatus, connectionName } from '../dto/status.ts';
import { groupStatus } from '../dto/group-status.ts';
import { statusHistoryEntity } from '../dto/status-history.ts';
import type { Routes } from '../routes.ts';

/** How deep `recursive=true` goes. */
const ALL_LEVELS = Number.POSITIVE_INFINITY;

/** /flow/.../status and /flow/.../status/history */
export function addFlowStatusRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/processors/:id/status', (call) => ({ canRead: canRead(flow.processor(call.id), call.view), processorStatus: processorStatus(flow.processor(call.id), call.view) }));
  routes.get('/connections/:id/status', (call) => ({
    canRead: canRead(flow.connection(call.id), call.view),
    connectionStatus: connectionStatus(flow.connection(call.id), call.view),
  }));
  routes.get('/input-ports/:id/status', (call) => ({
    canRead: canRead(flow.port(call.id, 'INPUT_PORT'), call.view),
    portStatus: portStatus(flow.port(call.id, 'INPUT_PORT'), call.view),
  }));
  routes.get('/output-ports/:id/status', (call) => ({
    canRead: canRead(flow.port(call.id, 'OUTPUT_PORT'), call.view),
    portStatus: portStatus(flow.port(call.id, 'OUTPUT_PORT'), call.view),
  }));
  routes.get('/process-groups/:id/status', (call) => ({
    canRead: canRead(flow.group(call.id), call.view),
    processGroupStatus: groupStatus(flow.group(call.id), call.view, call.flag('recursive') ? ALL_LEVELS : 1),
  }));
  routes.get('/connections/:id/statistics', (call) => {
    const connection = flow.connection(call.id);
    const { id } = connection;
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
    return { canRead: canRead(connection, call.view), connectionStatistics: { id, statsLastRefreshed: call.view.refreshed, aggregateSnapshot: { id, ...none } } };
  });
  addHistoryRoutes(routes);
}

function addHistoryRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/processors/:id/status/history', (call) => {
    const node = flow.processor(call.id);
    const details = { 'Group Id': node.group.id, Id: node.id, Name: shownName(node, call.view), Type: canRead(node, call.view) ? node.runnable.type : 'Processor' };
    return statusHistoryEntity(flow.statusHistory.of(node), details, canRead(node, call.view), call.view);
  });
  routes.get('/connections/:id/status/history', (call) => {
    const connection = flow.connection(call.id);
    const details = {
      'Group Id': connection.group.id,
      Id: connection.id,
      Name: canRead(connection, call.view) ? connectionName(connection) : connection.id,
      'Source Name': shownName(connection.source, call.view),
      'Destination Name': shownName(connection.destination, call.view),
    };
    return statusHistoryEntity(flow.statusHistory.of(connection), details, canRead(connection, call.view), call.view);
  });
  routes.get('/process-groups/:id/status/history', (call) => {
    const group = flow.group(call.id);
    return statusHistoryEntity(flow.statusHistory.of(group), { Id: group.id, Name: shownName(group, call.view) }, canRead(group, call.view), call.view);
  });
}
