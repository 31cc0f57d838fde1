import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Bundle, type ComponentType, type ComponentTypes, DEFINITION_KINDS, type DefinitionKind, type Definitions, TypeCatalogue } from './engine/component-types.ts';

type Definition = Definitions[DefinitionKind];

/** The bundle that NiFi definitions of the standard components name; ours go by our own version. */
const NIFI_VERSION = '2.7.2';

/**
 * Finds every component type: a file of processors/<folder>/ whose default export is a declaration. The file's name is the
 * type's name. Throws where two files declare the same type.
 */
export async function loadComponentTypes(directory: string, version: string): Promise<ComponentTypes> {
  const types = new TypeCatalogue();
  for (const file of await componentFiles(directory)) {
    const found = await componentType(file, version);
    if (found && !types.add(found)) throw new Error(`${file} declares ${found.type}, which another file declares already. Rename one of them.`);
  }
  return types;
}

/** Types are files that begin with a capital letter: the others are what they share. */
async function componentFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(directory, name));
  const files = await Promise.all(folders.map(async (folder) => (await readdir(folder)).map((name) => path.join(folder, name))));
  return files
    .flat()
    .filter((file) => /[/\\][A-Z]\w*\.(js|ts)$/.test(file))
    .sort();
}

async function componentType(file: string, version: string): Promise<ComponentType<Definition> | null> {
  const { default: definition } = (await import(pathToFileURL(file).href)) as { default?: Definition };
  if (!definition || !Object.hasOwn(DEFINITION_KINDS, definition.kind)) return null;
  const name = path.basename(file).replace(/\.(js|ts)$/, '');
  const folder = path.basename(path.dirname(file));
  const { nifi } = definition;
  const bundle: Bundle = nifi ? { group: 'org.apache.nifi', artifact: nifi.bundle, version: NIFI_VERSION } : { group: 'dev.millrace', artifact: `millrace-${folder}`, version };
  return { type: `${nifi?.package ?? `dev.millrace.${folder}`}.${name}`, bundle, definition };
}
