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
  /** How many FlowFiles make a bin whole; undefined where that is not known beforehand. */
  readonly wholeOf: (flowFile: FlowFile) => number | undefined;
  /** Whether a FlowFile ends its bin, and on which side of the border it stands. */
  readonly endsBin: (flowFile: FlowFile) => boolean;
  readonly insertion: 'Last in Bin' | 'First in New Bin' | 'Isolated';
  /** When a FlowFile was first seen, milliseconds since 1970. */
  readonly seen: (flowFile: FlowFile) => number;
  /** How many entries a FlowFile counts for; 1 where it is not set. */
  readonly entriesOf?: (flowFile: FlowFile) => number;
  /** Limits are soft (MergeRecord): a bin takes FlowFiles until it has reached one, and is full only where it is also full enough. */
  readonly soft?: boolean;
}

/** FlowFiles that belong together. */
export class Bin {
  readonly flowFiles: FlowFile[] = [];
  bytes = 0;
  entries = 0;
  since = Number.POSITIVE_INFINITY;
  reason: Reason | undefined;

  add(flowFile: FlowFile, seen: number, entries: number): void {
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
  const { flowFiles, since } = bin;
  const whole = rules.wholeOf(flowFiles[0]!);
  if (whole === undefined ? isEnough(bin, rules) : flowFiles.length >= whole) return 'MIN_THRESHOLDS_REACHED';
  return now - since >= rules.maxAge ? 'TIMEOUT' : undefined;
}

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
    if (ends && this.#rules.insertion !== 'First in New Bin') this.#close(group, bin, 'BIN_TERMINATION_SIGNAL');
    else if (this.#rules.soft && !isEnough(bin, this.#rules)) return;
    else if (bin.entries >= this.#rules.maxEntries) this.#close(group, bin, 'MAX_ENTRIES_THRESHOLD_REACHED');
    else if (bin.bytes >= this.#rules.maxBytes) this.#close(group, bin, 'MAX_BYTES_THRESHOLD_REACHED');
  }

  #binFor(group: string, { size }: FlowFile): Bin {
    const open = this.#open.get(group) ?? [];
    const fitting = open.find(({ bytes }) => this.#rules.soft || bytes + size <= this.#rules.maxBytes);
    if (fitting) return fitting;
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

/** Attributes that no two FlowFiles contradict each other about. */
export function unanimousAttributes(flowFiles: readonly FlowFile[]): Record<string, string> {
  const found = new Map<string, string | null>();
  for (const { attributes } of flowFiles) for (const [name, value] of attributes) found.set(name, found.has(name) && found.get(name) !== value ? null : value);
  found.delete('uuid');
  return Object.fromEntries([...found].filter((entry): entry is [string, string] => entry[1] !== null));
}
