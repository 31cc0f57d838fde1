import type { ComponentContext } from '../../server/extension/component.ts';
import { type DatabasePool, DBCP_SERVICE, SqlError } from '../../server/extension/database.ts';
import { ProcessError } from '../../server/extension/errors.ts';
import type { Coordinates, Found, LookupService } from '../../server/extension/lookup.ts';
import { property, type PropertyMap, type PropertyValues } from '../../server/extension/property.ts';
import type { DataRecord } from '../../server/extension/record.ts';
import { textOf } from '../../server/extension/record-coercion.ts';
import type { RecordSchema } from '../../server/extension/record-schema.ts';
import { namesIn, tableNameIn } from './maxima.ts';

const environment = { expressions: 'environment' } as const;

/** What both kinds of look-up in a database ask, in parts because of their order. */
export const lookupAddress = {
  pool: property.service('Database Connection Pooling Service', 'The connections to the database', DBCP_SERVICE, { required: true }),
  table: property.text('Table Name', 'The table', { required: true, expressions: 'flowfile' }),
  keyColumn: property.text('Lookup Key Column', 'The column whose values are looked up', { required: true, ...environment }),
};
export const lookupCaching = {
  cacheSize: property.integer('Cache Size', 'How many rows are remembered; 0 asks the database each time', { default: '0', ...environment }),
  clearsCache: property.boolean('Clear Cache on Enabled', 'Whether what is remembered is forgotten when the service is enabled', { default: 'true' }),
  expiration: property.duration('Cache Expiration', 'After how long a row is asked for again; it is remembered for good where this is not set', environment),
};
const shared = { ...lookupAddress, ...lookupCaching };
type Values = PropertyValues<typeof shared>;

interface Remembered {
  readonly found: Found;
  /** Milliseconds since 1970. */
  readonly until: number;
}

/** What services remember, by their id: where it is not to be cleared, it outlives being disabled. */
const remembered = new Map<string, Map<string, Remembered>>();

/** A name that may become SQL: it comes from attributes of FlowFiles. */
function sqlName(text: string, what: string): string {
  if (tableNameIn(text) === undefined) throw new ProcessError(`'${text.slice(0, 100)}' is no name of a ${what}.`);
  return text.trim();
}

interface Row {
  readonly record: DataRecord;
  readonly schema: RecordSchema;
}

async function firstRow(pool: DatabasePool, sql: string, coordinates: Coordinates, attributes: ReadonlyMap<string, string> | undefined): Promise<Row | undefined> {
  const connection = await pool.connect(attributes);
  let isBroken = true;
  try {
    const { schema, batches } = await connection.run(sql, [coordinates.get('key') ?? null], 1);
    let record: DataRecord | undefined;
    for await (const batch of batches) {
      record = batch[0];
      break;
    }
    isBroken = false;
    return record && schema && { record, schema };
  } finally {
    connection.release(isBroken);
  }
}

/** Looks rows of a table up. `columns` are those that are asked for, all where there are none; `found` makes the answer of a row. */
export function databaseLookup(
  { id, now, properties }: Pick<ComponentContext<PropertyMap>, 'id' | 'now'> & { readonly properties: Values },
  columns: (attributes: ReadonlyMap<string, string> | undefined) => string | undefined,
  tableOf: (attributes: ReadonlyMap<string, string> | undefined) => string,
  found: (row: Row) => Found | undefined,
): LookupService {
  const { pool, keyColumn, cacheSize, clearsCache, expiration } = properties;
  if (clearsCache || !remembered.has(id)) remembered.set(id, new Map());
  const cache = remembered.get(id)!;
  return {
    requiredKeys: ['key'],
    async lookup(coordinates, attributes) {
      const key = coordinates.get('key');
      if (key === null || key === undefined || textOf(key).trim() === '') return undefined;
      const table = sqlName(tableOf(attributes), 'table');
      const asked = namesIn(columns(attributes)).map((name) => sqlName(name, 'column'));
      const place = JSON.stringify([attributes?.get('database.name'), table, asked, textOf(key)]);
      const known = cache.get(place);
      if (known && known.until > now()) return known.found;
      const answer = await askFor(`SELECT ${asked.join(', ') || '*'} FROM ${table} WHERE ${keyColumn} = ?`, coordinates, attributes);
      cache.delete(place);
      if (answer && cacheSize > 0) {
        if (cache.size >= cacheSize) cache.delete(cache.keys().next().value!);
        cache.set(place, { found: answer, until: expiration ? now() + expiration : Number.POSITIVE_INFINITY });
      }
      return answer;
    },
  };

  async function askFor(sql: string, coordinates: Coordinates, attributes: ReadonlyMap<string, string> | undefined): Promise<Found | undefined> {
    try {
      const row = await firstRow(pool, sql, coordinates, attributes);
      return row && found(row);
    } catch (thrown) {
      if (thrown instanceof SqlError) throw new ProcessError(`The look-up failed: ${thrown.message} SQL: ${sql}`, { cause: thrown });
      throw thrown;
    }
  }
}
