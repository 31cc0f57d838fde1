import type { StatusHistory } from '../api/monitoring.ts';
import { formatBytes, formatCompact, formatMillis } from '../shared/format.ts';

/** One figure over time. */
export interface Series {
  /** Seconds since 1970, growing. */
  readonly times: readonly number[];
  readonly values: readonly number[];
}

/** One figure of a history, oldest first. */
export function seriesOf({ aggregateSnapshots }: Pick<StatusHistory, 'aggregateSnapshots'>, field: string): Series {
  const points = aggregateSnapshots
    .map(({ timestamp, statusMetrics }) => ({ time: Date.parse(timestamp) / 1000, value: statusMetrics[field] ?? 0 }))
    .sort((a, b) => a.time - b.time);
  return { times: points.map(({ time }) => time), values: points.map(({ value }) => value) };
}

export function figuresOf(values: readonly number[]): { least: number; most: number; mean: number } {
  if (values.length === 0) return { least: 0, most: 0, mean: 0 };
  const sum = values.reduce((total, value) => total + value, 0);
  return { least: Math.min(...values), most: Math.max(...values), mean: sum / values.length };
}

/** A value as NiFi's formatter means it. */
export function formatValue(value: number, formatter: string): string {
  if (formatter === 'DATA_SIZE') return formatBytes(value);
  if (formatter === 'DURATION') return formatMillis(value);
  return Number.isInteger(value) ? formatCompact(value) : value.toFixed(2);
}
