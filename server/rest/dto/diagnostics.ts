import type { Connection } from '../../engine/connection.ts';
import type { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { formatDataSize, formatDuration } from '../format.ts';
import type { RestServices } from '../services.ts';
import { systemDiagnostics } from '../system-diagnostics.ts';
import { bundleDto, canRead, type EntityView } from './common.ts';
import { connectionDto } from './connection.ts';
import { controllerServiceEntity } from './controller-service.ts';
import { processorEntity } from './processor.ts';

/** What helps to find out why a processor does not do what it should: itself, its services, its queues and the process it runs in. */
export function processorDiagnosticsEntity(node: ProcessorNode, services: RestServices, view: EntityView) {
  const { component: processor, status, ...entity } = processorEntity(node, view);
  return {
    ...entity,
    uri: `${entity.uri}/diagnostics`,
    component: {
      processor,
      processorStatus: status,
      referencedControllerServices: servicesOf(node, services).map((service) => ({ controllerService: controllerServiceEntity(service, view) })),
      incomingConnections: [...node.incoming].filter((each) => canRead(each, view)).map(connectionDiagnostics),
      outgoingConnections: [...node.outgoing].filter((each) => canRead(each, view)).map(connectionDiagnostics),
      jvmDiagnostics: { clustered: false, connected: false, aggregateSnapshot: processDiagnostics(services, view) },
      // All processors share one thread.
      threadDumps: [],
    },
  };
}

function servicesOf(node: ProcessorNode, { flow }: RestServices): ControllerServiceNode[] {
  return [...flow.root.tree()].flatMap((group) => [...group.services.values()]).filter((service) => service.users().includes(node));
}

function connectionDiagnostics(connection: Connection) {
  const { objectCount: totalFlowFileCount, byteCount: totalByteCount } = connection.size;
  const waiting = [...connection.queue.list()];
  const waitingBytes = waiting.reduce((sum, record) => sum + record.committed.content.length, 0);
  const penalized = waiting.filter(({ penaltyUntil }) => penaltyUntil > 0).length;
  return {
    connection: connectionDto(connection),
    aggregateSnapshot: {
      totalFlowFileCount,
      totalByteCount,
      localQueuePartition: {
        totalFlowFileCount,
        totalByteCount,
        activeQueueFlowFileCount: waiting.length,
        activeQueueByteCount: waitingBytes,
        // Queues are in memory whole.
        swapFlowFileCount: 0,
        swapByteCount: 0,
        swapFiles: 0,
        inFlightFlowFileCount: totalFlowFileCount - waiting.length,
        inFlightByteCount: totalByteCount - waitingBytes,
        allActiveQueueFlowFilesPenalized: penalized > 0 && penalized === waiting.length,
        anyActiveQueueFlowFilesPenalized: penalized > 0,
      },
    },
  };
}

type Storage = ReturnType<typeof systemDiagnostics>['flowFileRepositoryStorageUsage'];

function usage({ identifier, freeSpace, totalSpace, freeSpaceBytes, totalSpaceBytes, utilization }: Storage) {
  return { name: identifier, freeSpace, totalSpace, freeSpaceBytes, totalSpaceBytes, utilization };
}

/** The process in NiFi's words for a Java machine. */
function processDiagnostics(services: RestServices, view: EntityView) {
  const { flow } = services;
  const { flowFileRepositoryStorageUsage, contentRepositoryStorageUsage, provenanceRepositoryStorageUsage, maxHeap, maxHeapBytes } = systemDiagnostics(services, view);
  const bundles = new Map([...flow.runtime.types.all('processor'), ...flow.runtime.types.all('controller-service')].map(({ bundle }) => [bundle.artifact, bundleDto(bundle)]));
  const active = [...flow.runtime.connectables()].reduce((sum, { activeThreadCount }) => sum + activeThreadCount, 0);
  return {
    systemDiagnosticsDto: {
      flowFileRepositoryStorageUsage: usage(flowFileRepositoryStorageUsage),
      contentRepositoryStorageUsage: contentRepositoryStorageUsage.map(usage),
      provenanceRepositoryStorageUsage: provenanceRepositoryStorageUsage.map(usage),
      maxHeap,
      maxHeapBytes,
      garbageCollectionDiagnostics: [],
      cpuCores: availableParallelism(),
      cpuLoadAverage: loadavg()[0],
      physicalMemory: formatDataSize(totalmem()),
      physicalMemoryBytes: totalmem(),
    },
    flowDiagnosticsDto: {
      uptime: formatDuration(process.uptime() * 1000),
      timeZone: flow.runtime.timeZone,
      activeTimerDrivenThreads: active,
      bundlesLoaded: [...bundles.values()],
    },
    controllerDiagnostics: { primaryNode: false, clusterCoordinator: false },
  };
}
