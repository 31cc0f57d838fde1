import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { type AffectedComponentEntity, endUpdate, hasChanged, type ParameterContextEntity, runUpdate, type UpdateRequest, useValidation } from '../api/parameters.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatNumberOf, sentenceCase } from '../shared/format.ts';
import { Steps } from '../shared/steps.tsx';
import { stepsOf } from '../shared/update-steps.ts';
import { affectedBy, changeOf, type Draft, isAtWork } from './draft.ts';

interface UpdateDialogProps {
  readonly context: ParameterContextEntity;
  readonly draft: Draft;
  readonly onApplied: () => void;
  readonly onClose: () => void;
}

/** Says which components a change restarts, makes it, and shows how far it is. */
export function UpdateDialog({ context, draft, onApplied, onClose }: UpdateDialogProps) {
  const [affected] = useState(() => affectedBy(context, draft));
  const { update, error, running, run, cancel } = useUpdate(context, draft);
  const done = update?.complete === true && error === undefined;
  const actions = done ? (
    <Button tone="primary" onClick={onApplied} autoFocus>
      Close
    </Button>
  ) : (
    <>
      <Button onClick={running ? cancel : onClose}>Cancel</Button>
      <Button tone="primary" busy={running} onClick={run}>
        Apply
      </Button>
    </>
  );
  return (
    <Dialog title={`Change ${context.component.name}`} onClose={done ? onApplied : onClose} actions={actions}>
      {!update && <Impact affected={affected} />}
      {!update && affected.length > 0 && <Consequences context={context} draft={draft} />}
      {update && <Steps steps={stepsOf(update, !running)} />}
      {done && <p>The new values are in force.</p>}
      {error && (
        <p className="callout" data-tone="danger" role="alert">
          {error}
        </p>
      )}
    </Dialog>
  );
}

function Impact({ affected }: { readonly affected: readonly AffectedComponentEntity[] }) {
  const restarted = affected.filter(isAtWork);
  if (affected.length === 0) return <p>No component refers to what you have changed.</p>;
  return (
    <>
      <p>
        {restarted.length === 0
          ? 'No component has to be stopped for it.'
          : `${formatNumberOf(restarted.length, 'component')} will be stopped and started again. What is queued stays.`}
      </p>
      <ul className="affected">
        {affected.map((each) => (
          <li key={each.id}>
            <strong>{each.component.name}</strong>
            <small>
              {sentenceCase(each.component.state)}
              {each.processGroup && ` · ${each.processGroup.name}`}
            </small>
          </li>
        ))}
      </ul>
    </>
  );
}

/** What would be invalid with the new values and is not now, and what they would mend. */
function Consequences({ context, draft }: Pick<UpdateDialogProps, 'context' | 'draft'>) {
  const { data: impacts, error } = useValidation(context, changeOf(draft));
  if (error) return <p className="faint">Whether components stay valid could not be found out: {error.message}</p>;
  if (!impacts) return <p role="status">Looking whether components stay valid …</p>;
  const broken = impacts.filter(({ component }) => component.currentlyValid && !component.resultsValid);
  const mended = impacts.filter(({ component }) => !component.currentlyValid && component.resultsValid);
  return (
    <>
      {broken.length > 0 && (
        <div className="callout" data-tone="warning" role="alert">
          <p>{formatNumberOf(broken.length, 'component')} would become invalid, and not start again:</p>
          <ul className="problems">
            {broken.map(({ id, component: { name, resultantValidationErrors } }) => (
              <li key={id}>
                <strong>{name}</strong>: {resultantValidationErrors.join('; ')}
              </li>
            ))}
          </ul>
        </div>
      )}
      {broken.length === 0 && <p>No component becomes invalid.</p>}
      {mended.length > 0 && <p>Valid with it: {mended.map(({ component }) => component.name).join(', ')}.</p>}
    </>
  );
}

function useUpdate(context: ParameterContextEntity, draft: Draft) {
  const client = useQueryClient();
  const [update, setUpdate] = useState<UpdateRequest>();
  const [error, setError] = useState<string>();
  const [running, setRunning] = useState(false);
  const requestId = useRef<string>(undefined);
  const cancelled = useRef(false);
  const ending = useRef<Promise<UpdateRequest | undefined>>(undefined);
  const run = async () => {
    setRunning(true);
    setError(undefined);
    cancelled.current = false;
    try {
      const onStep = (step: UpdateRequest): void => {
        requestId.current = step.requestId;
        setUpdate(step);
      };
      await runUpdate(client, context, changeOf(draft), onStep, () => cancelled.current);
    } catch (failure) {
      const ended = await ending.current;
      // Too late to cancel it.
      if (ended && hasChanged(ended)) setUpdate({ ...ended, complete: true });
      else if (cancelled.current) setError('Cancelled. What was stopped is started again, and the parameters are as they were.');
      else setError(failure instanceof Error ? failure.message : String(failure));
    } finally {
      ending.current = undefined;
      setRunning(false);
    }
  };
  const cancel = () => {
    cancelled.current = true;
    if (requestId.current) ending.current = endUpdate(context.id, requestId.current).catch(() => undefined);
  };
  return { update, error, running, run: () => void run(), cancel };
}
