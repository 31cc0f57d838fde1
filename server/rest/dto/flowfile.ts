import type { FlowFileRecord } from '../../engine/flowfile-record.ts';
import { formatDataSize } from '../format.ts';
import type { EntityView } from './common.ts';

export interface FlowFileSummaryDto {
  uri: string;
  uuid: string;
  filename: string;
  /** From 1; absent where it was not looked up. */
  position?: number;
  size: number;
  mimeType?: string;
  queuedDuration: number;
  lineageDuration: number;
  penalized: boolean;
  penaltyExpiresIn: number;
}

export interface FlowFileDto extends FlowFileSummaryDto {
  attributes: Record<string, string>;
  contentClaimSection?: string;
  contentClaimContainer?: string;
  contentClaimIdentifier?: string;
  contentClaimOffset?: number;
  contentClaimFileSize?: string;
  contentClaimFileSizeBytes?: number;
}

/** `queueUri`: `.../flowfile-queues/{id}`. */
export function flowFileSummary(record: FlowFileRecord, queueUri: string, { now }: EntityView, position?: number): FlowFileSummaryDto {
  const flowFile = record.committed;
  const penalty = Math.max(0, record.penaltyUntil - now);
  return {
    uri: `${queueUri}/flowfiles/${flowFile.uuid}`,
    uuid: flowFile.uuid,
    filename: flowFile.getAttribute('filename')!,
    position,
    size: flowFile.size,
    mimeType: flowFile.getAttribute('mime.type'),
    queuedDuration: Math.max(0, now - record.queuedAt),
    lineageDuration: Math.max(0, now - record.lineageStart),
    penalized: penalty > 0,
    penaltyExpiresIn: penalty,
  };
}

export function flowFileDto(record: FlowFileRecord, queueUri: string, view: EntityView): FlowFileDto {
  const { attributes, content, size } = record.committed;
  const claim = {
    contentClaimSection: '1',
    contentClaimContainer: 'default',
    contentClaimIdentifier: String(content.segment),
    contentClaimOffset: content.offset,
    contentClaimFileSize: formatDataSize(size),
    contentClaimFileSizeBytes: size,
  };
  return { ...flowFileSummary(record, queueUri, view), attributes: Object.fromEntries(attributes), ...(content.segment > 0 ? claim : {}) };
}
