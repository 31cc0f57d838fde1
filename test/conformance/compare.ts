import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadComponentTypes } from '../../server/registry.ts';
import { commonDifferences, type NiFiComponent, type NiFiProcessor, type NiFiService, processorDifferences, serviceDifferences } from './descriptors.ts';

/**
 * `tsx test/conformance/compare.ts FILE`: compares every type of ours that is NiFi's with NiFi's own description of it, a JSON
 * file. Prints each difference, what is not there yet with --missing, and one line of totals; exits with 1 where anything differs.
 */
interface NiFiDescription {
  readonly processors: Readonly<Record<string, NiFiProcessor>>;
  readonly controllerServices: Readonly<Record<string, NiFiService>>;
  readonly reportingTasks: Readonly<Record<string, NiFiComponent>>;
  readonly parameterProviders: Readonly<Record<string, NiFiComponent>>;
}

const [file, option] = process.argv.slice(2);
const nifi = JSON.parse(readFileSync(file!, 'utf8')) as NiFiDescription;
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const types = await loadComponentTypes(path.join(root, 'processors'), '0');

/** Those of NiFi's types that we have, with what differs. */
function compared<N, T>(theirs: Readonly<Record<string, N>>, ours: (type: string) => T | undefined, compare: (own: T, nifi: N) => string[]) {
  const found = Object.entries(theirs).flatMap(([type, description]) => {
    const own = ours(type);
    return own === undefined ? [] : [compare(own, description)];
  });
  return { total: Object.keys(theirs).length, count: found.length, wrong: found.flat(), absent: Object.keys(theirs).filter((type) => ours(type) === undefined) };
}

const processors = compared(nifi.processors, (type) => types.find('processor', type), processorDifferences);
const services = compared(nifi.controllerServices, (type) => types.find('controller-service', type), serviceDifferences);
const tasks = compared(nifi.reportingTasks, (type) => types.find('reporting-task', type), commonDifferences);
const providers = compared(nifi.parameterProviders, (type) => types.find('parameter-provider', type), commonDifferences);
const all = [processors, services, tasks, providers];
const wrong = all.flatMap((each) => each.wrong);
for (const line of wrong) console.log(line);
if (option === '--missing') for (const type of all.flatMap(({ absent }) => absent)) console.log(`not here: ${type}`);
const shares = Object.entries({ processors, services, tasks, providers }).map(([kind, { count, total }]) => `${kind}: ${count} of ${total}`);
console.log(`${shares.join(', ')}, properties missing: ${wrong.length}`);
process.exitCode = wrong.length > 0 ? 1 : 0;
