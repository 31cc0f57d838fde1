/** One processor's line of the closing table. */
export interface ProcessorReport {
  readonly name: string;
  readonly flowFilesIn: number;
  readonly flowFilesOut: number;
  /** Read and written. */
  readonly bytes: number;
  readonly seconds: number;
}

/** What a headless run has done. */
export interface RunReport {
  readonly processors: readonly ProcessorReport[];
  /** Sums of the counters that destination writers keep, such as `rows written`. */
  readonly counters: ReadonlyMap<string, number>;
  /** What failed, a sentence each; empty means success. */
  readonly failures: readonly string[];
  readonly seconds: number;
}

const UNITS = ['B', 'KB', 'MB', 'GB', 'TB'];

/** 1536 becomes `1.5 KB`. */
export function bytesText(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${power === 0 ? bytes : (bytes / 1024 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** Columns wide enough for their widest cell; the first to the left, the others to the right. */
export function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** The closing table and what it adds up to. */
export function reportLines({ processors, counters, failures, seconds }: RunReport): string[] {
  const rows = processors.map(({ name, flowFilesIn, flowFilesOut, bytes, seconds: each }) => [name, String(flowFilesIn), String(flowFilesOut), bytesText(bytes), each.toFixed(2)]);
  const counted = ['rows written', 'rows unchanged', 'rows rejected'].map((name) => `${name}: ${counters.get(name) ?? 0}`);
  return [
    ...table([['processor', 'in', 'out', 'bytes', 'seconds'], ...rows]),
    '',
    `${counted.join(', ')}; ${seconds.toFixed(2)} seconds`,
    ...failures.map((failure) => `FAILED: ${failure}`),
  ];
}

const BAR = 30;

/** `[=====     ] 120 of 200 FlowFiles` in one line. */
export function progressBar(done: number, known: number): string {
  const filled = known === 0 ? 0 : Math.round((BAR * done) / known);
  return `[${'='.repeat(filled)}${' '.repeat(BAR - filled)}] ${done} of ${known} FlowFiles`;
}
