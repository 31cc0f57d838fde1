import type { ComponentKind } from '../../engine/component.ts';
import type { FlowAction } from '../flow-history.ts';
import type { EntityView } from './common.ts';

export interface ActionEntity {
  id: number;
  timestamp: string;
  sourceId: string;
  canRead: boolean;
  action?: {
    id: number;
    timestamp: string;
    userIdentity: string;
    sourceId: string;
    sourceName: string;
    sourceType: string;
    operation: string;
    actionDetails?: { name: string; previousValue?: string; value?: string };
  };
}

/** NiFi's names of what actions are about. */
export const SOURCE_TYPES: Readonly<Record<ComponentKind, string>> = {
  PROCESSOR: 'Processor',
  INPUT_PORT: 'InputPort',
  OUTPUT_PORT: 'OutputPort',
  FUNNEL: 'Funnel',
  LABEL: 'Label',
  CONNECTION: 'Connection',
  PROCESS_GROUP: 'ProcessGroup',
  CONTROLLER_SERVICE: 'ControllerService',
  PARAMETER_CONTEXT: 'ParameterContext',
  CONTROLLER: 'Controller',
  REPORTING_TASK: 'ReportingTask',
  PARAMETER_PROVIDER: 'ParameterProvider',
  FLOW_ANALYSIS_RULE: 'FlowAnalysisRule',
  FLOW_REGISTRY_CLIENT: 'FlowRegistryClient',
};

export function actionEntity({ id, time, user, sourceId, sourceName, kind, operation, detail }: FlowAction, view: EntityView): ActionEntity {
  const { times, find, rights } = view;
  const source = find(sourceId);
  const canRead = source ? rights.may('read', source) : rights.mayGlobally('read', '/controller');
  const timestamp = times.date(time);
  const actionDetails = detail && { name: detail.name, previousValue: detail.previousValue, value: detail.value };
  if (!canRead) return { id, timestamp, sourceId, canRead };
  return { id, timestamp, sourceId, canRead, action: { id, timestamp, userIdentity: user, sourceId, sourceName, sourceType: SOURCE_TYPES[kind], operation, actionDetails } };
}
