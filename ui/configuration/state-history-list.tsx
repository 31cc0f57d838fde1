import { useState } from 'react';
import { useSetStateBack, useStateHistory } from '../api/state.ts';
import { Button } from '../shared/button.tsx';
import { Confirmation } from '../shared/dialog.tsx';
import { formatAgo } from '../shared/format.ts';
import { noticeDone, noticeFailed } from '../shared/notices.ts';
import { Section } from './section.tsx';
import { type EntryChange, type StateStep, stateSteps } from './state-history.ts';

interface StateHistoryProps {
  readonly id: string;
  readonly name: string;
  readonly stopped: boolean;
}

/** So many versions are listed at first. */
const SHOWN = 10;

export function StateHistory({ id, name, stopped }: StateHistoryProps) {
  const { data: history } = useStateHistory(id);
  const [all, setAll] = useState(false);
  const [chosen, setChosen] = useState<StateStep>();
  const steps = stateSteps(history ?? []);
  if (steps.length === 0) return null;
  return (
    <Section title="History" note="newest first">
      <ol className="history">
        {steps.slice(0, all ? undefined : SHOWN).map((step) => (
          <Step key={`${step.scope}${step.version}`} step={step} onChoose={setChosen} />
        ))}
      </ol>
      {!all && steps.length > SHOWN && (
        <Button tone="quiet" size="small" onClick={() => setAll(true)}>
          Show all {steps.length} versions
        </Button>
      )}
      {chosen && <SetBack id={id} name={name} step={chosen} stopped={stopped} onClose={() => setChosen(undefined)} />}
    </Section>
  );
}

const SIGNS: Readonly<Record<EntryChange['kind'], string>> = { added: '+', changed: '±', removed: '−' };

function Step({ step, onChoose }: { readonly step: StateStep; readonly onChoose: (step: StateStep) => void }) {
  const { version, timestamp, changes, isEmpty, isCurrent } = step;
  const time = new Date(timestamp);
  return (
    <li className="step" data-current={isCurrent || undefined}>
      <div className="step-head">
        <strong>Version {version}</strong>
        <time dateTime={timestamp} title={time.toLocaleString()}>
          {formatAgo(time.getTime(), Date.now())}
        </time>
        {isCurrent ? (
          <span className="tag">current</span>
        ) : (
          <Button tone="quiet" size="small" icon="undo" onClick={() => onChoose(step)}>
            Set back
          </Button>
        )}
      </div>
      <ul className="step-changes">
        {isEmpty && <li>Cleared</li>}
        {!isEmpty &&
          changes.map(({ key, kind, value }) => (
            <li key={key} data-kind={kind} title={kind}>
              <span aria-hidden="true">{SIGNS[kind]}</span> {key} <span className="mono">{kind === 'removed' ? 'removed' : value}</span>
            </li>
          ))}
      </ul>
    </li>
  );
}

interface SetBackProps extends StateHistoryProps {
  readonly step: StateStep;
  readonly onClose: () => void;
}

function SetBack({ id, name, step: { scope, version, timestamp }, stopped, onClose }: SetBackProps) {
  const setBack = useSetStateBack(id);
  const onConfirm = () =>
    setBack.mutate(
      { scope, version },
      {
        onSuccess: () => {
          noticeDone(`Set ${name} back to version ${version}`);
          onClose();
        },
        onError: (error) => noticeFailed(`The state of ${name} was not set back.`, error),
      },
    );
  return (
    <Confirmation
      title={`Set ${name} back to version ${version}?`}
      action="Set back"
      tone="primary"
      busy={setBack.isPending}
      obstacle={stopped ? undefined : `${name} is running. Stop it first.`}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <p>
        {name} will remember what it remembered on <strong>{new Date(timestamp).toLocaleString()}</strong>. When it next runs it goes on from there: whatever came after that, it
        reads and sends again.
      </p>
      <p>Nothing is lost: the state as it is now stays in the history.</p>
    </Confirmation>
  );
}
