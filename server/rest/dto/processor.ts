import type { ProcessorDefinition } from '../../extension/processor.ts';
import { DEFAULT_SCHEDULING_PERIODS } from '../../engine/processor-config.ts';
import type { PhysicalState, ProcessorNode, ScheduledState } from '../../engine/processor-node.ts';
import { ALL } from '../authorization/rights.ts';
import { JsonMemo } from '../raw-json.ts';
import {
  asSeen,
  baseEntity,
  bulletinsOf,
  bundleDto,
  type BundleDto,
  type ComponentEntity,
  type EntityView,
  operatePermissions,
  type PermissionsDto,
  positionDto,
  type PositionDto,
  remembered,
  entityChunks,
} from './common.ts';
import { declaredPart, descriptorDtos, type PropertyDescriptorDto, propertyTexts } from './descriptor.ts';
import { serviceChoices } from './service-choices.ts';
import { processorStatus, processorStatusJson, type ProcessorStatusDto } from './status.ts';

export interface RelationshipDto {
  name: string;
  description: string;
  autoTerminate: boolean;
  retry: boolean;
}

export interface ProcessorConfigDto {
  properties: Record<string, string | null>;
  descriptors: Record<string, PropertyDescriptorDto>;
  sensitiveDynamicPropertyNames: string[];
  schedulingPeriod: string;
  schedulingStrategy: string;
  executionNode: string;
  penaltyDuration: string;
  yieldDuration: string;
  bulletinLevel: string;
  runDurationMillis: number;
  concurrentlySchedulableTaskCount: number;
  autoTerminatedRelationships: string[];
  comments: string;
  lossTolerant: boolean;
  defaultConcurrentTasks: Record<string, string>;
  defaultSchedulingPeriod: Record<string, string>;
  retryCount: number;
  retriedRelationships: string[];
  backoffMechanism: string;
  maxBackoffPeriod: string;
}

export interface ProcessorDto {
  id: string;
  parentGroupId: string;
  versionedComponentId?: string;
  position: PositionDto;
  name: string;
  type: string;
  bundle: BundleDto;
  state: ScheduledState;
  physicalState: PhysicalState;
  style: Record<string, string>;
  relationships: RelationshipDto[];
  description?: string;
  supportsParallelProcessing: boolean;
  supportsBatching: boolean;
  supportsSensitiveDynamicProperties: boolean;
  persistsState: boolean;
  restricted: boolean;
  deprecated: boolean;
  executionNodeRestricted: boolean;
  multipleVersionsAvailable: boolean;
  inputRequirement: string;
  extensionMissing: boolean;
  config: Partial<ProcessorConfigDto>;
  validationErrors?: string[];
  validationStatus: 'VALID' | 'INVALID' | 'VALIDATING';
}

export interface ProcessorEntity extends ComponentEntity {
  component: ProcessorDto;
  inputRequirement: string;
  physicalState: PhysicalState;
  operatePermissions: PermissionsDto;
  status: ProcessorStatusDto;
}

export const INPUT_REQUIREMENTS = { required: 'INPUT_REQUIRED', allowed: 'INPUT_ALLOWED', forbidden: 'INPUT_FORBIDDEN' } as const;

function relationshipDtos({ relationships, config }: ProcessorNode): RelationshipDto[] {
  return Object.entries(relationships)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, description]) => ({ name, description, autoTerminate: config.autoTerminatedRelationships.includes(name), retry: config.retriedRelationships.includes(name) }));
}

function scheduling({ config, comments }: ProcessorNode): Partial<ProcessorConfigDto> {
  const { style: _, autoTerminatedRelationships, retriedRelationships, ...rest } = config;
  return { ...rest, autoTerminatedRelationships: [...autoTerminatedRelationships], retriedRelationships: [...retriedRelationships], comments, lossTolerant: false };
}

/** NiFi shows the same for every type, even where a type is made with another schedule. */
const DEFAULTS: Pick<ProcessorConfigDto, 'defaultConcurrentTasks' | 'defaultSchedulingPeriod'> = {
  defaultConcurrentTasks: { TIMER_DRIVEN: '1', CRON_DRIVEN: '1' },
  defaultSchedulingPeriod: DEFAULT_SCHEDULING_PERIODS,
};

/** The whole configuration. */
export function processorConfigDto(node: ProcessorNode, view: EntityView): ProcessorConfigDto {
  return {
    ...(scheduling(node) as ProcessorConfigDto),
    ...DEFAULTS,
    properties: propertyTexts(node),
    descriptors: descriptorDtos(node, serviceChoices(node.group, view)),
    sensitiveDynamicPropertyNames: [...node.properties.sensitiveDynamic],
  };
}

/** What follows from the type alone. */
function traits(definition: ProcessorDefinition | undefined) {
  return {
    supportsParallelProcessing: !definition?.triggerSerially,
    supportsBatching: definition?.supportsBatching ?? false,
    supportsSensitiveDynamicProperties: definition?.dynamicProperties !== undefined,
    persistsState: definition?.stateful !== undefined,
    executionNodeRestricted: definition?.primaryNodeOnly ?? false,
    inputRequirement: INPUT_REQUIREMENTS[definition?.input ?? 'allowed'],
    extensionMissing: definition === undefined,
    restricted: definition?.restrictions !== undefined,
    deprecated: false,
    multipleVersionsAvailable: false,
  };
}

export function processorDto(node: ProcessorNode, view: EntityView): ProcessorDto {
  const { definition, isValid } = node;
  return {
    id: node.id,
    parentGroupId: node.group.id,
    versionedComponentId: node.versionedId,
    position: positionDto(node.position),
    name: node.name,
    type: node.type,
    bundle: bundleDto(node.bundle),
    state: node.state,
    physicalState: node.physicalState,
    style: { ...node.config.style },
    relationships: relationshipDtos(node),
    ...remembered(view, 'traits', definition, () => traits(definition)),
    description: view.uiOnly ? undefined : definition?.description,
    config: view.uiOnly ? scheduling(node) : processorConfigDto(node, view),
    validationErrors: isValid ? undefined : [...node.validationErrors],
    validationStatus: isValid ? 'VALID' : 'INVALID',
  };
}

function unchanging(node: ProcessorNode, view: EntityView): Omit<ProcessorEntity, 'status' | 'bulletins'> {
  const component = processorDto(node, view);
  const entity = {
    ...baseEntity(node, 'processors', view),
    component,
    inputRequirement: component.inputRequirement,
    physicalState: component.physicalState,
    operatePermissions: operatePermissions(node, view),
  };
  return asSeen(entity, node, view);
}

export function processorEntity(node: ProcessorNode, view: EntityView): ProcessorEntity {
  return asSeen({ ...unchanging(node, view), bulletins: bulletinsOf(node.id, view), status: processorStatus(node, view) }, node, view);
}

/** By what the user may do: see Rights. */
const memos = () => Array.from({ length: ALL + 1 }, () => new JsonMemo<ProcessorNode>());
const [full, lite] = [memos(), memos()];

/** As `processorEntity`, in JSON: what has not changed since the last time is not written again. */
export function processorEntityJson(node: ProcessorNode, view: EntityView): ReturnType<typeof entityChunks> {
  const { revision, position, group, config, relationships, validationErrors, state, physicalState, versionedId, name, comments } = node;
  const descriptors = view.uiOnly ? '' : declaredPart(node, serviceChoices(group, view));
  const parts = [view.base, revision, position, group, config, relationships, validationErrors, state, physicalState, versionedId, name, comments, descriptors];
  return entityChunks(
    (view.uiOnly ? lite : full)[view.rights.of(node)]!.open(node, parts, () => unchanging(node, view), ',"status":'),
    processorStatusJson(node, view),
    node.id,
    view,
  );
}
