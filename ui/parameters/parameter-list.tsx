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
  /** With its form. */
  readonly edit?: boolean;
  readonly onChange: (draft: Draft) => void;
  readonly onGoTo: (target: { readonly id: string; readonly parameter: string; readonly edit: true }) => void;
}

export function ParameterList({ context, draft, shown, edit = false, onChange, onGoTo }: ParameterListProps) {
  const [query, setQuery] = useState('');
  const rows = rowsOf(
    context.component.parameters.map(({ parameter }) => parameter),
    draft,
  );
  const [edited, setEdited] = useState<ParameterRow | 'new' | undefined>(edit ? rows.find(({ name }) => name === shown) : undefined);
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
                onGoTo={() => row.home && onGoTo({ id: row.home, parameter: row.name, edit: true })}
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
  readonly onGoTo: () => void;
  readonly onRemove: () => void;
  readonly onRestore: () => void;
}

function Row({ row, marked, onEdit, onGoTo, onRemove, onRestore }: RowProps) {
  const { name, description, change, inheritedFrom, home, provided, references } = row;
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
      <td className="parameter-users" title={references.map(({ component }) => component.name).join('\n') || undefined}>
        {references.length === 0 ? <span className="faint">Nothing</span> : formatNumberOf(references.length, 'component')}
      </td>
      <td className="listing-commands">
        {change && <IconButton icon="undo" label={`Take back the change of ${name}`} onClick={onRestore} />}
        {inheritedFrom !== undefined && home !== undefined && <IconButton icon="pencil" label={`Edit ${name} in ${inheritedFrom}`} onClick={onGoTo} />}
        {change !== 'removed' && !provided && inheritedFrom !== undefined && <IconButton icon="branch" label={`Override ${name} in this context`} onClick={onEdit} />}
        {change !== 'removed' && !provided && inheritedFrom === undefined && <IconButton icon="pencil" label={`Edit ${name}`} onClick={onEdit} />}
        {change !== 'removed' && inheritedFrom === undefined && !provided && <IconButton icon="trash" label={`Remove ${name}`} onClick={onRemove} />}
      </td>
    </tr>
  );
}

function Value({ row: { sensitive, value, assets, references } }: { readonly row: ParameterRow }) {
  if (assets.length > 0)
    return (
      <>
        <Icon name="file" size={14} /> {assets.map(({ name }) => name).join(', ')}
      </>
    );
  if (value === undefined)
    return references.length > 0 ? (
      <span className="needed">
        <Icon name="warning" size={14} /> Needs a value
      </span>
    ) : (
      <span className="faint">No value set</span>
    );
  if (sensitive)
    return (
      <span className="faint">
        <Icon name="lock" size={12} /> Sensitive value set
      </span>
    );
  return value === '' ? <span className="faint">Empty string set</span> : <code>{value}</code>;
}
