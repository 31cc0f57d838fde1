import type { Answer } from './statements.ts';

/** How many rows a statement has changed: Snowflake says it in columns named `number of rows inserted`, `number of rows updated`... */
export function changes({ resultSetMetaData: { rowType }, data }: Answer): { inserted: number; updated: number; deleted: number } {
  const count = (verb: string): number => {
    const at = rowType.findIndex(({ name }) => name.toLowerCase() === `number of rows ${verb}`);
    return at < 0 ? 0 : Number(data[0]?.[at] ?? 0);
  };
  return { inserted: count('inserted'), updated: count('updated'), deleted: count('deleted') };
}
