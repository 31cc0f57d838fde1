import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { Bundle, ComponentType, DefinitionKind } from '../../engine/component-types.ts';
import { prioritizers } from '../../engine/prioritizers.ts';
import { DEFAULT_SCHEDULING_PERIODS } from '../../engine/processor-config.ts';
import type { Call } from '../call.ts';
import { typeDefinition } from '../dto/definition.ts';
import { documentedTypeDto } from '../dto/type-catalogue.ts';
import type { Routes } from '../routes.ts';
import { API_VERSION } from '../services.ts';

const PATH = '/:group/:artifact/:version/:type';

/** Whether a type is among those that the query asks for. */
function isWanted(call: Call, { type, bundle }: ComponentType<unknown>): boolean {
  const given = { group: call.query('bundleGroupFilter'), artifact: call.query('bundleArtifactFilter') };
  const wanted = call.query('type') ?? call.query('typeFilter');
  return (given.group ?? bundle.group) === bundle.group && (given.artifact ?? bundle.artifact) === bundle.artifact && (wanted ?? type) === type;
}

const byType = (a: { type: string }, b: { type: string }): number => (a.type < b.type ? -1 : 1);

/** What the API calls each kind of types. */
const KINDS: Readonly<Record<DefinitionKind, { readonly list: string; readonly manifest: string }>> = {
  processor: { list: 'processorTypes', manifest: 'processors' },
  'controller-service': { list: 'controllerServiceTypes', manifest: 'controllerServices' },
  'reporting-task': { list: 'reportingTaskTypes', manifest: 'reportingTasks' },
  'parameter-provider': { list: 'parameterProviderTypes', manifest: 'parameterProviders' },
  'flow-analysis-rule': { list: 'flowAnalysisRuleTypes', manifest: 'flowAnalysisRules' },
  'flow-registry-client': { list: 'flowRegistryClientTypes', manifest: 'flowRegistryClients' },
};
const ALL = Object.keys(KINDS) as DefinitionKind[];

/** The list of types of a kind; services may be asked for by contract. */
function catalogue(call: Call, kind: DefinitionKind) {
  const { types } = call.services.flow.runtime;
  const contract = kind === 'controller-service' ? wantedContract(call) : undefined;
  const offered = [...types.all(kind)].filter((each) => isWanted(call, each)).sort(byType);
  const fulfils = ({ definition }: (typeof offered)[number]): boolean => 'provides' in definition && definition.provides.some(({ type }) => type === contract);
  return { [KINDS[kind].list]: (contract === undefined ? offered : offered.filter(fulfils)).map(documentedTypeDto) };
}

/** GET /flow/reporting-task-types and its like; registry clients have theirs elsewhere. */
export function addCatalogueRoute(routes: Routes, path: string, kind: DefinitionKind): void {
  routes.get(path, (call) => catalogue(call, kind));
}

/** /flow: the catalogue of types and their documentation, all of it from the declarations. */
export function addFlowTypeRoutes(routes: Routes): void {
  const { types } = routes.services.flow.runtime;
  for (const kind of ALL) {
    if (kind !== 'flow-registry-client') addCatalogueRoute(routes, `/${kind}-types`, kind);
    routes.get(`/${kind}-definition${PATH}`, (call) => typeDefinition(kind, found(call, types.find(kind, call.parameter('type')))));
  }
  routes.get('/prioritizers', () => ({ prioritizerTypes: [...prioritizers.keys()].map(prioritizerType) }));
  routes.get(`/additional-details${PATH}`, (call) => {
    const type = call.parameter('type');
    const known = ALL.map((kind) => types.find(kind, type)).find((each) => each !== undefined);
    const { details } = found(call, known).definition;
    if (details === undefined) throw new NotFoundError(`There are no additional details for ${type}.`);
    return { additionalDetails: details };
  });
  routes.get('/runtime-manifest', () => ({ runtimeManifest: manifest(routes) }));
}

/** NiFi wants the whole bundle where a service API is asked for. */
function wantedContract(call: Call): string | undefined {
  const contract = call.query('serviceType');
  if (contract === undefined) return undefined;
  const bundle = [call.query('serviceBundleGroup'), call.query('serviceBundleArtifact'), call.query('serviceBundleVersion')];
  if (bundle.includes(undefined))
    throw new InvalidRequestError('When specifying the serviceType, the serviceBundleGroup, serviceBundleArtifact and serviceBundleVersion must be specified too.');
  return contract;
}

/** The type that the path names, if its bundle is the one that the path names. Throws NotFoundError. */
function found<T extends ComponentType<unknown>>(call: Call, type: T | undefined): T {
  const [group, artifact, version] = [call.parameter('group'), call.parameter('artifact'), call.parameter('version')];
  const { bundle } = type ?? {};
  if (!type || bundle?.group !== group || bundle.artifact !== artifact || bundle.version !== version)
    throw new NotFoundError(`Unable to find the definition of ${call.parameter('type')} in ${group}:${artifact}:${version}.`);
  return type;
}

const PRIORITIZER_DESCRIPTIONS: Readonly<Record<string, string>> = {
  FirstInFirstOutPrioritizer: 'The FlowFile that came into the connection first goes first.',
  NewestFlowFileFirstPrioritizer: 'The FlowFile that is newest in the flow goes first.',
  OldestFlowFileFirstPrioritizer: 'The FlowFile that is oldest in the flow goes first.',
  PriorityAttributePrioritizer: 'The FlowFile with the smallest attribute "priority" goes first.',
};

function prioritizerType(type: string) {
  const bundle: Bundle = { group: 'org.apache.nifi', artifact: 'nifi-framework-nar', version: API_VERSION };
  return { type, bundle, description: PRIORITIZER_DESCRIPTIONS[type.slice(type.lastIndexOf('.') + 1)], tags: [], restricted: false };
}

function manifest({ services: { flow, about } }: Routes) {
  const { types } = flow.runtime;
  const bundles = new Map<string, Bundle & { componentManifest: Record<string, unknown[]> }>();
  for (const kind of ALL) {
    for (const type of types.all(kind)) {
      const key = `${type.bundle.group}:${type.bundle.artifact}`;
      const known = bundles.get(key) ?? { ...type.bundle, componentManifest: { apis: [] } };
      bundles.set(key, known);
      (known.componentManifest[KINDS[kind].manifest] ??= []).push(typeDefinition(kind, type));
    }
  }
  const buildInfo = { version: about.version, revision: about.revision };
  return { identifier: 'millrace', agentType: 'nifi', version: API_VERSION, buildInfo, bundles: [...bundles.values()], schedulingDefaults: SCHEDULING_DEFAULTS };
}

/** As processorDefinition says them for each type. */
const SCHEDULING_DEFAULTS = {
  defaultSchedulingStrategy: 'TIMER_DRIVEN',
  defaultSchedulingPeriodMillis: 0,
  penalizationPeriodMillis: 30_000,
  yieldDurationMillis: 1000,
  defaultRunDurationNanos: 0,
  defaultMaxConcurrentTasks: '1',
  defaultConcurrentTasksBySchedulingStrategy: { TIMER_DRIVEN: 1, CRON_DRIVEN: 1 },
  defaultSchedulingPeriodsBySchedulingStrategy: DEFAULT_SCHEDULING_PERIODS,
};
