import { arch, availableParallelism, loadavg, release, totalmem, type } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { EntityView } from './dto/common.ts';
import { formatDataSize, formatDuration } from './format.ts';
import { API_VERSION, type RestServices, type StorageUsage } from './services.ts';

const percent = (part: number, whole: number): string => `${whole > 0 ? Math.round((part / whole) * 100) : 0}%`;

function storageDto(identifier: string, { totalBytes, freeBytes }: StorageUsage) {
  const used = totalBytes - freeBytes;
  return {
    identifier,
    freeSpace: formatDataSize(freeBytes),
    freeSpaceBytes: freeBytes,
    totalSpace: formatDataSize(totalBytes),
    totalSpaceBytes: totalBytes,
    usedSpace: formatDataSize(used),
    usedSpaceBytes: used,
    utilization: percent(used, totalBytes),
  };
}

/** An amount of memory under NiFi's names: `Heap` or `NonHeap`. */
function memory(name: 'Heap' | 'NonHeap', used: number, total: number, max: number): Record<string, string | number> {
  const sizes = { used, total, max, free: Math.max(0, total - used) };
  return Object.fromEntries(
    Object.entries(sizes).flatMap(([what, bytes]) => [
      [`${what}${name}`, formatDataSize(bytes)],
      [`${what}${name}Bytes`, bytes],
    ]),
  );
}

/** The state of this process and its machine, in the words that NiFi has for a Java machine. */
export function systemDiagnostics({ flow, about, storage }: RestServices, view: EntityView) {
  const { heapUsed, heapTotal, rss } = process.memoryUsage();
  const limit = getHeapStatistics().heap_size_limit;
  const disk = storage();
  const active = [...flow.runtime.connectables()].reduce((sum, { activeThreadCount }) => sum + activeThreadCount, 0);
  return {
    ...memory('NonHeap', rss - heapTotal, rss - heapTotal, totalmem()),
    nonHeapUtilization: percent(rss - heapTotal, totalmem()),
    ...memory('Heap', heapUsed, heapTotal, limit),
    heapUtilization: percent(heapUsed, limit),
    maxHeap: formatDataSize(limit),
    maxHeapBytes: limit,
    availableProcessors: availableParallelism(),
    processorLoadAverage: loadavg()[0],
    totalThreads: 1 + active,
    daemonThreads: 0,
    uptime: formatDuration(process.uptime() * 1000),
    flowFileRepositoryStorageUsage: storageDto('flowfile', disk),
    contentRepositoryStorageUsage: [storageDto('default', disk)],
    provenanceRepositoryStorageUsage: [storageDto('provenance', disk)],
    garbageCollection: [],
    resourceClaimDetails: [],
    statsLastRefreshed: view.refreshed,
    versionInfo: {
      niFiVersion: API_VERSION,
      javaVendor: 'Node.js',
      javaVersion: process.version,
      osName: type(),
      osVersion: release(),
      osArchitecture: arch(),
      buildTag: `millrace-${about.version}`,
      buildRevision: about.revision,
      buildBranch: 'millrace',
    },
  };
}
