import './content/content.css';

/** Attributes by name. */
export function AttributeTable({ attributes }: { readonly attributes: Readonly<Record<string, string>> }) {
  const sorted = Object.entries(attributes).sort(([a], [b]) => a.localeCompare(b));
  return (
    <table className="attributes">
      <tbody>
        {sorted.map(([name, value]) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{value === '' ? <span className="faint">empty</span> : value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
