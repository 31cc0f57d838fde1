import type { Answer } from './client.ts';

/** How many rows a statement has changed: Snowflake says it in columns named `number of rows inserted`, `number of rows updated`... */
export function changes({ columns, rows }: Answer): { inserted: number; updated: number; deleted: number } {
  const count = (verb: string): number => {
    const at = columns.findIndex(({ name }) => name.toLowerCase() === `number of rows ${verb}`);
    return at < 0 ? 0 : Number(rows[0]?.[at] ?? 0);
  };
  return { inserted: count('inserted'), updated: count('updated'), deleted: count('deleted') };
}
