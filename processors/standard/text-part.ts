import type { FlowFile } from '../../server/extension/flowfile.ts';
import type { ProcessSession } from '../../server/extension/session.ts';
import { firstBytes } from './text-scan.ts';

/** The content up to `max` bytes; what lies behind is not read. */
export function firstPart(session: ProcessSession, flowFile: FlowFile, max: number): Uint8Array | Promise<Uint8Array> {
  return flowFile.size <= max ? session.read(flowFile) : firstBytes(session.readStream(flowFile), max);
}
