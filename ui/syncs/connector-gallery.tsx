import { useMemo, useState } from 'react';
import { type ConnectorDto, useConnectors } from '../api/connectors.ts';
import { useCreateSync } from '../api/syncs.ts';
import { Button } from '../shared/button.tsx';
import { TextField } from '../shared/field.tsx';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { noticeFailed } from '../shared/notices.ts';
import { openView } from '../shared/views.ts';
import { everyWordIn } from '../shared/words.ts';
import { Route } from './system-mark.tsx';

/** Connectors in which every typed word occurs. */
function searchGallery(connectors: readonly ConnectorDto[], text: string): ConnectorDto[] {
  return connectors.filter(({ title, description, category, source, destination }) =>
    everyWordIn(text, [title, description, category, source?.label, destination?.label].join(' ')),
  );
}

/** What syncs can be made of. */
export function ConnectorGallery() {
  const { data, error, refetch } = useConnectors();
  const [text, setText] = useState('');
  const offered = useMemo(() => data?.filter(({ canSync }) => canSync), [data]);
  const found = useMemo(() => searchGallery(offered ?? [], text), [offered, text]);
  if (!offered) return error ? <Failure title="The connectors could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the connectors</Loading>;
  return (
    <div className="gallery">
      <input
        className="input"
        type="search"
        aria-label="Search connectors"
        placeholder="Search by system or purpose"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      {found.length === 0 && (
        <EmptyState icon="plug" title="No connector fits">
          Every word must occur in the title, the description, or the name of a system.
        </EmptyState>
      )}
      <ul className="gallery-cards" aria-label="Connectors">
        {found.map((connector) => (
          <Card key={connector.name} connector={connector} />
        ))}
      </ul>
    </div>
  );
}

function Card({ connector: { name, title, description, category, source, destination } }: { readonly connector: ConnectorDto }) {
  const [naming, setNaming] = useState(false);
  return (
    <li className="gallery-card">
      <div className="gallery-head">
        <h3>{title}</h3>
        <span className="badge">{category}</span>
      </div>
      {source && destination && <Route source={source} destination={destination} />}
      <p>{description}</p>
      {naming ? (
        <NameForm connector={name} title={title} onCancel={() => setNaming(false)} />
      ) : (
        <Button size="small" icon="plus" aria-label={`Set up a sync: ${title}`} onClick={() => setNaming(true)}>
          Set up a sync
        </Button>
      )}
    </li>
  );
}

interface NameFormProps {
  readonly connector: string;
  readonly title: string;
  readonly onCancel: () => void;
}

/** Asks for a name and makes the draft. */
function NameForm({ connector, title, onCancel }: NameFormProps) {
  const [name, setName] = useState(title);
  const create = useCreateSync();
  const make = (): void =>
    create.mutate(
      { connector, name: name.trim(), timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      { onSuccess: ({ id }) => openView({ name: 'sync', id }), onError: (error) => noticeFailed(`The draft '${name}' was not made.`, error) },
    );
  return (
    <form
      className="gallery-name"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <TextField label="Name of the sync" value={name} onChange={setName} autoFocus />
      <div>
        <Button size="small" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" tone="primary" type="submit" disabled={name.trim() === ''} busy={create.isPending}>
          Make a draft
        </Button>
      </div>
    </form>
  );
}
