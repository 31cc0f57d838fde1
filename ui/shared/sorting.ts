export interface Order {
  readonly key: string;
  readonly ascending: boolean;
}

interface Sortable<T> {
  readonly key: string;
  readonly value: (row: T) => string | number;
}

function compare(a: string | number, b: string | number): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), undefined, { numeric: true });
}

/** Rows in which one of the columns has the text, in the order of one column; without an order as they came. */
export function byColumn<T>(rows: readonly T[], columns: readonly Sortable<T>[], order: Order | undefined, query: string): readonly T[] {
  const text = query.trim().toLowerCase();
  const found = text === '' ? rows : rows.filter((row) => columns.some(({ value }) => String(value(row)).toLowerCase().includes(text)));
  const column = order && columns.find(({ key }) => key === order.key);
  if (!column) return found;
  const sign = order.ascending ? 1 : -1;
  return [...found].sort((a, b) => sign * compare(column.value(a), column.value(b)));
}
