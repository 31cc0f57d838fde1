import type { Router } from 'express';
import type { EnforcementPolicy, FlowAnalysisRuleNode } from '../../engine/flow-analysis-rule-node.ts';
import type { ProcessGroup } from '../../engine/process-group.ts';
import type { Call } from '../call.ts';
import { flowAnalysisRuleDto, flowAnalysisRuleEntity, ruleViolationDto } from '../dto/flow-analysis-rule.ts';
import { Routes } from '../routes.ts';
import { choice, runStatus, said, text } from '../schemas.ts';
import type { RestServices } from '../services.ts';
import type { ConfiguredBody } from './configured-body.ts';
import { addControllerLevelRoutes, addCreation, type ControllerLevelResource } from './controller-level.ts';
import { addStateRoutes } from './state.ts';

type State = FlowAnalysisRuleNode['state'];

interface RuleBody extends ConfiguredBody {
  state?: State | null;
  enforcementPolicy?: EnforcementPolicy | null;
}

function setState(node: FlowAnalysisRuleNode, state: State): void {
  if (state === 'ENABLED') node.enable();
  else node.disable();
}

const resource: ControllerLevelResource<'FLOW_ANALYSIS_RULE', RuleBody> = {
  kind: 'FLOW_ANALYSIS_RULE',
  path: 'controller/flow-analysis-rules',
  entity: flowAnalysisRuleEntity,
  fields: { state: choice('ENABLED', 'DISABLED'), enforcementPolicy: text },
  edit: ({ enforcementPolicy }) => ({ enforcementPolicy: said(enforcementPolicy) }),
  setState: (node, { state }) => {
    if (state && state !== node.state) setState(node, state);
  },
};

const ruleRunStatus = runStatus('ENABLED', 'DISABLED');

/** /controller/flow-analysis-rules */
export function flowAnalysisRuleRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  const find = (id: string) => flow.controllerLevel('FLOW_ANALYSIS_RULE', id);
  routes.get('/', ({ view }) => ({
    flowAnalysisRules: flow.allControllerLevel('FLOW_ANALYSIS_RULE').map((node) => flowAnalysisRuleEntity(node, view)),
    currentTime: view.refreshed,
  }));
  addCreation(routes, '/', resource);
  addControllerLevelRoutes(routes, resource);
  addStateRoutes(routes, find);
  routes.put('/:id/run-status', (call) => {
    const { revision, state } = call.body(ruleRunStatus);
    const node = find(call.id);
    flow.change(node, call.claim(revision), () => setState(node, state));
    return flowAnalysisRuleEntity(node, call.view);
  });
  return routes.router;
}

/** /flow/flow-analysis/results: what the enabled rules find wrong, everywhere or in a group and below. */
export function addFlowAnalysisResults(routes: Routes): void {
  const { flow } = routes.services;
  const results = (call: Call, groups?: ReadonlySet<ProcessGroup>) => ({
    flowAnalysisPending: false,
    rules: flow
      .allControllerLevel('FLOW_ANALYSIS_RULE')
      .filter((node) => node.isActive && call.rights.may('read', node))
      .map((node) => flowAnalysisRuleDto(node, call.view)),
    ruleViolations: flow.runtime.analysis.violations(groups).map((violation) => ruleViolationDto(violation, call.view)),
  });
  routes.get('/flow-analysis/results', (call) => results(call));
  routes.get('/flow-analysis/results/:id', (call) => results(call, new Set(flow.group(call.id).tree())));
}
