import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { OPERATIONS } from '../../../server/rest/authorization/operations.ts';
import type { Answer } from '../../api-client.ts';
import { AccessRig } from '../../rest/authorization/access-rig.ts';
import { isAbsent } from '../api/steps/absent.ts';
import { readSpecification } from '../api/specification.ts';
import { expectations, type Least, RANKS, shapeOf } from './expected.ts';
import { BODIES, removedLabel, snippet, submit, versionedGroup } from './requests.ts';
import { buildScene, type Scene } from './scene.ts';

/**
 * `tsx test/conformance/roles/main.ts FILE`: asks for every operation of NiFi's OpenAPI file, and for ours, as a member of each ready
 * role and as nobody; 403 where the role is not said to allow it (expected.ts), anything else of the API's where it is. The names of
 * ours are those of the table that decides: a route that it does not have is refused to all (table.test.ts).
 */
const ROLES = RANKS.slice(1);
const GHOST = '00000000-0000-4000-8000-000000000000';

/** Where there is none, the audit is not offered. */
const AUDIT = { audit: { append: () => 1, read: () => Readable.from([]), latest: () => [] } };

/** The id that a path wants after a word such as `processors`; queues are connections, and /api names components by any of their ids. */
const ALIASES: Readonly<Record<string, string>> = {
  'flowfile-queues': 'connections',
  components: 'processors',
  latest: 'processors',
  results: 'process-groups',
  syncs: 'process-groups',
  endpoints: 'controller-services',
};

function filled(shape: string, scene: Scene): string {
  let before = '';
  const parts = shape.split('/').map((part) => {
    const word = before;
    before = part;
    return part === '{}' ? (scene[ALIASES[word] ?? word] ?? GHOST) : part;
  });
  return parts.join('/');
}

/** The rows' answers as one user and after the other gives them. */
class Table {
  readonly #a: AccessRig;
  readonly #scene: Scene;
  readonly faults: string[] = [];

  constructor(a: AccessRig, scene: Scene) {
    this.#a = a;
    this.#scene = scene;
  }

  async row(operation: string, least: Least): Promise<void> {
    const [method, shape] = operation.split(' ') as [string, string];
    const scene = await this.#sceneFor(operation);
    const url = least === 'submitter' ? await this.#submitted(shape) : this.#url(shape, scene);
    const body = method === 'GET' || method === 'DELETE' ? undefined : ((await BODIES[operation]?.(scene, this.#a)) ?? {});
    for (const [rank, who] of RANKS.entries()) {
      const allowed = least !== 'submitter' && rank >= RANKS.indexOf(least);
      const answer = await this.#a.send(who, method, url, body);
      this.#judge(`${operation} as ${who}`, allowed, answer);
      // Only one of them is active at a time.
      if (url === '/versions/active-requests' && answer.status === 200) await this.#a.send(who, 'DELETE', `${url}/${answer.text}`);
    }
    if (least !== 'submitter') return;
    this.#judge(`${operation} as who made it`, true, await this.#a.send('admin', method, url, body));
    await this.#a.send('admin', 'DELETE', url);
  }

  /** What a row uses up is made for it alone. */
  async #sceneFor(operation: string): Promise<Scene> {
    if (operation.includes('snippet')) return { ...this.#scene, snippets: await snippet(this.#a, this.#scene) };
    if (operation.endsWith('/api/restorations')) return { ...this.#scene, removed: await removedLabel(this.#a, this.#scene) };
    return this.#scene;
  }

  async #submitted(shape: string): Promise<string> {
    const before = shape.replace(/\/\{\}$/, '');
    return `${filled(before, this.#scene)}/${await submit(this.#a, this.#scene, before, (path) => filled(path, this.#scene))}`;
  }

  #url(shape: string, scene: Scene): string {
    return shape === '/policies/{}/{}' ? '/policies/read/flow' : filled(shape, scene);
  }

  #judge(what: string, allowed: boolean, { status, text }: Answer): void {
    const good = allowed ? status !== 401 && status !== 403 && status < 500 : status === 403;
    if (!good) this.faults.push(`${what}: ${status} instead of ${allowed ? 'being allowed' : '403'}: ${text.slice(0, 160)}`);
  }
}

/** Operations of the file that Millrace offers, and ours, by shape. Logging out comes last: the tokens do not count afterwards. */
function operationsOf(file: string): string[] {
  const theirs = [...readSpecification(file).operations.keys()].filter((key) => !isAbsent(key));
  const ours = Object.keys(OPERATIONS).filter((key) => / \/api\//.test(key));
  const last = (operation: string): number => Number(/^DELETE /.test(operation)) + Number(/logout$/.test(operation));
  return [...new Set([...theirs, ...ours].map(shapeOf))].sort((a, b) => last(a) - last(b));
}

async function tableOf(a: AccessRig, operations: readonly string[], directory: string): Promise<{ failed: number; lines: string[] }> {
  await a.admitRoles(ROLES);
  const scene = await buildScene(a, directory);
  const table = new Table(a, { ...scene, versioned: await versionedGroup(a, scene) });
  const expected = expectations();
  const lines: string[] = [];
  let failed = 0;
  for (const operation of operations) {
    const from = table.faults.length;
    const least = expected.get(operation);
    if (least === undefined) table.faults.push(`${operation}: nothing in expected.ts says who may`);
    else await table.row(operation, least).catch((error: Error) => table.faults.push(`${operation}: ${error.message}`));
    if (table.faults.length > from) failed++;
  }
  for (const operation of expected.keys()) if (!operations.includes(operation)) lines.push(`${operation}: is expected, and there is no such operation`);
  return { failed: failed + lines.length, lines: [...table.faults, ...lines] };
}

const [file] = process.argv.slice(2);
if (!file) throw new Error('Give the OpenAPI file of NiFi: npx tsx test/conformance/roles/main.ts FILE');
const directory = mkdtempSync(path.join(tmpdir(), 'millrace-roles-'));
try {
  const operations = operationsOf(file);
  await AccessRig.with(async (a) => {
    const { failed, lines } = await tableOf(a, operations, directory);
    for (const line of lines) console.log(`fails: ${line}`);
    console.log(`roles: ${operations.length - Math.min(failed, operations.length)} passed, ${failed} failed`);
    process.exitCode = failed === 0 ? 0 : 1;
  }, AUDIT);
} finally {
  rmSync(directory, { recursive: true, force: true });
}
