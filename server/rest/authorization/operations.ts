import type { Component } from '../../engine/component.ts';
import { changedCode, codeAmong } from './code.ts';
import { dataOperations } from './data-operations.ts';
import { importOperations } from './import-operations.ts';
import { whatItBrings } from './definitions.ts';
import * as ref from './references.ts';
import { anyone, filtered, operate, type Operations, type Rule, read, readOrWrite, submitter, type Target, write } from './rules.ts';
import { syncOperations } from './sync-operations.ts';
import * as at from './targets.ts';

const flow = read(at.globally('/flow'));
const controller = { read: read(at.globally('/controller')), write: write(at.globally('/controller')) };
const tenants = { read: read(at.globally('/tenants')), write: write(at.globally('/tenants')) };
const restricted = write(at.restricted);
const services = { referenced: read(ref.referencedServices), wanted: read(ref.wantedServices), changed: read(ref.changedServices) };

/** What /flow answers to whoever may see the canvas, a path a word. */
const SHOWN = `about banners client-id cluster/search-results cluster/summary config connections/{id}/statistics connections/{id}/status
  connections/{id}/status/history content-viewers controller/controller-services flow-analysis/results flow-analysis/results/{id}
  history history/{id} input-ports/{id}/status listen-ports metrics/{producer} output-ports/{id}/status parameter-providers prioritizers
  process-groups/{id} process-groups/{id}/breadcrumbs process-groups/{id}/controller-services process-groups/{id}/status
  process-groups/{id}/status/history processors/{id}/status processors/{id}/status/history registries registries/{id}/branches
  registries/{id}/buckets registries/{id}/buckets/{bucket}/flows registries/{id}/buckets/{bucket}/flows/{flow}/details
  registries/{id}/buckets/{bucket}/flows/{flow}/versions
  registries/{id}/branches/{branch}/buckets/{bucket}/flows/{flow}/{version}/diff/branches/{b}/buckets/{c}/flows/{d}/{e}
  remote-process-groups/{id}/status remote-process-groups/{id}/status/history reporting-tasks
  runtime-manifest search-results status
  processor-types controller-service-types reporting-task-types parameter-provider-types flow-analysis-rule-types`.split(/\s+/);

const DOCUMENTED = [
  'additional-details',
  ...['processor', 'controller-service', 'reporting-task', 'parameter-provider', 'flow-analysis-rule', 'flow-registry-client'].map((kind) => `${kind}-definition`),
];

const flowOperations: Operations = {
  ...Object.fromEntries(SHOWN.map((path) => [`GET /flow/${path}`, [flow]])),
  ...Object.fromEntries(DOCUMENTED.map((path) => [`GET /flow/${path}/{group}/{artifact}/{version}/{type}`, [flow]])),
  // As NiFi does: whoever is logged in may know who that is, and log out.
  'GET /flow/current-user': anyone,
  // They have the whole configuration in them.
  'GET /flow/reporting-tasks/snapshot': [flow, controller.read],
  'GET /flow/reporting-tasks/download': [flow, controller.read],
  'GET /flow/bulletin-board': [flow, filtered('read /{component-type}')],
  'GET /flow/controller/bulletins': [flow, filtered('read /controller'), filtered('read /controller-services'), filtered('read /reporting-tasks')],
  'GET /flow/history/components/{id}': [flow, read(at.anyComponent)],
  'GET /flow/parameter-contexts': [filtered('read /parameter-contexts')],
  'PUT /flow/process-groups/{id}': [flow, operate(ref.listedComponents)],
  'PUT /flow/process-groups/{id}/controller-services': [flow, operate(ref.listedComponents)],
  'POST /flow/process-groups/{id}/bulletins/clear-requests': [flow, write(at.group), write(ref.clearedComponents)],
};

/** Operations of one component outside of all groups, or of a service, by its path. */
function configured(path: string, component: Target<Component>, remove: readonly Rule[]): Operations {
  return {
    [`GET ${path}/{id}`]: [read(component)],
    [`PUT ${path}/{id}`]: [write(component), services.changed, write(changedCode)],
    [`DELETE ${path}/{id}`]: [write(component), ...remove],
    [`GET ${path}/{id}/descriptors`]: [read(component)],
    [`GET ${path}/{id}/state`]: [write(component)],
    [`POST ${path}/{id}/state/clear-requests`]: [write(component)],
    [`PUT ${path}/{id}/run-status`]: [operate(component)],
    [`POST ${path}/{id}/bulletins/clear-requests`]: [write(component)],
    ...verification(path, component),
  };
}

function verification(path: string, component: Target): Operations {
  return {
    [`POST ${path}/{id}/config/analysis`]: [read(component)],
    [`POST ${path}/{id}/config/verification-requests`]: [read(component), write(ref.triedOtherwise), services.changed, write(changedCode)],
    [`GET ${path}/{id}/config/verification-requests/{request}`]: [submitter],
    [`DELETE ${path}/{id}/config/verification-requests/{request}`]: [submitter],
  };
}

const [reportingTask, provider, rule, client] = [
  at.outside('REPORTING_TASK'),
  at.outside('PARAMETER_PROVIDER'),
  at.outside('FLOW_ANALYSIS_RULE'),
  at.outside('FLOW_REGISTRY_CLIENT'),
];
const outside = [controller.write, services.referenced];

const controllerOperations: Operations = {
  'GET /controller/config': [controller.read],
  'PUT /controller/config': [controller.write],
  'POST /controller/bulletin': [controller.write],
  'DELETE /controller/history': [controller.write],
  'GET /controller/status/history': [controller.read],
  'GET /controller/cluster': [controller.read],
  'GET /controller/cluster/nodes/{id}': [controller.read],
  'PUT /controller/cluster/nodes/{id}': [controller.write],
  'DELETE /controller/cluster/nodes/{id}': [controller.write],
  'GET /controller/nar-manager/nars': [controller.read],
  'POST /controller/nar-manager/nars/content': [controller.write],
  'GET /controller/nar-manager/nars/{id}': [controller.read],
  'DELETE /controller/nar-manager/nars/{id}': [controller.write],
  'GET /controller/nar-manager/nars/{id}/content': [controller.read],
  'GET /controller/nar-manager/nars/{id}/details': [controller.read],
  'POST /controller/controller-services': [controller.write, services.wanted, restricted],
  'POST /controller/reporting-tasks': [controller.write, services.wanted, restricted],
  'POST /controller/reporting-tasks/import': [controller.write, whatItBrings],
  'POST /controller/parameter-providers': [controller.write, services.wanted, restricted],
  'POST /controller/parameter-providers/{id}/bulletins/clear-requests': [write(provider)],
  'GET /controller/flow-analysis-rules': [flow],
  'POST /controller/flow-analysis-rules': [controller.write, services.wanted, restricted],
  ...configured('/controller/flow-analysis-rules', rule, outside),
  'GET /controller/registry-types': [controller.read],
  'GET /controller/registry-clients': [controller.read],
  'POST /controller/registry-clients': [controller.read, controller.write, services.wanted],
  ...configured('/controller/registry-clients', client, [services.referenced]),
  ...configured('/reporting-tasks', reportingTask, outside),
  ...configured('/parameter-providers', provider, outside),
  'GET /parameter-providers/{id}/references': [read(provider)],
  'POST /parameter-providers/{id}/parameters/fetch-requests': [operate(provider)],
  'POST /parameter-providers/{id}/apply-parameters-requests': [
    ...[read(provider), write(provider), read(ref.providedComponents), write(ref.providedComponents), write(codeAmong(ref.providedComponents))],
    ...[read(ref.filledContexts), write(ref.filledContexts), write(ref.madeContexts)],
  ],
  'GET /parameter-providers/{id}/apply-parameters-requests/{request}': [submitter],
  'DELETE /parameter-providers/{id}/apply-parameters-requests/{request}': [submitter],
};

/** What can be made in a group: the rules besides writing the group. */
const CHILDREN: Readonly<Record<string, readonly Rule[]>> = {
  processors: [services.wanted, restricted],
  'controller-services': [services.wanted, restricted],
  'process-groups': [read(ref.boundContext)],
  'input-ports': [],
  'output-ports': [],
  funnels: [],
  labels: [],
  'remote-process-groups': [],
  connections: [write(at.wantedEnds)],
};

const versioned = [read(at.group), write(at.group), read(at.everythingWithin), write(at.everythingWithin), restricted];

/** A definition has everything in it that is in a group. */
const definitionOf = [read(at.group), read(at.everythingWithin), read(ref.servicesNamedWithin), read(ref.contextsWithin)];

const groupOperations: Operations = {
  ...Object.fromEntries(Object.entries(CHILDREN).map(([kind, rules]) => [`POST /process-groups/{id}/${kind}`, [write(at.group), ...rules]])),
  ...Object.fromEntries(Object.keys(CHILDREN).map((kind) => [`GET /process-groups/{id}/${kind}`, [read(at.group)]])),
  'GET /process-groups/{id}': [read(at.group)],
  'PUT /process-groups/{id}': [write(at.group), read(ref.boundContext), read(ref.reboundComponents), write(ref.reboundComponents), write(codeAmong(ref.reboundComponents))],
  'DELETE /process-groups/{id}': [write(at.group), write(at.parentGroup), read(ref.servicesNamedWithin), write(at.everythingWithin)],
  'GET /process-groups/{id}/download': definitionOf,
  'GET /process-groups/{id}/local-modifications': [read(at.group), read(at.everythingWithin)],
  'POST /process-groups/{id}/copy': [read(ref.copiedComponents)],
  'PUT /process-groups/{id}/paste': [write(at.group), whatItBrings],
  'POST /process-groups/{id}/snippet-instance': [
    write(at.group),
    read(ref.instantiatedMembers),
    read(ref.servicesOfInstantiated),
    read(ref.contextsOfInstantiated),
    write(ref.instantiatedTypes),
  ],
  'POST /process-groups/{id}/process-groups/import': [write(at.group), whatItBrings],
  // What is in the file is checked when it has been read.
  'POST /process-groups/{id}/process-groups/upload': [write(at.group)],
  'PUT /process-groups/{id}/flow-contents': [...versioned, whatItBrings],
  'POST /process-groups/{id}/replace-requests': [...versioned, whatItBrings],
  'GET /process-groups/replace-requests/{id}': [submitter],
  'DELETE /process-groups/replace-requests/{id}': [submitter],
  'POST /process-groups/{id}/empty-all-connections-requests': [read(at.groupsWithin), write(at.dataWithin)],
  'GET /process-groups/{id}/empty-all-connections-requests/{request}': [read(at.groupsWithin), write(at.dataWithin)],
  'DELETE /process-groups/{id}/empty-all-connections-requests/{request}': [read(at.groupsWithin), write(at.dataWithin)],
  'POST /versions/active-requests': [write(at.wantedGroup)],
  'PUT /versions/active-requests/{id}': [submitter],
  'DELETE /versions/active-requests/{id}': [submitter],
  'GET /versions/process-groups/{id}': [read(at.group)],
  'GET /versions/process-groups/{id}/download': definitionOf,
  'POST /versions/process-groups/{id}': [read(at.group), write(at.group), read(at.everythingWithin), read(ref.servicesNamedWithin), read(ref.contextsWithin)],
  'PUT /versions/process-groups/{id}': [read(at.group), write(at.group), whatItBrings],
  'DELETE /versions/process-groups/{id}': [read(at.group), write(at.group)],
  ...Object.fromEntries(
    ['update', 'revert'].flatMap((what) => [
      [`POST /versions/${what}-requests/process-groups/{id}`, [...versioned, whatItBrings]],
      [`GET /versions/${what}-requests/{id}`, [submitter]],
      [`DELETE /versions/${what}-requests/{id}`, [submitter]],
    ]),
  ),
};

/** Reading, writing and removing a component on the canvas. */
function placed(path: string, component: Target<Component>): Operations {
  return {
    [`GET ${path}/{id}`]: [read(component)],
    [`PUT ${path}/{id}`]: [write(component)],
    [`DELETE ${path}/{id}`]: [write(component), write(at.parentGroup)],
  };
}

function port(path: string, component: Target<Component>): Operations {
  return {
    ...placed(path, component),
    [`PUT ${path}/{id}/run-status`]: [operate(component)],
    [`POST ${path}/{id}/bulletins/clear-requests`]: [write(component)],
  };
}

const componentOperations: Operations = {
  ...configured('/processors', at.processor, [write(at.parentGroup), services.referenced]),
  'POST /processors/run-status-details/queries': [read(ref.askedProcessors)],
  'GET /processors/{id}/diagnostics': [read(at.processor)],
  'DELETE /processors/{id}/threads': [operate(at.processor)],
  ...configured('/controller-services', at.service, [write(at.parentGroup), write(at.controllerIfOutside), services.referenced]),
  'GET /controller-services/{id}/references': [read(at.service)],
  'PUT /controller-services/{id}/references': [operate(ref.scheduledUsers)],
  ...port('/input-ports', at.inputPort),
  ...port('/output-ports', at.outputPort),
  ...placed('/funnels', at.funnel),
  ...placed('/labels', at.label),
  'GET /connections/{id}': [read(at.ends)],
  'PUT /connections/{id}': [write(at.ends), write(at.newDestination), write(at.groupIfRedirected)],
  'DELETE /connections/{id}': [write(at.ends), write(at.connectionGroup)],
  'POST /snippets': [readOrWrite(ref.wantedMembers)],
  'PUT /snippets/{id}': [write(ref.snippetTarget), write(ref.snippetMembers)],
  'DELETE /snippets/{id}': [write(ref.snippetMembers), write(ref.snippetGroup)],
  // Ours. NiFi shows state to those who may write.
  'GET /api/components/{id}/state/history': [write(at.anyComponent)],
  'PUT /api/components/{id}/state': [write(at.anyComponent)],
  'POST /api/controller-services/{id}/key-pair': [write(at.service)],
  'POST /api/components/{id}/validation': [read(at.anyComponent), services.changed],
  'GET /api/connectors': [flow],
  'GET /api/process-groups/{id}/sparklines': [flow],
  'GET /api/connectors/{name}': [flow],
  'GET /api/connectors/{name}/sync': [flow],
  // It has everybody's edits in it, of users and policies too.
  'GET /api/audit': [controller.read, tenants.read, read(at.globally('/policies'))],
  'POST /api/restorations': [write(ref.groupsOfRemoved), write(ref.controllerOfRemoved), write(ref.contextsOfRemoved), write(ref.typesOfRemoved)],
  'GET /api/expression-functions': [flow],
  'GET /api/schedules/cron': [flow],
};

const affected = [read(ref.affectedComponents), write(ref.affectedComponents), write(codeAmong(ref.affectedComponents))];
const ofAsset = [read(at.context), write(at.context), read(ref.affectedByAsset), write(ref.affectedByAsset), write(codeAmong(ref.affectedByAsset)), read(ref.inheritedContexts)];

const parameterOperations: Operations = {
  'POST /parameter-contexts': [write(at.globally('/parameter-contexts')), read(ref.wantedContexts), read(ref.wantedProvider), whatItBrings],
  'GET /parameter-contexts/{id}': [read(at.context)],
  // It changes parameters as an update request does.
  'PUT /parameter-contexts/{id}': [read(at.context), write(at.context), ...affected, read(ref.inheritedContexts), read(ref.wantedContexts), whatItBrings],
  'DELETE /parameter-contexts/{id}': [read(at.context), write(at.context), read(ref.boundGroups), write(ref.boundGroups)],
  'POST /parameter-contexts/{id}/update-requests': [read(at.context), write(at.context), ...affected, read(ref.inheritedContexts), read(ref.wantedContexts), whatItBrings],
  'GET /parameter-contexts/{id}/update-requests/{request}': [submitter],
  'DELETE /parameter-contexts/{id}/update-requests/{request}': [submitter],
  'POST /parameter-contexts/{id}/validation-requests': [read(at.context), read(ref.referencingComponents), write(ref.referencingComponents)],
  'GET /parameter-contexts/{id}/validation-requests/{request}': [submitter],
  'DELETE /parameter-contexts/{id}/validation-requests/{request}': [submitter],
  'GET /parameter-contexts/{id}/assets': [read(at.context)],
  'POST /parameter-contexts/{id}/assets': ofAsset,
  'GET /parameter-contexts/{id}/assets/{assetId}': [read(at.context)],
  'DELETE /parameter-contexts/{id}/assets/{assetId}': ofAsset,
};

const accessOperations: Operations = {
  'POST /access/token': anyone,
  'DELETE /access/logout': anyone,
  'GET /access/logout/complete': anyone,
  'GET /authentication/configuration': anyone,
  'GET /tenants/search-results': [tenants.read],
  ...Object.fromEntries(
    ['users', 'user-groups'].flatMap((kind) => [
      [`GET /tenants/${kind}`, [tenants.read]],
      [`POST /tenants/${kind}`, [tenants.write]],
      [`GET /tenants/${kind}/{id}`, [tenants.read]],
      [`PUT /tenants/${kind}/{id}`, [tenants.write]],
      [`DELETE /tenants/${kind}/{id}`, [tenants.write]],
    ]),
  ),
  'POST /policies': [write(at.wantedPolicy)],
  'GET /policies/{action}/{resource}': [read(at.namedPolicy)],
  'GET /policies/{id}': [read(at.policy)],
  'PUT /policies/{id}': [write(at.policy)],
  'DELETE /policies/{id}': [write(at.policy), write(at.parentPolicy)],
  'GET /resources': [read(at.globally('/resources'))],
  'GET /counters': [read(at.globally('/counters'))],
  'PUT /counters': [write(at.globally('/counters'))],
  'PUT /counters/{id}': [write(at.globally('/counters'))],
  'GET /system-diagnostics': [read(at.globally('/system'))],
  'GET /system-diagnostics/jmx-metrics': [read(at.globally('/system'))],
  'GET /site-to-site': [read(at.globally('/site-to-site'))],
  'GET /site-to-site/peers': [read(at.globally('/site-to-site'))],
};

/** Who may do what: a route that is not here is refused. */
export const OPERATIONS: Operations = {
  ...flowOperations,
  ...controllerOperations,
  ...groupOperations,
  ...componentOperations,
  ...dataOperations,
  ...importOperations,
  ...syncOperations,
  ...parameterOperations,
  ...accessOperations,
};
