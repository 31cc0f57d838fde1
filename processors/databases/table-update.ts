import type { DatabaseConnection } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import type { RecordSet } from '../../server/extension/record-io.ts';
import type { RecordSchema, SchemaField } from '../../server/extension/record-schema.ts';
import { addColumnSql, createTableSql, type TableChange } from './table-definition.ts';

export interface TableUpdate extends Omit<TableChange, 'product'> {
  readonly createsTable: boolean;
  /** Names of the fields that make the primary key of a new table. */
  readonly keys: readonly string[];
  /** What makes the names of fields and columns comparable; a new column is named so too (NiFi). */
  readonly translate: (name: string) => string;
}

const run = async (connection: DatabaseConnection, sql: string): Promise<void> => {
  for await (const _ of (await connection.run(sql)).batches);
};

/** Makes the table have a column for each field; the names of its columns by those of the fields. Throws SqlError and ProcessError. */
export async function updateTable(connection: DatabaseConnection, { fields }: RecordSchema, update: TableUpdate): Promise<ReadonlyMap<string, string>> {
  const { table, translate } = update;
  const change: TableChange = { ...update, product: connection.product };
  const present = await connection.columns(table);
  if (present.length === 0 && !update.createsTable)
    throw new ProcessError(`There is no table ${table.table}. Create it, correct Table Name and Schema Name, or set Create Table Strategy to Create If Not Exists.`);
  await connection.begin();
  try {
    if (present.length === 0) await run(connection, createTableSql(change, fields.map(named(translate)), keysOf(fields, update)));
    else for (const one of missing(fields, new Set(present.map(({ name }) => translate(name))), translate)) await run(connection, addColumnSql(change, one));
    await connection.commit();
  } catch (thrown) {
    await connection.rollback().catch(() => undefined);
    throw thrown;
  }
  const columns = new Map((await connection.columns(table)).map(({ name }) => [translate(name), name]));
  return new Map(fields.map(({ name }) => [name, columns.get(translate(name)) ?? name]));
}

const named =
  (translate: TableUpdate['translate']) =>
  (field: SchemaField): SchemaField => ({ ...field, name: translate(field.name) });

function keysOf(fields: readonly SchemaField[], { keys, translate }: TableUpdate): string[] {
  const names = new Set(fields.map(({ name }) => translate(name)));
  return keys.map((key) => {
    if (!names.has(translate(key))) throw new ProcessError(`The records have no field '${key}' (Primary Key Fields).`);
    return translate(key);
  });
}

/** The fields without a column, each once. */
function missing(fields: readonly SchemaField[], known: Set<string>, translate: TableUpdate['translate']): SchemaField[] {
  return fields.map(named(translate)).filter(({ name }) => {
    const isNew = !known.has(name);
    known.add(name);
    return isNew;
  });
}

/** Records whose fields are named as the columns are. */
export function renamed({ schema, batches }: RecordSet, columns: ReadonlyMap<string, string>): RecordSet {
  const rename = (record: DataRecord): DataRecord => Object.fromEntries(Object.entries(record).map(([name, value]) => [columns.get(name) ?? name, value]));
  return {
    schema: { fields: schema.fields.map((field) => ({ ...field, name: columns.get(field.name) ?? field.name })) },
    batches: (async function* () {
      for await (const batch of batches) yield batch.map(rename) satisfies RecordBatch;
    })(),
  };
}
