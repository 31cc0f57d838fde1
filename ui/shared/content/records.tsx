import { formatCount } from '../format.ts';
import type { Cell, RecordTable } from './content.ts';
import { MOST_ROWS } from './record-file.ts';

/** Records as a table, a row each. */
export function Records({ table: { columns, rows } }: { readonly table: RecordTable }) {
  return (
    <table className="records">
      <thead>
        <tr>
          <th scope="col" className="row-number">
            #
          </th>
          {columns.map((column, at) => (
            <th key={column} scope="col" data-kind={rows[0]?.[at]?.kind}>
              {column}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.slice(0, MOST_ROWS).map((row, index) => {
          const number = formatCount(index + 1);
          return (
            <tr key={number}>
              <td className="row-number">{number}</td>
              {columns.map((column, at) => (
                <RecordCell key={column} cell={row[at]} />
              ))}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function RecordCell({ cell }: { readonly cell: Cell | undefined }) {
  return cell ? (
    <td data-kind={cell.kind} title={cell.text.length > 40 ? cell.text : undefined}>
      {cell.text}
    </td>
  ) : (
    <td aria-label="not there" />
  );
}
