import type { TypeKind } from '../api/documentation.ts';
import type { IconName } from '../shared/icons.ts';

/** A kind of components outside of all groups, and where the API has it. */
export interface ControllerKind {
  readonly key: 'reporting-tasks' | 'parameter-providers' | 'registry-clients' | 'flow-analysis-rules';
  readonly title: string;
  readonly one: string;
  readonly icon: IconName;
  readonly documentation: TypeKind;
  /** Path and field of the list of components. */
  readonly list: readonly [path: string, field: string];
  /** Path and field of the list of types. */
  readonly types: readonly [path: string, field: string];
  readonly makePath: string;
  readonly path: string;
  /** Where it can be started: the words for at work and at rest. */
  readonly states?: readonly [on: string, off: string];
  readonly emptyText: string;
}

export const KINDS: readonly ControllerKind[] = [
  {
    key: 'reporting-tasks',
    title: 'Reporting tasks',
    one: 'Reporting task',
    icon: 'chart',
    documentation: 'reporting-task',
    list: ['/nifi-api/flow/reporting-tasks', 'reportingTasks'],
    types: ['/nifi-api/flow/reporting-task-types', 'reportingTaskTypes'],
    makePath: '/nifi-api/controller/reporting-tasks',
    path: '/nifi-api/reporting-tasks',
    states: ['RUNNING', 'STOPPED'],
    emptyText: 'They tell other systems, at regular times, how the flow is doing.',
  },
  {
    key: 'parameter-providers',
    title: 'Parameter providers',
    one: 'Parameter provider',
    icon: 'sliders',
    documentation: 'parameter-provider',
    list: ['/nifi-api/flow/parameter-providers', 'parameterProviders'],
    types: ['/nifi-api/flow/parameter-provider-types', 'parameterProviderTypes'],
    makePath: '/nifi-api/controller/parameter-providers',
    path: '/nifi-api/parameter-providers',
    emptyText: 'They fetch parameters from other places, such as the environment or a vault.',
  },
  {
    key: 'registry-clients',
    title: 'Registry clients',
    one: 'Registry client',
    icon: 'branch',
    documentation: 'flow-registry-client',
    list: ['/nifi-api/controller/registry-clients', 'registries'],
    types: ['/nifi-api/controller/registry-types', 'flowRegistryClientTypes'],
    makePath: '/nifi-api/controller/registry-clients',
    path: '/nifi-api/controller/registry-clients',
    emptyText: 'They keep versions of process groups in a repository.',
  },
  {
    key: 'flow-analysis-rules',
    title: 'Flow analysis rules',
    one: 'Flow analysis rule',
    icon: 'check',
    documentation: 'flow-analysis-rule',
    list: ['/nifi-api/controller/flow-analysis-rules', 'flowAnalysisRules'],
    types: ['/nifi-api/flow/flow-analysis-rule-types', 'flowAnalysisRuleTypes'],
    makePath: '/nifi-api/controller/flow-analysis-rules',
    path: '/nifi-api/controller/flow-analysis-rules',
    states: ['ENABLED', 'DISABLED'],
    emptyText: 'They look at each edit and say, or refuse, what should not be so.',
  },
];

export const kindOf = (key: string): ControllerKind => KINDS.find((kind) => kind.key === key) ?? KINDS[0]!;
