import path from 'node:path';
import type { ComponentContext } from '../../server/extension/component.ts';
import { ownFolder, parseDirectories } from '../../server/extension/duckdb-sandbox.ts';
import type { PropertyMap } from '../../server/extension/property.ts';

/** What SQL of a warehouse service reaches, for messages. */
export const REACHABLE = 'the database file, the folder beside it whose name ends in .files, the sample data of Millrace and the Allowed Directories of the service';

/** The folders that SQL of a service may read and write besides its own database. */
export function reachableFolders(file: string, readOnly: boolean, allowed: string | undefined, context: Pick<ComponentContext<PropertyMap>, 'compile'>): string[] {
  const flows = context.compile('${millrace.flows}')();
  const own = readOnly ? undefined : ownFolder(file);
  return [...new Set([...(own ? [own] : []), ...(flows ? parseDirectories(path.join(flows, 'data')) : []), ...parseDirectories(allowed)])].sort();
}
