import type { Loader } from './upsert.ts';

/** Values of one statement: Redshift takes 32,767. */
const MAX_VALUES = 30_000;
const MAX_ROWS = 1000;

/** Many rows an INSERT, for servers without COPY FROM STDIN. */
export const insertRows: Loader = async (session, stage, columns, rows) => {
  const size = Math.max(1, Math.min(MAX_ROWS, Math.floor(MAX_VALUES / columns.length)));
  for (let from = 0; from < rows.length; from += size) {
    const part = rows.slice(from, from + size);
    const places = part.map((row, index) => `(${row.map((_, column) => `$${index * columns.length + column + 1}`).join(', ')})`);
    await session.run(`INSERT INTO ${stage} (${columns.join(', ')}) VALUES ${places.join(', ')}`, part.flat());
  }
};
