import { InvalidRequestError, NotFoundError } from '../../engine/errors.ts';
import type { Bundle, ComponentType } from '../../engine/component-types.ts';
import { prioritizers } from '../../engine/prioritizers.ts';
import type { Call } from '../call.ts';
import { controllerServiceDefinition, processorDefinition } from '../dto/definition.ts';
import { documentedServiceDto, documentedTypeDto, serviceApis } from '../dto/type-catalogue.ts';
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

/** /flow: the catalogue of types and their documentation, all of it from the declarations. */
export function addFlowTypeRoutes(routes: Routes): void {
  const { types } = routes.services.flow.runtime;
  routes.get('/processor-types', (call) => ({
    processorTypes: [...types.processors()]
      .filter((each) => isWanted(call, each))
      .sort(byType)
      .map(documentedTypeDto),
  }));
  routes.get('/controller-service-types', (call) => {
    const contract = wantedContract(call);
    const found = [...types.controllerServices()].filter((each) => isWanted(call, each) && (!contract || serviceApis(each).some((api) => api.type === contract)));
    return { controllerServiceTypes: found.sort(byType).map(documentedServiceDto) };
  });
  routes.get('/prioritizers', () => ({ prioritizerTypes: [...prioritizers.keys()].map(prioritizerType) }));
  routes.get(`/processor-definition${PATH}`, (call) => processorDefinition(found(call, types.processor(call.parameter('type')))));
  routes.get(`/controller-service-definition${PATH}`, (call) => controllerServiceDefinition(found(call, types.controllerService(call.parameter('type')))));
  routes.get(`/additional-details${PATH}`, (call) => {
    const type = call.parameter('type');
    const { definition } = found(call, types.processor(type) ?? types.controllerService(type));
    if (definition.details === undefined) throw new NotFoundError(`There are no additional details for ${type}.`);
    return { additionalDetails: definition.details };
  });
  routes.get('/runtime-manifest', () => ({ runtimeManifest: manifest(routes) }));
  addAbsentTypes(routes);
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

function found<T>(call: Call, type: T | undefined): T {
  if (type === undefined) throw new NotFoundError(`Unable to find the definition of ${call.parameter('type')}.`);
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
  const [processors, controllerServices] = [[...types.processors()], [...types.controllerServices()]];
  const bundles = new Map([...processors, ...controllerServices].map(({ bundle }) => [`${bundle.group}:${bundle.artifact}`, bundle]));
  const within = (bundle: Bundle) => (each: ComponentType<unknown>) => each.bundle.group === bundle.group && each.bundle.artifact === bundle.artifact;
  return {
    identifier: 'millrace',
    agentType: 'nifi',
    version: API_VERSION,
    buildInfo: { version: about.version, revision: about.revision },
    bundles: [...bundles.values()].map((bundle) => ({
      ...bundle,
      componentManifest: {
        processors: processors.filter(within(bundle)).map(processorDefinition),
        controllerServices: controllerServices.filter(within(bundle)).map(controllerServiceDefinition),
      },
    })),
  };
}

/** Kinds of types of which Millrace has none. */
function addAbsentTypes(routes: Routes): void {
  const kinds = { 'reporting-task': 'reportingTaskTypes', 'parameter-provider': 'parameterProviderTypes', 'flow-analysis-rule': 'flowAnalysisRuleTypes' };
  for (const [kind, key] of Object.entries(kinds)) {
    routes.get(`/${kind}-types`, () => ({ [key]: [] }));
    routes.get(`/${kind}-definition${PATH}`, (call) => found(call, undefined));
  }
  routes.get(`/flow-registry-client-definition${PATH}`, (call) => found(call, undefined));
}
