import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { recordMade } from '../api/presence.ts';
import { contextPath, createContext, useParameterContexts } from '../api/parameters.ts';
import { useConfigurationChanged } from '../api/editing.ts';
import { Button } from '../shared/button.tsx';
import { Confirmation, Dialog } from '../shared/dialog.tsx';
import { TextArea, TextField } from '../shared/field.tsx';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { useViewChange } from '../shared/views.ts';
import { ContextEditor } from './context-editor.tsx';
import { ContextList } from './context-list.tsx';
import './parameters.css';

interface ParametersViewProps {
  /** The context to begin with. */
  readonly id?: string;
  readonly parameter?: string;
  /** Its form is opened, too. */
  readonly edit?: boolean;
  readonly onClose: () => void;
}

/** What is shown: a context, and a parameter in it. */
export interface Target {
  readonly id?: string;
  readonly parameter?: string;
  readonly edit?: boolean;
}

/** All parameter contexts, and one of them to edit. */
export function ParametersView({ id, parameter, edit, onClose }: ParametersViewProps) {
  const { data: contexts, error, refetch } = useParameterContexts();
  const { editing, setTarget } = useTarget(edit ? parameter : undefined);
  const [making, setMaking] = useState(false);
  const [dirty, setDirty] = useState(false);
  const [leaving, setLeaving] = useState<() => void>();
  const current = contexts?.find((each) => each.id === id) ?? contexts?.[0];
  /** Goes there, but asks first where something would be lost. */
  const leave = (go: () => void) => (dirty ? setLeaving(() => go) : go());
  return (
    <Dialog title="Parameter contexts" subtitle="Values that components refer to with #{name}" size="huge" onClose={() => leave(onClose)}>
      {contexts ? (
        <div className="parameters">
          <ContextList contexts={contexts} current={current?.id} onChoose={(next) => leave(() => setTarget({ id: next }))} onNew={() => leave(() => setMaking(true))} />
          {current ? (
            <ContextEditor
              key={current.id}
              id={current.id}
              contexts={contexts}
              parameter={current.id === id ? parameter : undefined}
              edit={parameter !== undefined && parameter === editing}
              onGoTo={(next) => leave(() => setTarget(next))}
              onDirty={setDirty}
            />
          ) : (
            <NoContexts />
          )}
        </div>
      ) : error ? (
        <Failure title="The parameter contexts could not be read" error={error} onRetry={() => void refetch()} />
      ) : (
        <Loading>Reading the parameter contexts</Loading>
      )}
      {making && <NewContext onMade={(made) => setTarget({ id: made })} onClose={() => setMaking(false)} />}
      {leaving && (
        <Discard
          name={current?.component.name}
          onConfirm={() => {
            setDirty(false);
            setLeaving(undefined);
            leaving();
          }}
          onClose={() => setLeaving(undefined)}
        />
      )}
    </Dialog>
  );
}

/** What is shown is in the link of the view; whether its form is open is not. */
function useTarget(edited: string | undefined) {
  const [editing, setEditing] = useState(edited);
  const change = useViewChange();
  const setTarget = ({ id, parameter, edit }: Target) => {
    setEditing(edit ? parameter : undefined);
    change({ id, parameter });
  };
  return { editing, setTarget };
}

function NoContexts() {
  return (
    <EmptyState icon="sliders" title="No parameter contexts yet">
      Make one for values that differ between environments, such as addresses, names of tables and passwords.
    </EmptyState>
  );
}

function Discard({ name, onConfirm, onClose }: { readonly name: string | undefined; readonly onConfirm: () => void; readonly onClose: () => void }) {
  return (
    <Confirmation title="Discard your changes?" action="Discard" onConfirm={onConfirm} onClose={onClose}>
      <p>You have changed parameters of {name} and not applied that.</p>
    </Confirmation>
  );
}

function NewContext({ onMade, onClose }: { readonly onMade: (id: string) => void; readonly onClose: () => void }) {
  const [name, setName] = useState('');
  const [description, setDescription] = useState('');
  const [error, setError] = useState<string>();
  const client = useQueryClient();
  const changed = useConfigurationChanged();
  const make = async () => {
    try {
      const { id } = await createContext({ name, description });
      recordMade(client, { id, name, path: contextPath(id) });
      await changed();
      onMade(id);
      onClose();
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    }
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" type="submit" disabled={name.trim() === ''}>
        Create
      </Button>
    </>
  );
  return (
    <Dialog title="New parameter context" onClose={onClose} actions={actions} onSubmit={() => void make()}>
      <TextField label="Name" value={name} onChange={setName} error={error} autoFocus />
      <TextArea label="Description" value={description} onChange={setDescription} />
    </Dialog>
  );
}
