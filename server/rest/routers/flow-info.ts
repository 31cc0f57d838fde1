import { randomUUID } from 'node:crypto';
import type { ComponentKind } from '../../engine/component.ts';
import { ControllerServiceNode } from '../../engine/controller-service-node.ts';
import { InvalidRequestError } from '../../engine/errors.ts';
import type { FlowController } from '../../engine/flow-controller.ts';
import { listenPortsOf } from '../../engine/listen-ports.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import type { Rights } from '../authorization/rights.ts';
import { bulletinEntity, canReadBulletin } from '../dto/common.ts';
import { type ListenPortDto, listenPortDto } from '../dto/listen-port.ts';
import { groupLoad } from '../dto/group-status.ts';
import { versionCounts } from '../dto/version-control.ts';
import { currentUserEntity } from '../dto/user.ts';
import { sendText } from '../errors.ts';
import { formatCount, formatDataSize } from '../format.ts';
import type { Routes } from '../routes.ts';
import { API_VERSION } from '../services.ts';
import { search } from '../search.ts';
import type { Call } from '../call.ts';

/** /flow: what concerns the instance as a whole. */
export function addFlowInfoRoutes(routes: Routes): void {
  const { flow, about } = routes.services;
  routes.get('/about', (call) => ({
    about: {
      title: 'NiFi',
      version: API_VERSION,
      uri: `${call.base}/`,
      contentViewerUrl: '',
      timezone: call.view.times.time(call.view.now).split(' ')[1]!,
      buildTag: `millrace-${about.version}`,
      buildRevision: about.revision,
      buildBranch: 'millrace',
    },
  }));
  routes.raw('get', '/client-id', (_call, response) => sendText(response, 200, randomUUID()));
  routes.get('/current-user', (call) => currentUserEntity(call.user, call.view));
  const isManaged = routes.services.access !== undefined;
  routes.get('/config', ({ view: { times, now } }) => ({
    flowConfiguration: {
      supportsManagedAuthorizer: isManaged,
      supportsConfigurableAuthorizer: isManaged,
      supportsConfigurableUsersAndGroups: isManaged,
      currentTime: times.time(now),
      timeOffset: times.offset(now),
      defaultBackPressureObjectThreshold: 10_000,
      defaultBackPressureDataSizeThreshold: '1 GB',
    },
  }));
  routes.get('/banners', () => ({ banners: { headerText: '', footerText: '' } }));
  routes.get('/cluster/summary', () => ({ clusterSummary: { clustered: false, connectedToCluster: false, connectedNodes: '0 / 0', connectedNodeCount: 0, totalNodeCount: 0 } }));
  routes.get('/content-viewers', () => ({ contentViewers: [] }));
  routes.get('/listen-ports', ({ rights }) => ({ listenPorts: listenPorts(flow, rights) }));
  routes.get('/search-results', (call) => ({ searchResultsDTO: search(flow, call.query('q') ?? '', call.rights, call.query('a')) }));
  routes.get('/status', (call) => ({ controllerStatus: controllerStatus(call) }));
  addBulletinBoardRoutes(routes);
}

/** Of all components that the user may read. */
function listenPorts(flow: FlowController, rights: Rights): ListenPortDto[] {
  const found: ListenPortDto[] = [];
  for (const component of [...flow.root.descendants(), ...flow.controllerServices.values()]) {
    if ((component instanceof ProcessorNode || component instanceof ControllerServiceNode) && rights.may('read', component))
      found.push(...listenPortsOf(component).map((port) => listenPortDto(port, component)));
  }
  return found;
}

function controllerStatus({ services: { flow }, view }: Call) {
  const { runningCount, stoppedCount, invalidCount, disabledCount, activeThreadCount, terminatedThreadCount, flowFilesQueued, bytesQueued } = groupLoad(flow.root, view);
  return {
    activeThreadCount,
    terminatedThreadCount,
    queued: `${formatCount(flowFilesQueued)} / ${formatDataSize(bytesQueued)}`,
    flowFilesQueued,
    bytesQueued,
    runningCount,
    stoppedCount,
    invalidCount,
    disabledCount,
    activeRemotePortCount: 0,
    inactiveRemotePortCount: 0,
    ...versionCounts(flow.root, view),
  };
}

const LONGEST_PATTERN = 500;

/** A regular expression of the query. Throws InvalidRequestError. */
export function pattern(call: Call, name: string): RegExp | undefined {
  const text = call.query(name);
  if (text === undefined || text === '') return undefined;
  if (text.length > LONGEST_PATTERN) throw new InvalidRequestError(`The query parameter ${name} may have at most ${LONGEST_PATTERN} characters.`);
  try {
    return new RegExp(text);
  } catch (cause) {
    throw new InvalidRequestError(`The query parameter ${name} is not a regular expression: ${(cause as Error).message}.`);
  }
}

function addBulletinBoardRoutes(routes: Routes): void {
  const { bulletins } = routes.services.flow;
  routes.get('/bulletin-board', (call) => {
    const found = bulletins.find({
      after: call.number('after'),
      limit: call.number('limit'),
      message: pattern(call, 'message'),
      sourceName: pattern(call, 'sourceName'),
      sourceId: pattern(call, 'sourceId'),
      groupId: pattern(call, 'groupId'),
    });
    // A pattern must not ask about what one may not read.
    const asked = call.query('message') || call.query('sourceName');
    const shown = asked ? found.filter((bulletin) => canReadBulletin(bulletin, call.view)) : found;
    return { bulletinBoard: { bulletins: shown.map((bulletin) => bulletinEntity(bulletin, call.view)), generated: call.view.refreshed } };
  });
  routes.get('/controller/bulletins', ({ view }) => {
    const found = bulletins.find();
    const of = (kind: ComponentKind | undefined) =>
      found.filter(({ source }) => source?.kind === kind && source?.groupId === undefined).map((bulletin) => bulletinEntity(bulletin, view));
    return {
      bulletins: of(undefined),
      controllerServiceBulletins: of('CONTROLLER_SERVICE'),
      reportingTaskBulletins: of('REPORTING_TASK'),
      flowAnalysisRuleBulletins: of('FLOW_ANALYSIS_RULE'),
      parameterProviderBulletins: of('PARAMETER_PROVIDER'),
      flowRegistryClientBulletins: of('FLOW_REGISTRY_CLIENT'),
    };
  });
}
