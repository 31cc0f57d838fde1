import type { QueueSize } from '../../engine/queue.ts';
import type { AsynchronousRequest } from '../asynchronous-requests.ts';
import { formatQueue } from '../format.ts';
import { type QueueRequestDto, queueRequestDto } from './asynchronous-request.ts';
import type { EntityView } from './common.ts';

export interface DropRequestDto extends QueueRequestDto {
  originalCount: number;
  originalSize: number;
  original: string;
  droppedCount: number;
  droppedSize: number;
  dropped: string;
  currentCount: number;
  currentSize: number;
  current: string;
}

/** What was queued, and what of it was dropped. */
export interface Drop {
  readonly original: QueueSize;
  readonly dropped: QueueSize;
}

export function dropRequestDto(request: AsynchronousRequest<Drop>, uri: string, view: EntityView): DropRequestDto {
  const { original, dropped } = request.value;
  const current = { objectCount: original.objectCount - dropped.objectCount, byteCount: original.byteCount - dropped.byteCount };
  return {
    ...queueRequestDto(request, uri, view),
    originalCount: original.objectCount,
    originalSize: original.byteCount,
    original: formatQueue(original.objectCount, original.byteCount),
    droppedCount: dropped.objectCount,
    droppedSize: dropped.byteCount,
    dropped: formatQueue(dropped.objectCount, dropped.byteCount),
    currentCount: current.objectCount,
    currentSize: current.byteCount,
    current: formatQueue(current.objectCount, current.byteCount),
  };
}
