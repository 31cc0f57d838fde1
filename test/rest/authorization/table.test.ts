import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OPERATIONS } from '../../../server/rest/authorization/operations.ts';
import { operationOf } from '../../../server/rest/authorization/authorize.ts';
import { createApp } from '../../../server/rest/app.ts';
import { type Json, RestRig } from '../rest-rig.ts';

interface Layer {
  readonly route?: { readonly path: string; readonly stack: readonly { readonly method?: string }[] };
  readonly handle: { readonly stack?: readonly Layer[]; readonly name: string };
  match(path: string): false | { readonly path: string };
}

const PREFIXES = Object.keys(OPERATIONS).flatMap((operation) => prefixes(operation.slice(operation.indexOf('/'))));

/** Where routers may be mounted: what the table's paths begin with, longest first, so that /controller/registry-clients is not taken for /controller. */
const MOUNTS = [...new Set(['/nifi-api', ...PREFIXES, ...PREFIXES.map((path) => `/nifi-api${path}`)])].sort((a, b) => b.length - a.length);

function prefixes(path: string): string[] {
  const parts = path.split('/').filter((part) => part !== '' && !part.startsWith('{'));
  return parts.map((_, index) => `/${parts.slice(0, index + 1).join('/')}`);
}

/** Every route of a router as [method, path, handlers]. */
function* routesOf(stack: readonly Layer[], base: string): Generator<[method: string, path: string]> {
  for (const layer of stack) {
    if (layer.route) {
      for (const { method } of layer.route.stack) if (method) yield [method, base + layer.route.path];
    } else if (layer.handle.stack) {
      const at = MOUNTS.find((path) => (layer.match(path) || undefined)?.path === path);
      assert.ok(at !== undefined, `a router below ${base} is mounted where the table of operations knows nothing`);
      yield* routesOf(layer.handle.stack, base + at);
    }
  }
}

test('each route has an entry in the table of operations', () =>
  RestRig.with(async (rig) => {
    const { stack } = (createApp(rig.services) as unknown as { router: { stack: Layer[] } }).router;
    const routes = [...routesOf(stack, '')];
    assert.ok(routes.length > 200, `only ${routes.length} routes were found`);
    const forgotten = routes.filter(([method, path]) => operationOf(method, path) === undefined);
    assert.deepEqual(forgotten, [], 'say in server/rest/authorization/operations.ts who may do this');
  }));

test('a route is found whatever its parameters are called, and whatever the case', () => {
  const table: [string, string, string | undefined][] = [
    ['get', '/nifi-api/processors/:id', 'GET /processors/{id}'],
    ['GET', '/NiFi-API/Processors/:processorId', undefined],
    ['get', '/nifi-api/Processors/:processorId/', 'GET /processors/{id}'],
    ['put', '/nifi-api/processors/:id/run-status', 'PUT /processors/{id}/run-status'],
    ['get', '/nifi-api/policies/:action/*resource', 'GET /policies/{action}/{resource}'],
    ['get', '/api/components/:id/state/history', 'GET /api/components/{id}/state/history'],
    ['patch', '/nifi-api/processors/:id', undefined],
    ['get', '/nifi-api/processors/:id/secrets', undefined],
  ];
  for (const [method, path, operation] of table) assert.equal(operationOf(method, path), operation, `${method} ${path}`);
});

test('with login, a route that the table has forgotten is refused', () =>
  RestRig.with(async (rig) => {
    const { Routes } = await import('../../../server/rest/routes.ts');
    const { default: express } = await import('express');
    const access = { tenantsOf: () => new Set<string>(), named: () => undefined, mentions: () => false, forget: () => undefined } as Json;
    const app = express().use('/nifi-api/forgotten', new Routes({ ...rig.services, access }).get('/', () => 'secret').router);
    const server = app.listen(0, '127.0.0.1');
    try {
      await new Promise((resolve) => server.once('listening', resolve));
      const answer = await fetch(`http://127.0.0.1:${(server.address() as Json).port}/nifi-api/forgotten`);
      assert.ok(!(await answer.text()).includes('"secret"'));
      assert.ok(answer.status >= 400);
    } finally {
      server.close();
    }
  }));
