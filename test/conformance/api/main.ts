import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { reportOf } from './report.ts';
import { Server } from './server.ts';
import { readSpecification, type Specification } from './specification.ts';
import { Stage } from './stage.ts';
import { walkAbsent } from './steps/absent.ts';
import { walkLogout, walkOpenAccess, walkTenants } from './steps/access.ts';
import { removeComponents, walkComponents } from './steps/components.ts';
import { walkController, walkCounters, walkHistory } from './steps/controller.ts';
import { walkFlowAnalysis, walkParameterProviders, walkReportingTasks } from './steps/extensions.ts';
import { walkFlow, walkTypes } from './steps/flow.ts';
import { buildScene, letFlow } from './steps/group.ts';
import { walkGroups } from './steps/groups.ts';
import { walkContexts } from './steps/parameters.ts';
import { walkProvenance } from './steps/provenance.ts';
import { dropQueue, walkQueues } from './steps/queues.ts';
import { walkServices } from './steps/services.ts';
import { walkVersions } from './steps/versions.ts';
import { Walk } from './walk.ts';

/** Everything that works with and without login. */
async function walkAll(walk: Walk, specification: Specification, directory: string): Promise<void> {
  const stage = new Stage(walk);
  await stage.open();
  const scene = await buildScene(stage);
  await letFlow(stage, scene);
  await walkFlow(stage, scene);
  await walkTypes(stage);
  await walkQueues(stage, scene);
  await walkProvenance(stage, scene);
  await walkComponents(stage, scene);
  await walkServices(stage, scene);
  await walkContexts(stage, scene);
  await walkGroups(stage, scene);
  await dropQueue(stage, scene);
  await walkCounters(stage, scene);
  await walkController(stage);
  await walkReportingTasks(stage);
  await walkParameterProviders(stage);
  await walkFlowAnalysis(stage, scene.group.id);
  await walkVersions(stage, { Repository: directory, 'Create Repository': 'true' });
  await walkHistory(stage, scene);
  if (walk.loggedIn) await walkTenants(stage, scene.group.id);
  await removeComponents(stage, scene);
  await walkAbsent(walk, specification.operations.keys());
  if (walk.loggedIn) await walkLogout(stage);
  else await walkOpenAccess(stage);
}

async function walkServer(specification: Specification, auth: 'none' | 'login', scratch: string): Promise<Walk> {
  const server = await Server.start(path.join(scratch, auth), '--auth', auth);
  const walk = new Walk(specification, server.api);
  try {
    if (auth === 'login') walk.token = (await walk.call('POST /access/token', {}, { body: new URLSearchParams({ username: 'admin', password: server.password }) })).text;
    const registry = path.join(scratch, `registry-${auth}`);
    mkdirSync(registry);
    await walkAll(walk, specification, registry);
  } catch (failure) {
    console.log(server.output);
    throw failure;
  } finally {
    await server.stop();
  }
  const unforeseen = server.output.split('\n').filter((line) => line.includes(' failed ['));
  for (const line of unforeseen) console.log(line);
  return walk;
}

const [file] = process.argv.slice(2);
if (!file) throw new Error('Give the OpenAPI file of NiFi: npx tsx test/conformance/api/main.ts FILE');
const scratch = mkdtempSync(path.join(tmpdir(), 'millrace-walk-'));
try {
  const specification = readSpecification(file);
  const walks = [await walkServer(specification, 'none', scratch), await walkServer(specification, 'login', scratch)];
  const { lines, failed, implemented, conform, total } = reportOf(specification, walks);
  for (const line of lines) console.log(line);
  console.log(`operations: ${implemented} implemented, ${conform} conform, ${conform} of ${total}`);
  console.log(`walk: ${total - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
