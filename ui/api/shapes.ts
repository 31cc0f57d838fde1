import type { ControllerServiceDto } from '../../server/rest/dto/controller-service.ts';
import type { ConnectionEntity } from '../../server/rest/dto/connection.ts';
import type { PropertyDescriptorDto } from '../../server/rest/dto/descriptor.ts';
import type { FunnelEntity } from '../../server/rest/dto/funnel.ts';
import type { LabelEntity } from '../../server/rest/dto/label.ts';
import type { PortEntity } from '../../server/rest/dto/port.ts';
import type { ProcessGroupEntity } from '../../server/rest/dto/process-group.ts';
import type { ProcessorConfigDto, ProcessorEntity } from '../../server/rest/dto/processor.ts';

/**
 * The shapes of NiFi's API that the canvas reads, gathered in one place. What server/rest/dto declares comes from there;
 * the rest is as specs/nifi-2.7.2.openapi.json has it, in so far as we read it.
 */

export type { BulletinEntity, PositionDto, RevisionDto, RunStatus } from '../../server/rest/dto/common.ts';
export type { ControllerServiceDto, ControllerServiceEntity, ServiceReferenceEntity } from '../../server/rest/dto/controller-service.ts';
export type { ConnectableDto, ConnectionEntity } from '../../server/rest/dto/connection.ts';
export type { PropertyDescriptorDto } from '../../server/rest/dto/descriptor.ts';
export type { BreadcrumbEntity, FlowDto, ProcessGroupFlowEntity } from '../../server/rest/dto/flow.ts';
export type { CurrentUserEntity as CurrentUserDto } from '../../server/rest/dto/user.ts';
export type { FunnelEntity } from '../../server/rest/dto/funnel.ts';
export type { LabelEntity } from '../../server/rest/dto/label.ts';
export type { PortEntity } from '../../server/rest/dto/port.ts';
export type { GroupNumbers, ProcessGroupEntity } from '../../server/rest/dto/process-group.ts';
export type { ProcessorEntity, RelationshipDto } from '../../server/rest/dto/processor.ts';
export type { ComponentStateDto, StateEntryDto, StateMapDto, StateVersionDto } from '../../server/rest/dto/state.ts';
export type { ConnectionStatusSnapshotDto } from '../../server/rest/dto/status.ts';

/** A component of a canvas, with what it is. */
export type FlowComponent =
  | { readonly kind: 'processor'; readonly entity: ProcessorEntity }
  | { readonly kind: 'group'; readonly entity: ProcessGroupEntity }
  | { readonly kind: 'input-port'; readonly entity: PortEntity }
  | { readonly kind: 'output-port'; readonly entity: PortEntity }
  | { readonly kind: 'funnel'; readonly entity: FunnelEntity }
  | { readonly kind: 'label'; readonly entity: LabelEntity }
  | { readonly kind: 'connection'; readonly entity: ConnectionEntity };

export type ComponentKind = FlowComponent['kind'];
/** Kinds that stand somewhere on the canvas. */
export type PlacedKind = Exclude<ComponentKind, 'connection'>;
/** Kinds that are started and stopped one by one. */
export type RunnableKind = 'processor' | 'input-port' | 'output-port';
export type RunCommand = 'RUNNING' | 'STOPPED' | 'DISABLED' | 'RUN_ONCE';

/** As ProcessorConfigDto is once it has come over the wire. */
export interface ProcessorConfig extends Omit<ProcessorConfigDto, 'descriptors'> {
  readonly descriptors: Record<string, PropertyDescriptorDto>;
}

export interface AboutDto {
  readonly title: string;
  readonly version: string;
  readonly timezone: string;
  /** Millrace's own version: `millrace-1.2.3`. */
  readonly buildTag?: string;
}

export type ServiceState = ControllerServiceDto['state'];

/** What goes on in the whole flow. */
export interface ControllerStatusDto {
  readonly activeThreadCount: number;
  readonly terminatedThreadCount: number;
  readonly flowFilesQueued: number;
  readonly bytesQueued: number;
  readonly runningCount: number;
  readonly stoppedCount: number;
  readonly invalidCount: number;
  readonly disabledCount: number;
}

/** One FlowFile in a listing. Durations are milliseconds. */
export interface FlowFileSummaryDto {
  readonly uuid: string;
  readonly filename?: string;
  readonly position: number;
  readonly size: number;
  readonly queuedDuration: number;
  readonly lineageDuration: number;
  readonly penalized: boolean;
  readonly penaltyExpiresIn?: number;
  readonly mimeType?: string;
}

export interface FlowFileDto extends FlowFileSummaryDto {
  readonly attributes: Readonly<Record<string, string>>;
}

interface QueueRequestDto {
  readonly id: string;
  readonly finished: boolean;
  readonly failureReason?: string;
  readonly percentCompleted: number;
}

export interface ListingRequestDto extends QueueRequestDto {
  readonly queueSize: { readonly objectCount: number; readonly byteCount: number };
  readonly flowFileSummaries?: readonly FlowFileSummaryDto[];
}

export interface DropRequestDto extends QueueRequestDto {
  readonly droppedCount: number;
  readonly droppedSize: number;
}
