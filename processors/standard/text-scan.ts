import type { SplitPlan } from './text-splits.ts';
import { LineScanner } from './text-lines.ts';

/** Feeds all lines of a content to a plan. */
export function scan(content: Uint8Array, plan: SplitPlan, marker: string | undefined): void {
  const scanner = scannerFor(plan, marker, content);
  scanner.take(content);
  scanner.end();
}

/** The same for content that comes piece by piece. */
export async function scanStream(content: AsyncIterable<Uint8Array>, plan: SplitPlan, marker: string | undefined): Promise<void> {
  let scanner: LineScanner | undefined;
  for await (const chunk of content) {
    // The header stands at the beginning: the first piece holds all that markers are looked for in.
    scanner ??= scannerFor(plan, marker, chunk);
    scanner.take(chunk);
  }
  scanner?.end();
}

function scannerFor(plan: SplitPlan, marker: string | undefined, beginning: Uint8Array): LineScanner {
  if (marker === undefined) return new LineScanner((line) => plan.add(line, false));
  const wanted = Buffer.from(marker);
  const bytes = Buffer.from(beginning.buffer, beginning.byteOffset, beginning.byteLength);
  return new LineScanner((line) => plan.add(line, bytes.subarray(line.start, line.start + wanted.length).equals(wanted)));
}

/** The first bytes of a stream. */
export async function firstBytes(content: AsyncIterable<Uint8Array>, count: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of content) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= count) break;
  }
  return Buffer.concat(chunks).subarray(0, count);
}
