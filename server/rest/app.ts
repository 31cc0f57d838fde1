import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { messageOf } from '../extension/errors.ts';
import { NotFoundError } from '../engine/errors.ts';
import { Auditor, auditRoutes } from './audit.ts';
import { identified } from './authentication.ts';
import { API_PATH } from './call.ts';
import { errorHandler } from './errors.ts';
import { FlowHistory } from './flow-history.ts';
import { guard } from './guard.ts';
import { accessRoutes, authenticationRoutes } from './routers/access.ts';
import { connectorRoutes } from './routers/connectors.ts';
import { connectionRoutes } from './routers/connections.ts';
import { controllerRoutes } from './routers/controller.ts';
import { controllerServiceRoutes } from './routers/controller-services.ts';
import { counterRoutes } from './routers/counters.ts';
import { editingRoutes } from './routers/editing.ts';
import { flowFileQueueRoutes } from './routers/flowfile-queues.ts';
import { flowAnalysisRuleRoutes } from './routers/flow-analysis-rules.ts';
import { flowRoutes } from './routers/flow.ts';
import { funnelRoutes } from './routers/funnels.ts';
import { importEndpointRoutes } from './routers/import-endpoints.ts';
import { keyPairRoutes } from './routers/key-pairs.ts';
import { labelRoutes } from './routers/labels.ts';
import { openApiRoutes } from './routers/openapi.ts';
import { parameterContextRoutes } from './routers/parameter-contexts.ts';
import { parameterProviderRoutes } from './routers/parameter-providers.ts';
import { policyRoutes } from './routers/policies.ts';
import { portRoutes } from './routers/ports.ts';
import { processGroupRoutes } from './routers/process-groups.ts';
import { processorRoutes } from './routers/processors.ts';
import { provenanceEventRoutes } from './routers/provenance-events.ts';
import { provenanceRoutes } from './routers/provenance.ts';
import { registryClientRoutes } from './routers/registry-clients.ts';
import { reportingTaskRoutes } from './routers/reporting-tasks.ts';
import { restorationRoutes } from './routers/restorations.ts';
import { snippetRoutes } from './routers/snippets.ts';
import { stateHistoryRoutes } from './routers/state.ts';
import { syncRoutes } from './routers/syncs.ts';
import { resourceRoutes, systemDiagnosticsRoutes } from './routers/system.ts';
import { tenantRoutes } from './routers/tenants.ts';
import { versionRoutes } from './routers/versions.ts';
import { refuse } from './routes.ts';
import type { RestServices } from './services.ts';
import { snippetsOf } from './snippets.ts';

/** Bodies are read whole and hold up everything while they are parsed: only those with flow definitions may be large. */
const [MOST_JSON, MOST_DEFINITION] = ['2mb', '50mb'];
const DEFINITIONS = /^(?:\/process-groups\/[^/]+\/(?:process-groups\/import|replace-requests|flow-contents|paste)|\/versions\/process-groups\/[^/]+)$/;

/** The HTTP side of a flow: NiFi's API under /nifi-api and ours under /api. What else there is may be added after it. */
export function createApp(given: RestServices): Express {
  const auditor = new Auditor(given);
  const { services } = auditor;
  forgetPolicies(services);
  const app = express();
  app.disable('x-powered-by').disable('etag');
  app.use(securityHeaders(), insistOnTls(services.loopbackOnly), guard(services.loopbackOnly));
  app.use([API_PATH, '/api'], noStore, identified(services));
  app.use([API_PATH, '/api'], auditor.requests());
  // Strangers get as far as here: no large body of theirs is read.
  app.use(`${API_PATH}/access`, accessRoutes(services));
  app.use([API_PATH, '/api'], jsonBodies());
  app.use(API_PATH, nifiApi(services, new FlowHistory(auditor)));
  app.use('/api/components', stateHistoryRoutes(services));
  app.use('/api/audit', auditRoutes(services));
  app.use('/api/connectors', connectorRoutes(services));
  app.use('/api/openapi.json', openApiRoutes(services));
  app.use('/api/syncs', syncRoutes(services));
  app.use('/api/controller-services', keyPairRoutes(services));
  app.use('/api/sftp/endpoints', importEndpointRoutes(services));
  app.use('/api/restorations', restorationRoutes(services));
  app.use('/api', editingRoutes(services));
  app.use([API_PATH, '/api'], unknownPath);
  app.use(errorHandler(services));
  return app;
}

/** Nothing is left of the policies about what is removed (NiFi). */
function forgetPolicies({ flow, access, log, clock }: RestServices): void {
  flow.subscribe(({ type, component: { id, label } }) => {
    if (type !== 'removed' || !access?.mentions(id)) return;
    try {
      access.forget(id);
    } catch (failure) {
      log({ level: 'warn', time: clock.now(), message: `The policies about ${label}, which was removed, are left (${messageOf(failure)}). They do no harm.` });
    }
  });
}

function nifiApi(services: RestServices, history: FlowHistory): express.Router {
  const snippets = snippetsOf(services);
  const api = express.Router();
  api.use('/flow', flowRoutes(services, history));
  api.use('/process-groups', processGroupRoutes(services, snippets));
  api.use('/processors', processorRoutes(services));
  api.use('/connections', connectionRoutes(services));
  api.use('/input-ports', portRoutes(services, 'INPUT_PORT'));
  api.use('/output-ports', portRoutes(services, 'OUTPUT_PORT'));
  api.use('/funnels', funnelRoutes(services));
  api.use('/labels', labelRoutes(services));
  api.use('/snippets', snippetRoutes(services, snippets));
  api.use('/controller-services', controllerServiceRoutes(services));
  api.use('/parameter-contexts', parameterContextRoutes(services));
  api.use('/parameter-providers', parameterProviderRoutes(services));
  api.use('/reporting-tasks', reportingTaskRoutes(services));
  api.use('/flowfile-queues', flowFileQueueRoutes(services));
  api.use('/provenance', provenanceRoutes(services));
  api.use('/provenance-events', provenanceEventRoutes(services));
  api.use('/counters', counterRoutes(services));
  api.use('/controller/flow-analysis-rules', flowAnalysisRuleRoutes(services));
  api.use('/controller/registry-clients', registryClientRoutes(services));
  api.use('/controller', controllerRoutes(services, history));
  api.use('/system-diagnostics', systemDiagnosticsRoutes(services));
  api.use('/resources', resourceRoutes(services));
  api.use('/authentication', authenticationRoutes(services));
  api.use('/tenants', tenantRoutes(services));
  api.use('/versions', versionRoutes(services));
  api.use('/policies', policyRoutes(services));
  for (const [path, what] of Object.entries(ABSENT)) api.use(path, refuse(what));
  return api;
}

/** Resources of NiFi's API that are not offered. */
const ABSENT: Readonly<Record<string, string>> = {
  '/remote-process-groups': 'A remote process group',
  '/site-to-site': 'Site-to-site',
  '/data-transfer': 'Data transfer (site-to-site)',
  '/connectors': 'A NiFi connector',
};

function jsonBodies(): RequestHandler {
  const type = ['application/json', 'application/*+json'];
  const [small, large] = [express.json({ limit: MOST_JSON, type }), express.json({ limit: MOST_DEFINITION, type })];
  return (request, response, next) => (DEFINITIONS.test(request.path) ? large : small)(request, response, next);
}

/** The canvas talks to its own server only; everything it shows comes from there. */
function securityHeaders(): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': ["'self'"],
        'connect-src': ["'self'"],
        'img-src': ["'self'", 'data:'],
        'style-src': ["'self'", "'unsafe-inline'"],
        'font-src': ["'self'", 'data:'],
        'object-src': ["'none'"],
        'base-uri': ["'self'"],
        'form-action': ["'self'"],
        'frame-ancestors': ["'none'"],
      },
    },
    // See insistOnTls.
    strictTransportSecurity: false,
  });
}

const HALF_A_YEAR_SECONDS = 15_768_000;

/**
 * Over TLS browsers are told to use nothing else from now on (RFC 6797; those that were warned of a certificate ignore it). It
 * holds for all ports of a name, so nobody is told so of localhost, where other things are served too.
 */
function insistOnTls(loopbackOnly: boolean): RequestHandler {
  return (request, response, next) => {
    if (request.secure && !loopbackOnly) response.set('Strict-Transport-Security', `max-age=${HALF_A_YEAR_SECONDS}`);
    next();
  };
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'private, no-cache, no-store, no-transform');
  next();
};

const unknownPath: RequestHandler = (request) => {
  throw new NotFoundError(`There is no ${request.method} ${request.originalUrl.split('?')[0]} in this API.`);
};
