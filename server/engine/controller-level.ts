import type { Bundle, DefinitionKind } from './component-types.ts';
import { FlowAnalysisRuleNode } from './flow-analysis-rule-node.ts';
import { FlowRegistryClientNode } from './flow-registry-client-node.ts';
import { ParameterProviderNode } from './parameter-provider-node.ts';
import { ReportingTaskNode } from './reporting-task-node.ts';
import type { Runtime } from './runtime.ts';

/** Kinds of components that stand outside of every group: what makes them, and how their types are declared. A new kind is a line here. */
export const CONTROLLER_LEVEL = {
  REPORTING_TASK: { node: ReportingTaskNode, declaredAs: 'reporting-task' },
  FLOW_ANALYSIS_RULE: { node: FlowAnalysisRuleNode, declaredAs: 'flow-analysis-rule' },
  PARAMETER_PROVIDER: { node: ParameterProviderNode, declaredAs: 'parameter-provider' },
  FLOW_REGISTRY_CLIENT: { node: FlowRegistryClientNode, declaredAs: 'flow-registry-client' },
} as const satisfies Record<string, { readonly node: new (runtime: Runtime, id: string, type: string, bundle: Bundle) => object; readonly declaredAs: DefinitionKind }>;

export type ControllerLevelKind = keyof typeof CONTROLLER_LEVEL;
export type ControllerLevelNode<K extends ControllerLevelKind = ControllerLevelKind> = InstanceType<(typeof CONTROLLER_LEVEL)[K]['node']>;

/** What one is made from: its full type name, and settings. */
export type ControllerLevelSpec<K extends ControllerLevelKind = ControllerLevelKind> = Parameters<ControllerLevelNode<K>['configure']>[0] & { readonly type: string };

export const CONTROLLER_LEVEL_KINDS = Object.keys(CONTROLLER_LEVEL) as ControllerLevelKind[];

/** Makes a component of a kind, without configuration. */
export function controllerLevelNode<K extends ControllerLevelKind>(runtime: Runtime, kind: K, id: string, type: string, bundle: Bundle): ControllerLevelNode<K> {
  return new CONTROLLER_LEVEL[kind].node(runtime, id, type, bundle) as ControllerLevelNode<K>;
}
