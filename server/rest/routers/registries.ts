import type { FlowRegistry } from '../../extension/flow-registry.ts';
import type { FlowRegistryClientNode } from '../../engine/flow-registry-client-node.ts';
import { NotFoundError } from '../../engine/errors.ts';
import type { Call } from '../call.ts';
import { bucketEntity, snapshotMetadataEntity, versionedFlowEntity } from '../dto/flow-registry.ts';
import { flowRegistryClientEntity } from '../dto/flow-registry-client.ts';
import { comparisonEntity } from '../dto/version-control.ts';
import type { Routes } from '../routes.ts';

/** Asks the registry that a path names. */
function ask<T>(call: Call, work: (registry: FlowRegistry, branch: string, node: FlowRegistryClientNode) => Promise<T>): Promise<T> {
  const node = call.services.flow.controllerLevel('FLOW_REGISTRY_CLIENT', call.id);
  return node.use((registry) => work(registry, call.query('branch') || registry.defaultBranch, node));
}

/** /flow/registries: which registries there are, and what is in them. */
export function addRegistryRoutes(routes: Routes): void {
  const { flow } = routes.services;
  routes.get('/registries', ({ view }) => ({
    registries: flow.allControllerLevel('FLOW_REGISTRY_CLIENT').map((node) => flowRegistryClientEntity(node, view)),
    currentTime: view.refreshed,
  }));
  routes.get('/registries/:id/branches', (call) => ask(call, async (registry) => ({ branches: (await registry.branches()).map((name) => ({ branch: { name } })) })));
  routes.get('/registries/:id/buckets', (call) => ask(call, async (registry, branch) => ({ buckets: (await registry.buckets(branch)).map(bucketEntity) })));
  routes.get('/registries/:id/buckets/:bucket/flows', (call) => {
    const bucket = call.parameter('bucket');
    return ask(call, async (registry, branch, node) => ({ versionedFlows: (await registry.flows(branch, bucket)).map((each) => versionedFlowEntity(node, branch, bucket, each)) }));
  });
  routes.get('/registries/:id/buckets/:bucket/flows/:flow/details', (call) => {
    const [bucket, flowId] = [call.parameter('bucket'), call.parameter('flow')];
    return ask(call, async (registry, branch, node) => {
      const found = (await registry.flows(branch, bucket)).find(({ id }) => id === flowId);
      if (!found) throw new NotFoundError(`There is no flow ${flowId} in the bucket ${bucket} on the branch ${branch} of ${node.name}.`);
      return versionedFlowEntity(node, branch, bucket, found);
    });
  });
  routes.get('/registries/:id/branches/:a/buckets/:b/flows/:c/:d/diff/branches/:e/buckets/:f/flows/:g/:h', async (call) => {
    const side = (...[branch, bucketId, flowId, version]: string[]) => ({ branch, bucketId: bucketId!, flowId: flowId!, version: version! });
    const [from, to] = ['abcd', 'efgh'].map((names) => side(...[...names].map((name) => call.parameter(name))));
    const { componentDifferences } = comparisonEntity(await flow.versions.difference(call.id, [from!, to!]));
    const offset = Math.max(0, call.number('offset') ?? 0);
    return { componentDifferences: componentDifferences.slice(offset, offset + Math.max(0, call.number('limit') ?? 1000)) };
  });
  routes.get('/registries/:id/buckets/:bucket/flows/:flow/versions', (call) => {
    const [bucket, flowId] = [call.parameter('bucket'), call.parameter('flow')];
    return ask(call, async (registry, branch, node) => {
      const location = { branch, bucket, flow: flowId };
      return { versionedFlowSnapshotMetadataSet: (await registry.versions(location)).map((version) => snapshotMetadataEntity(node, location, version)) };
    });
  });
}
