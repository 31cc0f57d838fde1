import type { FlowFile } from './flowfile.ts';

/** Why a bin was closed, in NiFi's words (attribute merge.reason). */
export type Reason = 'MAX_BYTES_THRESHOLD_REACHED' | 'MAX_ENTRIES_THRESHOLD_REACHED' | 'MIN_THRESHOLDS_REACHED' | 'TIMEOUT' | 'BIN_MANAGER_FULL' | 'BIN_TERMINATION_SIGNAL';

export interface BinRules {
  readonly minEntries: number;
  readonly maxEntries: number;
  readonly minBytes: number;
  readonly maxBytes: number;
  /** Milliseconds. */
  readonly maxAge: number;
  readonly maxBins: number;
  readonly groupOf: (flowFile: FlowFile) => string;
  /** How many fragments there are, as one of them says (not each one need say it, as in NiFi); set where fragments are put together. */
  readonly countOf?: (flowFile: FlowFile) => number | undefined;
  /** Whether a FlowFile ends its bin, and on which side of the border it stands. */
  readonly endsBin: (flowFile: FlowFile) => boolean;
  readonly insertion: 'Last in Bin' | 'First in New Bin' | 'Isolated';
  /** When a FlowFile was first seen, milliseconds since 1970. */
  readonly seen: (flowFile: FlowFile) => number;
  /** How many entries a FlowFile counts for; 1 where it is not set. */
  readonly entriesOf?: (flowFile: FlowFile) => number;
  /** Limits are soft (MergeRecord): a bin takes FlowFiles until it has reached one, and is full only where it is also full enough. */
  readonly soft?: boolean;
  /** Whether nothing new came in since the last look. Only then are bins closed that are merely full enough: as long as FlowFiles come, bins fill up (NiFi). */
  readonly isQuiet: boolean;
}

/** A bin that is full enough, and into which so many FlowFiles in turn did not fit, waits for no more that might (NiFi). */
const MAX_REFUSALS = 5;

/** FlowFiles that belong together. */
export class Bin {
  readonly flowFiles: FlowFile[] = [];
  bytes = 0;
  entries = 0;
  since = Number.POSITIVE_INFINITY;
  reason: Reason | undefined;
  /** FlowFiles in turn that were too large for what room is left. */
  refusals = 0;
  /** The different numbers of fragments that the FlowFiles say there are. */
  readonly counts = new Set<number>();

  add(flowFile: FlowFile, seen: number, entries: number): void {
    this.refusals = 0;
    this.flowFiles.push(flowFile);
    this.bytes += flowFile.size;
    this.entries += entries;
    this.since = Math.min(this.since, seen);
  }
}

/** Sorts FlowFiles into bins; those with a `reason` are ready. The same FlowFiles in the same order give the same bins. */
export function packBins(flowFiles: Iterable<FlowFile>, rules: BinRules, now: number): Bin[] {
  const packer = new Packer(rules);
  for (const flowFile of flowFiles) packer.add(flowFile);
  for (const bin of packer.bins) bin.reason ??= ripeReason(bin, rules, now);
  const open = packer.bins.filter(({ reason }) => !reason).sort((a, b) => a.since - b.since);
  for (const bin of open.slice(0, Math.max(0, open.length - rules.maxBins))) bin.reason = 'BIN_MANAGER_FULL';
  return packer.bins;
}

const isEnough = ({ entries, bytes }: Bin, { minEntries, minBytes }: BinRules): boolean => entries >= minEntries && bytes >= minBytes;

function ripeReason(bin: Bin, rules: BinRules, now: number): Reason | undefined {
  const isRipe = rules.isQuiet || bin.refusals > MAX_REFUSALS;
  if (isRipe && !rules.countOf && isEnough(bin, rules)) return 'MIN_THRESHOLDS_REACHED';
  return now - bin.since >= rules.maxAge ? 'TIMEOUT' : undefined;
}

/** Whether all fragments are there, as far as they say; those that contradict each other wait for no more. */
const hasAll = ({ flowFiles, counts }: Bin): boolean => counts.size > 1 || [...counts].some((count) => flowFiles.length >= count);

class Packer {
  readonly bins: Bin[] = [];
  readonly #rules: BinRules;
  /** Those that still take FlowFiles, by group. */
  readonly #open = new Map<string, Bin[]>();

  constructor(rules: BinRules) {
    this.#rules = rules;
  }

  add(flowFile: FlowFile): void {
    const group = this.#rules.groupOf(flowFile);
    const ends = this.#rules.endsBin(flowFile);
    if (ends && this.#rules.insertion !== 'Last in Bin') for (const bin of this.#open.get(group) ?? []) this.#close(group, bin, 'BIN_TERMINATION_SIGNAL');
    const bin = this.#binFor(group, flowFile);
    bin.add(flowFile, this.#rules.seen(flowFile), this.#rules.entriesOf?.(flowFile) ?? 1);
    if (this.#rules.countOf) return this.#addFragment(group, bin, this.#rules.countOf(flowFile));
    if (ends && this.#rules.insertion !== 'First in New Bin') this.#close(group, bin, 'BIN_TERMINATION_SIGNAL');
    else if (this.#rules.soft && !isEnough(bin, this.#rules)) return;
    else if (bin.entries >= this.#rules.maxEntries) this.#close(group, bin, 'MAX_ENTRIES_THRESHOLD_REACHED');
    else if (bin.bytes >= this.#rules.maxBytes) this.#close(group, bin, 'MAX_BYTES_THRESHOLD_REACHED');
  }

  #addFragment(group: string, bin: Bin, count: number | undefined): void {
    if (count !== undefined) bin.counts.add(count);
    if (hasAll(bin)) this.#close(group, bin, 'MAX_ENTRIES_THRESHOLD_REACHED');
  }

  #binFor(group: string, { size }: FlowFile): Bin {
    const open = this.#open.get(group) ?? [];
    for (const bin of open) {
      if (this.#rules.soft || bin.bytes + size <= this.#rules.maxBytes) return bin;
      bin.refusals++;
    }
    const bin = new Bin();
    this.bins.push(bin);
    this.#open.set(group, [...open, bin]);
    return bin;
  }

  #close(group: string, bin: Bin, reason: Reason): void {
    bin.reason = reason;
    this.#open.set(
      group,
      this.#open.get(group)!.filter((other) => other !== bin),
    );
  }
}

/** How many fragments one says there are; undefined where it does not say. */
export function fragmentCount(flowFile: FlowFile): number | undefined {
  const count = flowFile.getAttribute('fragment.count');
  return count === undefined ? undefined : Number(count);
}

/** What is wrong with one FlowFile that says it is a fragment. */
export function fragmentProblem(flowFile: FlowFile): string | undefined {
  if (flowFile.getAttribute('fragment.identifier') === undefined) return 'it has no attribute fragment.identifier';
  const count = flowFile.getAttribute('fragment.count');
  return count === undefined || /^\d+$/.test(count) ? undefined : `its attribute fragment.count is '${count}', not a number`;
}

/** Why the fragments of a bin are not all that belong together. */
export function incompleteness({ flowFiles, counts }: Bin): string | undefined {
  const identifier = flowFiles[0]!.getAttribute('fragment.identifier');
  const [count] = counts;
  if (count === undefined) return `none of the ${flowFiles.length} fragments of ${identifier} says in fragment.count how many there are`;
  if (counts.size > 1) return `the fragments of ${identifier} do not agree on fragment.count: it is ${[...counts].join(' and ')}`;
  return flowFiles.length === count ? undefined : `there are ${flowFiles.length} of the ${count} fragments of ${identifier}`;
}

/** Attributes that no two FlowFiles contradict each other about. */
export function unanimousAttributes(flowFiles: readonly FlowFile[]): Record<string, string> {
  const found = new Map<string, string | null>();
  for (const { attributes } of flowFiles) for (const [name, value] of attributes) found.set(name, found.has(name) && found.get(name) !== value ? null : value);
  found.delete('uuid');
  return Object.fromEntries([...found].filter((entry): entry is [string, string] => entry[1] !== null));
}
