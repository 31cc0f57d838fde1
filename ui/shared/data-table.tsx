import { type ReactNode, useMemo, useState } from 'react';
import { Icon } from './icon.tsx';
import { byColumn, type Order } from './sorting.ts';

export interface Column<T> {
  readonly key: string;
  readonly title: string;
  /** What it is sorted and filtered by. */
  readonly value: (row: T) => string | number;
  /** What it shows; the value where this is left out. */
  readonly show?: (row: T) => ReactNode;
  readonly align?: 'end';
}

interface DataTableProps<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly keyOf: (row: T) => string;
  readonly note?: ReactNode;
  readonly commands?: ReactNode;
  /** Buttons at the end of a row. */
  readonly rowCommands?: (row: T) => ReactNode;
}

/** A table to sort by its heads and to filter by what is typed. */
export function DataTable<T>({ label, columns, rows, keyOf, note, commands, rowCommands }: DataTableProps<T>) {
  const [order, setOrder] = useState<Order>();
  const [query, setQuery] = useState('');
  const shown = useMemo(() => byColumn(rows, columns, order, query), [rows, columns, order, query]);
  const turn = (key: string) => setOrder((old) => (old?.key !== key ? { key, ascending: true } : old.ascending ? { key, ascending: false } : undefined));
  return (
    <div className="data-table">
      <div className="data-table-bar">
        <input className="input" aria-label={`Filter ${label.toLowerCase()}`} placeholder="Filter" value={query} onChange={(event) => setQuery(event.target.value)} />
        <span>{note}</span>
        {commands}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable without a mouse (WCAG 2.1.1). */}
      <section className="data-table-body" aria-label={label} tabIndex={0}>
        <table className="listing">
          <thead>
            <tr>
              {columns.map(({ key, title, align }) => (
                <th key={key} scope="col" className={align && 'number'} aria-sort={order?.key !== key ? undefined : order.ascending ? 'ascending' : 'descending'}>
                  <button type="button" className="listing-sort" onClick={() => turn(key)}>
                    {title}
                    {order?.key === key && <Icon name={order.ascending ? 'up' : 'down'} size={12} />}
                  </button>
                </th>
              ))}
              {rowCommands && (
                <th scope="col">
                  <span className="visually-hidden">Commands</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {shown.map((row) => (
              <tr key={keyOf(row)}>
                {columns.map(({ key, value, show, align }) => (
                  <td key={key} className={align && 'number'}>
                    {show ? show(row) : value(row)}
                  </td>
                ))}
                {rowCommands && <td className="listing-commands">{rowCommands(row)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
        {shown.length === 0 && <p className="type-none">Nothing fits the filter.</p>}
      </section>
    </div>
  );
}
