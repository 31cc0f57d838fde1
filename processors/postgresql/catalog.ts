import type { TableDescription, TableName } from '../../server/extension/warehouse.ts';
import type { Session } from './connections.ts';
import { fieldType } from './postgres-types.ts';

/** Tables, views and the like of that name in whatever spelling, with their schemas. */
const CANDIDATES = `SELECT c.oid, n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE lower(c.relname) = lower($1) AND c.relkind IN ('r', 'v', 'm', 'p', 'f')`;

const COLUMNS = `SELECT a.attname, pg_catalog.format_type(CASE WHEN t.typtype = 'd' THEN t.typbasetype ELSE a.atttypid END, CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END),
  a.attnotnull OR t.typnotnull, a.attnum FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`;

const KEY = `SELECT a.attnum FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey) WHERE k.conrelid = $1 AND k.contype = 'p'`;

/** A column's definition; Redshift's names of types that PostgreSQL writes otherwise are among those that it is compared with. */
export async function describe(session: Session, { database, schema, table }: TableName): Promise<TableDescription | undefined> {
  const [current, path = '{}'] = (await session.run('SELECT current_database(), current_schemas(true)')).rows[0]!;
  if (database !== undefined && database.toLowerCase() !== current!.toLowerCase()) return undefined;
  const found = await candidate(session, schema, table, session.parseArray(path!) as string[]);
  if (!found) return undefined;
  const [oid, schemaName, tableName] = found as [string, string, string];
  const { rows } = await session.run(COLUMNS, [oid]);
  const keys = new Set((await session.run(KEY, [oid])).rows.map(([number]) => number));
  const columns = rows.map(([name, native, isRequired]) => ({ name: name!, type: fieldType(native!), nativeType: native!, nullable: isRequired !== 't' }));
  return {
    name: { database: current!, schema: schemaName, table: tableName },
    columns,
    primaryKey: rows.filter(([, , , number]) => keys.has(number!)).map(([name]) => name!),
  };
}

/** The table that is meant: in the schema given or the first of the search path, and spelled so rather than otherwise. */
async function candidate(session: Session, schema: string | undefined, table: string, path: readonly string[]): Promise<(string | null)[] | undefined> {
  const places = schema === undefined ? path : [schema, schema.toLowerCase()];
  const rank = ([, schemaName, tableName]: (string | null)[]): number => {
    const place = places.indexOf(schemaName!);
    const spelling = [table.toLowerCase(), table].indexOf(tableName!);
    return (place < 0 ? places.length : place) * 3 + (spelling < 0 ? 2 : spelling);
  };
  const { rows } = await session.run(CANDIDATES, [table]);
  const inPlace = rows.filter(([, name]) => (schema === undefined ? path.includes(name!) : name!.toLowerCase() === schema.toLowerCase()));
  return inPlace.sort((a, b) => rank(a) - rank(b))[0];
}

/** Whether there is a schema of that name, so that nobody needs the right to create one that is there. */
export async function schemaName(session: Session, schema: string): Promise<string | undefined> {
  const { rows } = await session.run('SELECT nspname FROM pg_catalog.pg_namespace WHERE lower(nspname) = lower($1) ORDER BY nspname <> lower($1) LIMIT 1', [schema]);
  return rows[0]?.[0] ?? undefined;
}
