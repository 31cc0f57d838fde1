import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { places } from './config.ts';
import type { Connectors } from './rest/services.ts';

interface Definition {
  readonly flowContents: { readonly name?: string; readonly comments?: string };
}

const read = async (name: string): Promise<Definition> => JSON.parse(await readFile(path.join(places.flows, `${name}.json`), 'utf8')) as Definition;

async function names(): Promise<string[]> {
  const files = await readdir(places.flows);
  return files.filter((file) => file.endsWith('.json') && !file.endsWith('.expect.json')).map((file) => file.slice(0, -'.json'.length));
}

/** The flow definitions in flows/. */
export const connectors: Connectors = {
  async list() {
    const all = (await names()).map(async (name) => {
      const { flowContents } = await read(name);
      return { name, title: flowContents.name ?? name, description: flowContents.comments ?? '' };
    });
    return (await Promise.all(all)).sort((a, b) => a.title.localeCompare(b.title));
  },
  // Only a name from the list is read: nothing else of the disk.
  find: async (name) => ((await names()).includes(name) ? read(name) : undefined),
};
