import { useState } from 'react';
import { useClearState, useProcessorState } from '../api/state.ts';
import type { ComponentStateDto, StateMapDto } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Confirmation } from '../shared/dialog.tsx';
import { Failure, Loading } from '../shared/message.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { Section } from './section.tsx';
import { StateHistory } from './state-history-list.tsx';

interface StateViewProps {
  readonly id: string;
  readonly name: string;
  /** State can only be changed while nothing reads it. */
  readonly stopped: boolean;
}

/** What a processor remembers, what it remembered before, and a way to make it forget. */
export function StateView({ id, name, stopped }: StateViewProps) {
  const { data: state, error, refetch } = useProcessorState(id);
  const [asking, setAsking] = useState(false);
  if (!state) return error ? <Failure title="The state could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the state</Loading>;
  const count = state.localState.totalEntryCount + state.clusterState.totalEntryCount;
  return (
    <>
      {state.stateDescription && <p className="description">{state.stateDescription}</p>}
      <Section title="Now" note={formatNumberOf(count, 'entry', 'entries')}>
        <Entries map={state.localState} />
        <Entries map={state.clusterState} />
        {count === 0 && <p className="faint">Nothing is remembered: the next run begins from the start.</p>}
        <div className="section-actions">
          <Button size="small" icon="trash" disabled={count === 0} onClick={() => setAsking(true)}>
            Clear state
          </Button>
        </div>
      </Section>
      <StateHistory id={id} name={name} stopped={stopped} />
      {asking && <ClearState id={id} name={name} state={state} stopped={stopped} onClose={() => setAsking(false)} />}
    </>
  );
}

function Entries({ map: { scope, state } }: { readonly map: StateMapDto }) {
  if (state.length === 0) return null;
  return (
    <table className="entries">
      <caption>{scope === 'LOCAL' ? 'On this node' : 'For the whole cluster'}</caption>
      <tbody>
        {state.map(({ key, value }) => (
          <tr key={key}>
            <th scope="row">{key}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface ClearStateProps extends StateViewProps {
  readonly state: ComponentStateDto;
  readonly onClose: () => void;
}

function ClearState({ id, name, state, stopped, onClose }: ClearStateProps) {
  const clear = useClearState(id);
  const count = state.localState.totalEntryCount + state.clusterState.totalEntryCount;
  const onConfirm = () =>
    clear.mutate(undefined, {
      onSuccess: () => {
        noticeDone(`Cleared the state of ${name}`, 'Its earlier versions are still in the history.');
        onClose();
      },
      onError: (error) => noticeFailed(`The state of ${name} was not cleared.`, error),
    });
  return (
    <Confirmation
      title={`Clear the state of ${name}?`}
      action="Clear state"
      busy={clear.isPending}
      obstacle={stopped ? undefined : `${name} is running. Stop it first.`}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        <strong>{formatNumberOf(count, 'entry', 'entries')}</strong> will be forgotten. {name} then begins from the start when it next runs: what it has read before, it reads and
        sends again.
      </p>
      <p>Destinations that write by key end up with the same rows; others receive everything a second time. Queued FlowFiles stay as they are.</p>
      <p>The state as it is now is kept in the history, so that you can set it back.</p>
    </Confirmation>
  );
}
