import type { Router } from 'express';
import { Routes } from '../routes.ts';
import type { RestServices } from '../services.ts';
import { systemDiagnostics } from '../system-diagnostics.ts';

/** /system-diagnostics */
export function systemDiagnosticsRoutes(services: RestServices): Router {
  const routes = new Routes(services);
  routes.get('/', ({ view }) => ({ systemDiagnostics: { aggregateSnapshot: systemDiagnostics(services, view) } }));
  routes.get('/jmx-metrics', () => ({ jmxMetricsResults: [] }));
  return routes.router;
}

/** What access policies could be about, besides the components. */
const RESOURCES: Readonly<Record<string, string>> = {
  '/flow': 'View the user interface',
  '/controller': 'Access the controller',
  '/counters': 'Counters',
  '/parameter-contexts': 'Parameter Contexts',
  '/policies': 'Access Policies',
  '/provenance': 'Provenance',
  '/resources': 'Resources',
  '/restricted-components': 'Restricted Components',
  '/site-to-site': 'Site to Site',
  '/system': 'System',
  '/tenants': 'Tenant',
};

const COMPONENTS = {
  PROCESS_GROUP: 'process-groups',
  PROCESSOR: 'processors',
  INPUT_PORT: 'input-ports',
  OUTPUT_PORT: 'output-ports',
  FUNNEL: 'funnels',
  LABEL: 'labels',
  CONTROLLER_SERVICE: 'controller-services',
} as const;

/** /resources */
export function resourceRoutes(services: RestServices): Router {
  const { flow } = services;
  const routes = new Routes(services);
  routes.get('/', () => {
    const general = Object.entries(RESOURCES).map(([identifier, name]) => ({ identifier, name }));
    const components = [flow.root, ...flow.root.descendants(), ...flow.controllerServices.values()].flatMap(({ kind, id, name }) => {
      const resource = (COMPONENTS as Partial<Record<typeof kind, string>>)[kind];
      return resource ? [{ identifier: `/${resource}/${id}`, name }] : [];
    });
    const contexts = Array.from(flow.parameterContexts.values(), ({ id, name }) => ({ identifier: `/parameter-contexts/${id}`, name }));
    return { resources: [...general, ...components, ...contexts] };
  });
  return routes.router;
}
