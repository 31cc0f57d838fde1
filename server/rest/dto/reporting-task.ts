import type { ReportingTaskNode } from '../../engine/reporting-task-node.ts';
import { defaultPeriods } from '../../engine/reporting-task-node.ts';
import type { EntityView } from './common.ts';
import { configuredDto, type ConfiguredDto, type ConfiguredEntity, configuredEntity } from './configured.ts';

export interface ReportingTaskDto extends ConfiguredDto {
  state: ReportingTaskNode['state'];
  schedulingStrategy: string;
  schedulingPeriod: string;
  defaultSchedulingPeriod: Readonly<Record<string, string>>;
  activeThreadCount: number;
  annotationData?: string;
}

export interface ReportingTaskEntity extends ConfiguredEntity<ReportingTaskDto> {
  status: { runStatus: ReportingTaskNode['state']; validationStatus: ConfiguredDto['validationStatus']; activeThreadCount: number };
}

export function reportingTaskEntity(node: ReportingTaskNode, view: EntityView): ReportingTaskEntity {
  const { state, schedule, definition, activeThreadCount, annotationData } = node;
  const component = { ...configuredDto(node, view), state, ...schedule, defaultSchedulingPeriod: defaultPeriods(definition), activeThreadCount, annotationData };
  const status = { runStatus: state, validationStatus: component.validationStatus, activeThreadCount };
  return { ...configuredEntity(node, 'reporting-tasks', component, view), status };
}
