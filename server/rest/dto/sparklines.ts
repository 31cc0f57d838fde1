import type { ProcessGroup } from '../../engine/process-group.ts';
import { type Figures, type RollingStatistics, SLOT_MILLIS, SLOTS } from '../../engine/statistics.ts';

export interface SparklineDto {
  id: string;
  /** FlowFiles in each step, oldest first: through a connection those that came in, through anything else those that came in and went out. */
  flowFiles: number[];
}

export interface SparklinesDto {
  stepMillis: number;
  /** Of what is directly in the group; what had nothing to do for five minutes is left out. */
  components: SparklineDto[];
}

const through = ({ flowFilesIn, flowFilesOut }: Figures): number => flowFilesIn + flowFilesOut;

/** How much went through each component of a group during the last five minutes. */
export function sparklines(group: ProcessGroup, now: number): SparklinesDto {
  const of = (id: string, statistics: RollingStatistics, figure: (figures: Figures) => number): SparklineDto => ({ id, flowFiles: statistics.steps(now, figure) });
  const components = [
    ...[...group.processors.values(), ...group.ports()].map(({ id, runnable }) => of(id, runnable.statistics, through)),
    ...[...group.connections.values()].map(({ id, queue }) => of(id, queue.statistics, ({ flowFilesIn }) => flowFilesIn)),
    ...[...group.groups.values()].map((child) => ({ id: child.id, flowFiles: stepsOf(child, now) })),
  ];
  return { stepMillis: SLOT_MILLIS, components: components.filter(({ flowFiles }) => flowFiles.some((count) => count > 0)) };
}

/** What the processors in a group and below it had to do. */
function stepsOf(group: ProcessGroup, now: number): number[] {
  const sum = new Array<number>(SLOTS).fill(0);
  for (const { processors } of group.tree())
    for (const { runnable } of processors.values()) for (const [at, count] of runnable.statistics.steps(now, through).entries()) sum[at]! += count;
  return sum;
}
