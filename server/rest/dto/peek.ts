import type { FlowFileQueue } from '../../engine/queue.ts';
import type { PassedFlowFile, QueueTap } from '../../engine/queue-tap.ts';
import type { ContentClaim } from '../../engine/content-claim.ts';
import type { ContentRepository } from '../../engine/repositories.ts';

/** So much of each content is shown. */
const SHOWN_BYTES = 16 * 1024;

export interface PassedFlowFileDto {
  /** Grows by one with each that comes. */
  sequence: number;
  timestamp: string;
  uuid: string;
  filename: string;
  mimeType?: string;
  size: number;
  attributes: Record<string, string>;
  /** The beginning of the content in Base64; absent where it is gone or was not asked for. */
  content?: string;
  truncated: boolean;
}

export interface PeekEntity {
  peek: {
    connectionId: string;
    /** The newest there is; to be sent as `after` with the next request. */
    sequence: number;
    flowFilesQueued: number;
    /** Newest first. */
    flowFiles: PassedFlowFileDto[];
  };
}

/** What has come into a queue since a sequence number; without `content` no contents are read. */
export function peekEntity(queue: FlowFileQueue, tap: QueueTap, after: number, content: ContentRepository | undefined): PeekEntity {
  const flowFiles = tap.after(after).map((passed) => passedDto(passed, content));
  return { peek: { connectionId: queue.id, sequence: tap.sequence, flowFilesQueued: queue.objectCount, flowFiles } };
}

function passedDto({ sequence, time, flowFile }: PassedFlowFile, content: ContentRepository | undefined): PassedFlowFileDto {
  return {
    sequence,
    timestamp: new Date(time).toISOString(),
    uuid: flowFile.uuid,
    filename: flowFile.getAttribute('filename')!,
    mimeType: flowFile.getAttribute('mime.type'),
    size: flowFile.size,
    attributes: Object.fromEntries(flowFile.attributes),
    content: content && beginning(flowFile.content, content)?.toString('base64'),
    truncated: flowFile.size > SHOWN_BYTES,
  };
}

/** The FlowFile may be gone by now, and the content with it. */
function beginning(claim: ContentClaim, content: ContentRepository): Buffer | undefined {
  const start = claim.slice(0, Math.min(claim.length, SHOWN_BYTES));
  if (start.length === 0) return Buffer.alloc(0);
  const { bytes } = start;
  if (bytes) return Buffer.from(bytes);
  return start.segment > 0 && content.isAvailable(start.segment) ? content.read(start) : undefined;
}
