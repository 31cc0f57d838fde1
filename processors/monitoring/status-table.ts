import type { ConnectionReport, GroupReport, ProcessorReport } from '../../server/extension/flow-view.ts';
import { dataSize } from './thresholds.ts';

/** A figure of a component: how it is written, and its values in the order of the columns. */
interface Line {
  readonly id: string;
  readonly name: string;
  readonly figures: readonly number[];
}

interface Column {
  readonly title: string;
  readonly shown: (value: number) => string;
}

const count = (value: number): string => value.toFixed(0);
const millis = (value: number): string => `${value.toFixed(0)} ms`;

const PROCESSOR_COLUMNS: readonly Column[] = [
  { title: 'In', shown: count },
  { title: 'Bytes in', shown: dataSize },
  { title: 'Out', shown: count },
  { title: 'Bytes out', shown: dataSize },
  { title: 'Read', shown: dataSize },
  { title: 'Written', shown: dataSize },
  { title: 'Tasks', shown: count },
  { title: 'Time', shown: millis },
];
const CONNECTION_COLUMNS: readonly Column[] = [
  { title: 'In', shown: count },
  { title: 'Bytes in', shown: dataSize },
  { title: 'Out', shown: count },
  { title: 'Bytes out', shown: dataSize },
  { title: 'Queued', shown: count },
  { title: 'Bytes queued', shown: dataSize },
];

const processorLine = (each: ProcessorReport): Line => ({
  id: each.id,
  name: `${each.name} (${each.id}) ${each.type} ${each.runStatus}`,
  figures: [each.flowFilesIn, each.bytesIn, each.flowFilesOut, each.bytesOut, each.bytesRead, each.bytesWritten, each.taskCount, each.taskMillis],
});
const connectionLine = (each: ConnectionReport): Line => ({
  id: each.id,
  name: `${each.sourceName} -> ${each.name} -> ${each.destinationName} (${each.id})`,
  figures: [each.flowFilesIn, each.bytesIn, each.flowFilesOut, each.bytesOut, each.flowFilesQueued, each.bytesQueued],
});

const everything = (group: GroupReport): GroupReport[] => [group, ...group.groups.flatMap(everything)];

/** The last figures of each component, to tell what changed. */
export type LastFigures = Map<string, readonly number[]>;

export interface TableOptions {
  /** Whether to tell how each figure differs from the last one. */
  readonly deltas: boolean;
  /** Figures are divided by it: 300 for a second's share of five minutes. */
  readonly divisor: number;
  readonly last: LastFigures;
}

/** Processors and connections of a flow as two tables, those that take most first. */
export function statusTables(root: GroupReport, options: TableOptions): { processors: string; connections: string } {
  const groups = everything(root);
  const processors = groups.flatMap((group) => group.processors).sort((a, b) => b.taskMillis - a.taskMillis);
  const connections = groups.flatMap((group) => group.connections).sort((a, b) => b.bytesQueued - a.bytesQueued);
  return {
    processors: table('Processor Statuses', PROCESSOR_COLUMNS, processors.map(processorLine), options),
    connections: table('Connection Statuses', CONNECTION_COLUMNS, connections.map(connectionLine), options),
  };
}

function table(title: string, columns: readonly Column[], lines: readonly Line[], { deltas, divisor, last }: TableOptions): string {
  const rows = lines.map(({ id, name, figures }) => {
    const now = figures.map((figure) => figure / divisor);
    const before = last.get(id);
    last.set(id, now);
    return [name, ...columns.map(({ shown }, index) => `${shown(now[index]!)}${deltas ? difference(shown, before?.[index] ?? 0, now[index]!) : ''}`)];
  });
  const all = [['Component', ...columns.map((column) => column.title)], ...rows];
  const widths = all[0]!.map((_, index) => Math.max(...all.map((row) => row[index]!.length)));
  return `${title}:\n${all.map((row) => row.map((cell, index) => cell.padEnd(widths[index]!)).join(' | ')).join('\n')}`;
}

function difference(shown: Column['shown'], before: number, now: number): string {
  return ` (${now < before ? '-' : '+'}${shown(Math.abs(now - before))})`;
}
