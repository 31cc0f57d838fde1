import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const sources = ['server', 'processors', 'ui'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|tsx)$/.test(name) && !name.includes('node_modules'))
    .map((name) => path.posix.join(folder, name.replaceAll(path.sep, '/'))),
);

interface Import {
  readonly from: string;
  /** Path from the root for our own files, the package's name otherwise. */
  readonly target: string;
  readonly typeOnly: boolean;
}

const IMPORT = /^\s*(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|^\s*import\s+'([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): Import[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(IMPORT)].map(([, type, from, bare, dynamic]) => {
    const target = (from ?? bare ?? dynamic)!;
    const resolved = target.startsWith('.') ? path.posix.join(path.posix.dirname(file), target) : target;
    return { from: file, target: resolved, typeOnly: type !== undefined };
  });
}

/** The room that a file belongs to. */
function room(file: string): string {
  const [top, second, third] = file.split('/') as [string, string, string?];
  if (top === 'server') return third === undefined ? 'server' : `server/${second}`;
  if (top === 'processors') return `processors/${second}`;
  return third === undefined ? 'ui' : `ui/${second}`;
}

/** Which rooms a room may enter besides itself. */
function mayEnter(from: string, { target, typeOnly }: Import): boolean {
  const to = room(target);
  if (from === 'server') return to.startsWith('server/');
  if (from === 'server/extension') return false;
  if (from === 'server/engine') return to === 'server/extension';
  if (from === 'server/rest') return ['server/engine', 'server/extension', 'server/syncs'].includes(to);
  if (from.startsWith('server/')) return to === 'server/engine' || to === 'server/extension';
  if (from.startsWith('processors/')) return to === 'server/extension';
  if (from === 'ui') return to.startsWith('ui');
  return to === 'ui/api' || to === 'ui/shared' || (typeOnly && target.startsWith('server/rest/dto/'));
}

const ours = (target: string): boolean => /^(server|processors|ui)\//.test(target);

test('no time limit hangs on AbortSignal.any, which Node may collect before it fires', () => {
  const users = sources.filter((file) => /AbortSignal\.any\(/.test(readFileSync(path.join(root, file), 'utf8')));
  assert.deepEqual(users, []);
});

test('rooms enter only the rooms that the design lets them enter', () => {
  const broken = sources.flatMap((file) =>
    importsOf(file)
      .filter((one) => ours(one.target) && room(one.target) !== room(file) && !mayEnter(room(file), one))
      .map(({ target }) => `${file} imports ${target}`),
  );
  assert.deepEqual(broken, []);
});

test('the engine knows neither HTTP nor SQL, and takes time from its clock only', () => {
  const forbidden = /^(node:)?(http|https|net|express|ws|better-sqlite3)$/;
  const engine = sources.filter((file) => room(file) === 'server/engine');
  assert.deepEqual(
    engine.flatMap(importsOf).filter(({ target }) => forbidden.test(target)),
    [],
  );
  const clocks = engine.filter(
    (file) =>
      file !== 'server/engine/clock.ts' && /\b(Date\.now|performance\.now|setTimeout|setInterval|setImmediate|new Date\(\))/.test(readFileSync(path.join(root, file), 'utf8')),
  );
  assert.deepEqual(clocks, []);
});

test('no file of a room imports itself in a circle, types apart', () => {
  for (const start of ['server/extension', 'server/engine', 'server/repository', 'server/syncs', 'server/rest']) assert.deepEqual(circlesIn(start), []);
});

/** Circles of imports that run at start (types do not). */
function circlesIn(within: string): string[] {
  const graph = new Map(
    sources
      .filter((file) => room(file) === within)
      .map((file) => [
        file,
        importsOf(file)
          .filter((one) => !one.typeOnly && room(one.target) === within)
          .map(({ target }) => target),
      ]),
  );
  const circles: string[] = [];
  const visit = (file: string, trail: string[]): void => {
    if (trail.includes(file)) circles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '));
    else for (const next of graph.get(file) ?? []) visit(next, [...trail, file]);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

test('a processor stays small, and files that begin with a capital in processors/ declare a component', () => {
  const components = sources.filter((file) => /^processors\/[^/]+\/[A-Z]/.test(file));
  assert.ok(components.length > 0);
  const long = components.filter((file) => readFileSync(path.join(root, file), 'utf8').split('\n').length > 121);
  assert.deepEqual(long, []);
  const silent = components.filter(
    (file) =>
      !/export default define(Processor|ControllerService|ReportingTask|ParameterProvider|FlowAnalysisRule|FlowRegistryClient)\(/.test(readFileSync(path.join(root, file), 'utf8')),
  );
  assert.deepEqual(silent, []);
});

test('no names that say nothing', () => {
  assert.deepEqual(
    sources.filter((file) => /(^|\/)(utils?|helpers?|misc|common-functions)(\.|\/)/.test(file)),
    [],
  );
});
