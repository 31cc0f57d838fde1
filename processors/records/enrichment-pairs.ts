import type { FlowFile } from '../../server/extension/flowfile.ts';

/** Attributes by which an original and its enrichment find each other. */
export const GROUP = 'enrichment.group.id';
export const ROLE = 'enrichment.role';

export interface Pair {
  readonly original: FlowFile;
  readonly enrichment: FlowFile;
}

/** What is to be done with FlowFiles that wait. */
export interface Sorted {
  readonly pairs: readonly Pair[];
  /** Those whose other half has not come in time, or that are too many. */
  readonly late: readonly FlowFile[];
  /** Those that belong to no pair, with the reason. */
  readonly strays: readonly (readonly [FlowFile, string])[];
}

interface Group {
  original?: FlowFile;
  enrichment?: FlowFile;
  since: number;
}

/** Finds the pairs. `seen` tells since when a FlowFile has been waiting, milliseconds since 1970; `timeout` is in milliseconds. */
export function sortPairs(
  waiting: readonly FlowFile[],
  seen: (flowFile: FlowFile) => number,
  { now, timeout, maxGroups }: { now: number; timeout: number; maxGroups: number },
): Sorted {
  const groups = new Map<string, Group>();
  const strays: [FlowFile, string][] = [];
  for (const flowFile of waiting) {
    const id = flowFile.getAttribute(GROUP);
    const role = flowFile.getAttribute(ROLE);
    const half = role === 'ORIGINAL' ? 'original' : role === 'ENRICHMENT' ? 'enrichment' : undefined;
    const group = (id && groups.get(id)) || { since: Number.POSITIVE_INFINITY };
    if (!id || !half) strays.push([flowFile, `its attributes ${GROUP} and ${ROLE} must be set as ForkEnrichment sets them`]);
    else if (group[half]) strays.push([flowFile, `the group ${id} has two of the role ${role}`]);
    else {
      group[half] = flowFile;
      group.since = Math.min(group.since, seen(flowFile));
      groups.set(id, group);
    }
  }
  const isPair = (group: Group): boolean => group.original !== undefined && group.enrichment !== undefined;
  const pairs = [...groups.values()].filter(isPair) as unknown as Pair[];
  const halves = [...groups.values()].filter((group) => !isPair(group)).sort((a, b) => b.since - a.since);
  const late = halves.filter(({ since }, index) => now - since >= timeout || index >= maxGroups).map(({ original, enrichment }) => (original ?? enrichment)!);
  return { pairs, late, strays };
}
