import type { ComponentHistory } from '../../engine/status-history.ts';
import type { EntityView } from './common.ts';

export interface StatusHistoryEntity {
  canRead: boolean;
  statusHistory: {
    generated: string;
    componentDetails: Record<string, string>;
    fieldDescriptors: { field: string; label: string; description: string; formatter: string }[];
    aggregateSnapshots: { timestamp: string; statusMetrics: Record<string, number> }[];
    nodeSnapshots: never[];
  };
}

/** `details` describe the component; they are shown once there is something to show (as in NiFi). */
export function statusHistoryEntity({ fields, snapshots }: ComponentHistory, details: Record<string, string>, canRead: boolean, { times, now }: EntityView): StatusHistoryEntity {
  const metrics = (values: readonly number[]) => Object.fromEntries(fields.map(({ field }, index) => [field, values[index]!]));
  return {
    canRead,
    statusHistory: {
      generated: times.time(now),
      componentDetails: snapshots.length > 0 ? details : {},
      fieldDescriptors: snapshots.length > 0 ? fields.map((field) => ({ ...field })) : [],
      aggregateSnapshots: snapshots.map(({ time, values }) => ({ timestamp: new Date(time).toISOString(), statusMetrics: metrics(values) })),
      nodeSnapshots: [],
    },
  };
}
