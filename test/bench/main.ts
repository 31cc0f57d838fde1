import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { table } from '../../server/run-report.ts';
import { yardstick } from './yardstick.ts';

/** One measurement: the bench's name, what was varied, and figures with their units in their names. */
export type Result = { readonly bench: string } & Readonly<Record<string, string | number>>;

type Bench = () => Promise<Result[]>;

const benches: Record<string, () => Promise<Bench>> = {
  small: async () => (await import('./small.ts')).small,
  records: async () => {
    const [{ records }, { recordFlows }] = await Promise.all([import('./records.ts'), import('./record-flows.ts')]);
    return async () => [...(await records()), ...(await recordFlows())];
  },
  etl: async () => (await import('./etl.ts')).etl,
  http: async () => (await import('./http.ts')).http,
  start: async () => (await import('./start.ts')).start,
  recover: async () => (await import('./recover.ts')).recover,
  memory: async () => (await import('./memory.ts')).memory,
  connectors: async () => (await import('./connectors.ts')).connectors,
  braze: async () => (await import('./braze.ts')).braze,
  polling: async () => (await import('./polling.ts')).polling,
  warehouses: async () => (await import('./warehouses.ts')).warehouses,
  canvas: async () => (await import('./canvas.ts')).canvas,
};

const CHILD = '--in-child';

/** Each bench runs in a process of its own, with a heap of its own. */
function runInChild(name: string): Result[] {
  const { stdout, status } = spawnSync(process.execPath, [...process.execArgv, fileURLToPath(import.meta.url), CHILD, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 24,
  });
  if (status !== 0) throw new Error(`bench ${name} failed`);
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Result);
}

async function child(name: string): Promise<void> {
  const run = await benches[name]!();
  const results = await run();
  // Last, so that it does not count towards the bench's memory.
  const measured = yardstick();
  for (const result of results) console.log(JSON.stringify({ ...result, ...measured }));
}

function print(results: Result[]): void {
  for (const bench of new Set(results.map((result) => result.bench))) {
    const rows = results.filter((result) => result.bench === bench);
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    console.log(['', ...table([columns, ...rows.map((row) => columns.map((column) => String(row[column] ?? '')))])].join('\n'));
  }
}

const flags = process.argv.slice(2);
if (flags[0] === CHILD) await child(flags[1]!);
else {
  const wanted = flags.filter((flag) => !flag.startsWith('--'));
  const unknown = wanted.find((name) => !Object.hasOwn(benches, name));
  if (unknown) throw new Error(`There is no bench '${unknown}'. There are: ${Object.keys(benches).join(', ')}.`);
  for (const name of wanted.length > 0 ? wanted : Object.keys(benches)) {
    const results = runInChild(name);
    if (flags.includes('--json')) for (const result of results) console.log(JSON.stringify(result));
    else print(results);
  }
}
