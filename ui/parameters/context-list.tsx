import { useState } from 'react';
import type { ParameterContextEntity } from '../api/parameters.ts';
import { Button } from '../shared/button.tsx';
import { formatNumberOf } from '../shared/format.ts';

interface ContextListProps {
  readonly contexts: readonly ParameterContextEntity[];
  readonly current: string | undefined;
  readonly onChoose: (id: string) => void;
  readonly onNew: () => void;
}

export function ContextList({ contexts, current, onChoose, onNew }: ContextListProps) {
  const [query, setQuery] = useState('');
  const shown = contexts.filter(({ component }) => `${component.name} ${component.description}`.toLowerCase().includes(query.toLowerCase()));
  return (
    <nav className="context-list" aria-label="Parameter contexts">
      <input className="input" aria-label="Filter parameter contexts" placeholder="Filter" value={query} onChange={(event) => setQuery(event.target.value)} />
      <ul>
        {shown.map(({ id, component }) => (
          <li key={id}>
            <button type="button" aria-current={id === current || undefined} onClick={() => onChoose(id)}>
              {component.name}
              <small>
                {formatNumberOf(component.parameters.length, 'parameter')} ·{' '}
                {component.boundProcessGroups.length === 0 ? 'bound to no group' : formatNumberOf(component.boundProcessGroups.length, 'group')}
              </small>
            </button>
          </li>
        ))}
      </ul>
      <Button icon="plus" onClick={onNew}>
        New context
      </Button>
    </nav>
  );
}
