import { type TableDescription, type TableName, WarehouseError } from '../../server/extension/warehouse.ts';
import type { DatabricksApi } from './api.ts';
import { requestError } from './databricks-errors.ts';
import { fieldType } from './databricks-types.ts';

interface TableInfo {
  readonly catalog_name: string;
  readonly schema_name: string;
  readonly name: string;
  readonly columns?: readonly { readonly name: string; readonly type_text: string; readonly nullable?: boolean; readonly position?: number }[];
  readonly table_constraints?: readonly { readonly primary_key_constraint?: { readonly child_columns: readonly string[] } }[];
}

/** A name of Unity Catalog with all its parts. */
export type FullName = Required<TableName>;

/** What Unity Catalog knows (its REST API): it answers also while the SQL warehouse is down. */
export class Catalog {
  readonly #api: DatabricksApi;

  constructor(api: DatabricksApi) {
    this.#api = api;
  }

  async table({ database, schema, table }: FullName, signal: AbortSignal): Promise<TableDescription | undefined> {
    const info = await this.#find<TableInfo>('tables', [database, schema, table], signal);
    if (!info) return undefined;
    const columns = [...(info.columns ?? [])].sort((a, b) => (a.position ?? 0) - (b.position ?? 0));
    return {
      name: { database: info.catalog_name, schema: info.schema_name, table: info.name },
      columns: columns.map(({ name, type_text: text, nullable = true }) => {
        const nativeType = text.toUpperCase();
        return { name, nativeType, type: fieldType(nativeType), nullable };
      }),
      primaryKey: info.table_constraints?.find((one) => one.primary_key_constraint)?.primary_key_constraint?.child_columns ?? [],
    };
  }

  async hasSchema({ database, schema }: FullName, signal: AbortSignal): Promise<boolean> {
    return (await this.#find('schemas', [database, schema], signal)) !== undefined;
  }

  /** `volume`: its path, `/Volumes/catalog/schema/volume/...`. */
  async hasVolume(volume: string, signal: AbortSignal): Promise<boolean> {
    return (await this.#find('volumes', volume.split('/').slice(2, 5), signal)) !== undefined;
  }

  async #find<T>(kind: string, parts: readonly string[], signal: AbortSignal): Promise<T | undefined> {
    const call = { method: 'GET', path: `/api/2.1/unity-catalog/${kind}/${encodeURIComponent(parts.join('.'))}`, signal, isRepeatable: true } as const;
    const { status, text } = await this.#api.exchange(call);
    if (status === 404) return undefined;
    if (status !== 200) throw requestError(`GET ${kind} ${parts.join('.')}`, status, text);
    return JSON.parse(text) as T;
  }
}

/** What an upsert says where the service has no staging volume. */
export function missingVolume(): WarehouseError {
  return new WarehouseError('configuration', 'The warehouse service has no Staging Volume, through which rows are brought into tables', {
    remedy: 'Name a volume of Unity Catalog that the user may write, such as /Volumes/main/default/staging.',
  });
}
