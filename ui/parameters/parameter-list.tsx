import { useEffect, useState } from 'react';
import type { ParameterContextEntity } from '../api/parameters.ts';
import { Button, IconButton } from '../shared/button.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { Icon } from '../shared/icon.tsx';
import { EmptyState } from '../shared/message.tsx';
import { type Draft, type ParameterRow, rowsOf, withParameter } from './draft.ts';
import { ParameterForm } from './parameter-form.tsx';

interface ParameterListProps {
  readonly context: ParameterContextEntity;
  readonly draft: Draft;
  /** To be shown at once. */
  readonly shown?: string;
  readonly onChange: (draft: Draft) => void;
}

export function ParameterList({ context, draft, shown, onChange }: ParameterListProps) {
  const [edited, setEdited] = useState<ParameterRow | 'new'>();
  const [query, setQuery] = useState('');
  const rows = rowsOf(
    context.component.parameters.map(({ parameter }) => parameter),
    draft,
  );
  useEffect(() => {
    if (shown !== undefined) document.querySelector(`[data-parameter="${CSS.escape(shown)}"]`)?.scrollIntoView({ block: 'center' });
  }, [shown]);
  const found = rows.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(query.toLowerCase()));
  return (
    <>
      <div className="parameter-bar">
        <input className="input" aria-label="Filter parameters" placeholder="Filter by name or description" value={query} onChange={(event) => setQuery(event.target.value)} />
        <Button icon="plus" onClick={() => setEdited('new')}>
          New parameter
        </Button>
      </div>
      {rows.length === 0 ? (
        <EmptyState icon="sliders" title="No parameters yet">
          Make the first one, or convert a property to a parameter.
        </EmptyState>
      ) : (
        <table className="listing">
          <thead>
            <tr>
              <th scope="col">Name</th>
              <th scope="col">Value</th>
              <th scope="col">Used by</th>
              <th scope="col">
                <span className="visually-hidden">Commands</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {found.map((row) => (
              <Row
                key={row.name}
                row={row}
                marked={row.name === shown}
                onEdit={() => setEdited(row)}
                onRemove={() => onChange(withParameter(draft, row.name, row.change === 'added' ? undefined : null))}
                onRestore={() => onChange(withParameter(draft, row.name, undefined))}
              />
            ))}
          </tbody>
        </table>
      )}
      {edited && (
        <ParameterForm
          contextId={context.id}
          row={edited === 'new' ? undefined : edited}
          taken={rows.filter(({ inheritedFrom }) => inheritedFrom === undefined).map(({ name }) => name)}
          onAccept={(change) => {
            onChange(withParameter(draft, change.name, change));
            setEdited(undefined);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </>
  );
}

interface RowProps {
  readonly row: ParameterRow;
  readonly marked: boolean;
  readonly onEdit: () => void;
  readonly onRemove: () => void;
  readonly onRestore: () => void;
}

function Row({ row, marked, onEdit, onRemove, onRestore }: RowProps) {
  const { name, description, change, inheritedFrom, provided, references } = row;
  return (
    <tr data-parameter={name} data-change={change} data-marked={marked || undefined}>
      <th scope="row">
        {name}
        {change && <span className="tag">{change}</span>}
        {inheritedFrom !== undefined && <span className="tag">from {inheritedFrom}</span>}
        {provided && <span className="tag">provided</span>}
        {description && <small>{description}</small>}
      </th>
      <td className="parameter-value">
        <Value row={row} />
      </td>
      <td title={references.map(({ component }) => component.name).join('\n') || undefined}>
        {references.length === 0 ? <span className="faint">Nothing</span> : formatNumberOf(references.length, 'component')}
      </td>
      <td className="listing-commands">
        {change && <IconButton icon="undo" label={`Take back the change of ${name}`} onClick={onRestore} />}
        {change !== 'removed' && !provided && (
          <IconButton icon="pencil" label={inheritedFrom === undefined ? `Edit ${name}` : `Override ${name} in this context`} onClick={onEdit} />
        )}
        {change !== 'removed' && inheritedFrom === undefined && !provided && <IconButton icon="trash" label={`Remove ${name}`} onClick={onRemove} />}
      </td>
    </tr>
  );
}

function Value({ row: { sensitive, value, assets } }: { readonly row: ParameterRow }) {
  if (assets.length > 0)
    return (
      <>
        <Icon name="file" size={14} /> {assets.map(({ name }) => name).join(', ')}
      </>
    );
  if (value === undefined) return <span className="faint">No value set</span>;
  if (sensitive)
    return (
      <span className="faint">
        <Icon name="lock" size={12} /> Sensitive value set
      </span>
    );
  return value === '' ? <span className="faint">Empty string set</span> : <code>{value}</code>;
}
