import type { FlowFileRecord } from './flowfile-record.ts';

/** Negative where `a` goes first. */
export type Comparator = (a: FlowFileRecord, b: FlowFileRecord) => number;

const INTEGER = /^-?\d+$/;

/**
 * The `priority` attribute: numbers before other texts, smaller first; FlowFiles without it last
 * (NiFi's PriorityAttributePrioritizer).
 */
function byPriority(a: FlowFileRecord, b: FlowFileRecord): number {
  const [x, y] = [a.committed.own.get('priority')?.trim(), b.committed.own.get('priority')?.trim()];
  if (x === undefined || y === undefined) return Number(x === undefined) - Number(y === undefined);
  const [xNumber, yNumber] = [INTEGER.test(x), INTEGER.test(y)];
  if (xNumber && yNumber) return Number(x) - Number(y);
  if (xNumber !== yNumber) return xNumber ? -1 : 1;
  return x < y ? -1 : Number(x > y);
}

const byLineage: Comparator = (a, b) => a.lineageStart - b.lineageStart || a.id - b.id;

/** NiFi's four prioritizers by their type names. */
export const prioritizers: ReadonlyMap<string, Comparator> = new Map([
  ['org.apache.nifi.prioritizer.FirstInFirstOutPrioritizer', (a, b) => a.position - b.position],
  ['org.apache.nifi.prioritizer.NewestFlowFileFirstPrioritizer', (a, b) => byLineage(b, a)],
  ['org.apache.nifi.prioritizer.OldestFlowFileFirstPrioritizer', byLineage],
  ['org.apache.nifi.prioritizer.PriorityAttributePrioritizer', byPriority],
]);

/** The first comparator that tells two apart decides; what none tells apart stays in order of arrival. */
export function chain(comparators: readonly Comparator[]): Comparator {
  return (a, b) => {
    for (const compare of comparators) {
      const order = compare(a, b);
      if (order !== 0) return order;
    }
    return a.position - b.position;
  };
}
