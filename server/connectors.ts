import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { places } from './config.ts';
import type { FlowDefinition } from './engine/flow-definition/format.ts';
import type { Catalogue, Connector } from './syncs/catalogue.ts';
import type { ConnectorDescription } from './syncs/connector-description.ts';

const DESCRIPTION = '.sync.json';

const read = async (file: string): Promise<unknown> => JSON.parse(await readFile(path.join(places.flows, file), 'utf8'));

/** The flow definitions in flows/, each with NAME.sync.json where there is one. */
export const connectors: Catalogue = {
  async all() {
    const files = new Set(await readdir(places.flows));
    const names = [...files].filter((file) => file.endsWith('.json') && !file.endsWith('.expect.json') && !file.endsWith(DESCRIPTION));
    const all = await Promise.all(names.map((file) => connectorOf(file.slice(0, -'.json'.length), files)));
    const title = ({ name, definition }: Connector): string => definition.flowContents.name ?? name;
    return all.sort((a, b) => title(a).localeCompare(title(b)));
  },
  // Only a name from the list is read: nothing else of the disk.
  async find(name) {
    const files = new Set(await readdir(places.flows));
    return files.has(`${name}.json`) && !/\.(expect|sync)$/.test(name) ? connectorOf(name, files) : undefined;
  },
};

async function connectorOf(name: string, files: ReadonlySet<string>): Promise<Connector> {
  const [definition, description] = await Promise.all([read(`${name}.json`), files.has(name + DESCRIPTION) ? read(name + DESCRIPTION) : undefined]);
  return { name, definition: definition as FlowDefinition, description: description as ConnectorDescription | undefined };
}
