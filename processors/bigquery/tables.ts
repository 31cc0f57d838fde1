import { type TableDescription, tableLabel, type TableName, WarehouseError } from '../../server/extension/warehouse.ts';
import { fieldType, nativeType, quote, type TableField } from './bigquery-types.ts';
import type { Task } from './task.ts';

export interface TableReference {
  readonly projectId: string;
  readonly datasetId: string;
  readonly tableId: string;
}

/** What counts of BigQuery's resource Table. */
export interface TableResource {
  readonly tableReference: TableReference;
  readonly schema?: { readonly fields?: readonly TableField[] };
  readonly numRows?: string;
  readonly tableConstraints?: { readonly primaryKey?: { readonly columns?: readonly string[] } };
}

export interface FoundTable {
  readonly reference: TableReference;
  readonly resource: TableResource;
  readonly description: TableDescription;
}

export const tableFields = ({ schema }: TableResource): readonly TableField[] => schema?.fields ?? [];

export const datasetPath = (dataset: string): string => `/datasets/${encodeURIComponent(dataset)}`;
export const tablePath = ({ datasetId, tableId }: TableReference): string => `${datasetPath(datasetId)}/tables/${encodeURIComponent(tableId)}`;

/** The full name as SQL. */
export const tableSql = ({ projectId, datasetId, tableId }: TableReference): string => [projectId, datasetId, tableId].map(quote).join('.');

/** Where a table would lie. Throws WarehouseError. */
export function referenceOf(table: TableName, project: string, dataset: string | undefined): TableReference {
  const datasetId = table.schema ?? dataset;
  if (datasetId === undefined)
    throw new WarehouseError('configuration', `${tableLabel(table)} names no data set`, { remedy: 'Write dataset.table, or set Default Dataset of the warehouse service.' });
  return { projectId: table.database ?? project, datasetId, tableId: table.table };
}

/** The table as it is spelled, or else in another case: BigQuery tells cases apart where other warehouses do not. */
export async function findTable(task: Task, wanted: TableReference): Promise<FoundTable | undefined> {
  if (![wanted.projectId, wanted.datasetId, wanted.tableId].every(isName)) return undefined;
  const resource = (await task.find<TableResource>(tablePath(wanted), wanted.projectId)) ?? (await otherwiseSpelled(task, wanted));
  if (!resource) return undefined;
  const { projectId, datasetId, tableId } = resource.tableReference;
  const columns = tableFields(resource).map((field) => ({ name: field.name, type: fieldType(field), nativeType: nativeType(field), nullable: field.mode !== 'REQUIRED' }));
  const primaryKey = resource.tableConstraints?.primaryKey?.columns ?? [];
  const rowCount = resource.numRows === undefined ? {} : { rowCount: Number(resource.numRows) };
  const description = { name: { database: projectId, schema: datasetId, table: tableId }, columns, primaryKey, ...rowCount };
  return { reference: resource.tableReference, resource, description };
}

const isName = (name: string): boolean => /^[^/\\?#'"`;()]+$/.test(name);

async function otherwiseSpelled(task: Task, { projectId, datasetId, tableId }: TableReference): Promise<TableResource | undefined> {
  const dataset = await spelled(datasetNames(task, projectId), datasetId);
  if (dataset === undefined) return undefined;
  const table = await spelled(tableNames(task, projectId, dataset), tableId);
  return table === undefined ? undefined : task.find<TableResource>(tablePath({ projectId, datasetId: dataset, tableId: table }), projectId);
}

/** The name itself, or the first that differs from it in its case only. */
async function spelled(names: AsyncIterable<string>, wanted: string): Promise<string | undefined> {
  let found: string | undefined;
  for await (const name of names) {
    if (name === wanted) return name;
    if (name.toLowerCase() === wanted.toLowerCase()) found ??= name;
  }
  return found;
}

/** How the data set is spelled, or undefined where there is none. */
export const datasetNamed = (task: Task, { projectId, datasetId }: TableReference): Promise<string | undefined> => spelled(datasetNames(task, projectId), datasetId);

export async function* datasetNames(task: Task, project: string): AsyncGenerator<string> {
  interface Listed {
    readonly datasets?: readonly { readonly datasetReference: { readonly datasetId: string } }[];
  }
  for await (const { datasets = [] } of pages<Listed>(task, '/datasets', project)) for (const { datasetReference } of datasets) yield datasetReference.datasetId;
}

export async function* tableNames(task: Task, project: string, dataset: string): AsyncGenerator<string> {
  interface Listed {
    readonly tables?: readonly { readonly tableReference: TableReference }[];
  }
  for await (const { tables = [] } of pages<Listed>(task, `${datasetPath(dataset)}/tables`, project)) for (const { tableReference } of tables) yield tableReference.tableId;
}

async function* pages<T>(task: Task, path: string, project: string): AsyncGenerator<T> {
  let pageToken: string | undefined;
  do {
    const page = await task.call<Awaited<T> & { readonly nextPageToken?: string }>({ method: 'GET', path, project, query: { maxResults: 1000, pageToken } });
    yield page;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}
