import type { RuleViolation } from '../../engine/flow-analysis.ts';
import type { FlowAnalysisRuleNode } from '../../engine/flow-analysis-rule-node.ts';
import { canRead, type EntityView, permissions, type PermissionsDto, shownName } from './common.ts';
import { configuredDto, type ConfiguredDto, type ConfiguredEntity, configuredEntity } from './configured.ts';

export interface FlowAnalysisRuleDto extends ConfiguredDto {
  state: FlowAnalysisRuleNode['state'];
  enforcementPolicy: FlowAnalysisRuleNode['enforcementPolicy'];
}

export interface FlowAnalysisRuleEntity extends ConfiguredEntity<FlowAnalysisRuleDto> {
  status: { runStatus: FlowAnalysisRuleNode['state']; validationStatus: ConfiguredDto['validationStatus']; activeThreadCount: number };
}

export interface RuleViolationDto {
  enforcementPolicy: FlowAnalysisRuleNode['enforcementPolicy'];
  enabled: boolean;
  /** The group that was analyzed. */
  scope: string;
  groupId: string;
  ruleId: string;
  issueId: string;
  subjectId: string;
  subjectDisplayName: string;
  subjectComponentType: string;
  subjectPermissionDto: PermissionsDto;
  violationMessage: string;
}

export function flowAnalysisRuleDto(node: FlowAnalysisRuleNode, view: EntityView): FlowAnalysisRuleDto {
  const { state, enforcementPolicy } = node;
  return { ...configuredDto(node, view), state, enforcementPolicy };
}

export function flowAnalysisRuleEntity(node: FlowAnalysisRuleNode, view: EntityView): FlowAnalysisRuleEntity {
  const component = flowAnalysisRuleDto(node, view);
  const status = { runStatus: component.state, validationStatus: component.validationStatus, activeThreadCount: 0 };
  return { ...configuredEntity(node, 'controller/flow-analysis-rules', component, view), status };
}

export function ruleViolationDto({ rule, group, subject, issueId, message }: RuleViolation, view: EntityView): RuleViolationDto {
  return {
    enforcementPolicy: rule.enforcementPolicy,
    enabled: rule.isActive,
    scope: group.id,
    groupId: group.id,
    ruleId: rule.id,
    issueId,
    subjectId: subject.id,
    subjectDisplayName: shownName(subject, view),
    subjectComponentType: subject.kind,
    subjectPermissionDto: permissions(subject, view),
    // It speaks of what is configured.
    violationMessage: canRead(subject, view) ? message : '',
  };
}
