import { useEffect, useRef, useState } from 'react';
import { useConfigurationChanged } from '../api/editing.ts';
import { type ActivationStep, allReferences, disableService, enableService } from '../api/service-activation.ts';
import type { ControllerServiceEntity } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { Steps } from '../shared/steps.tsx';
import { References } from './references.tsx';

interface ActivationProps {
  readonly service: ControllerServiceEntity;
  readonly onClose: () => void;
}

/** Enables or disables a service, with what uses it, and shows how far it is. */
export function Activation({ service, onClose }: ActivationProps) {
  // What is to be done does not turn round while it is being done.
  const [enabling] = useState(service.component.state === 'DISABLED');
  const [withReferences, setWithReferences] = useState(false);
  const { steps, error, running, done, run, cancel } = useActivation(service.id, enabling, withReferences);
  const { name, referencingComponents } = service.component;
  const users = allReferences(referencingComponents);
  const verb = enabling ? 'Enable' : 'Disable';
  const actions = done ? (
    <Button tone="primary" onClick={onClose} autoFocus>
      Close
    </Button>
  ) : (
    <>
      <Button onClick={running ? cancel : onClose}>{running ? 'Stop waiting' : 'Cancel'}</Button>
      <Button tone="primary" busy={running} onClick={run}>
        {verb}
      </Button>
    </>
  );
  return (
    <Dialog title={`${verb} ${name}`} onClose={onClose} actions={actions}>
      {!steps && enabling && <Scope users={users.length} withReferences={withReferences} onChange={setWithReferences} />}
      {!steps && !enabling && users.length > 0 && <p>What uses it is stopped first, and stays stopped.</p>}
      {!steps && users.length > 0 && <References references={referencingComponents} />}
      {steps && <Steps steps={steps} />}
      {error && (
        <p className="callout" data-tone="danger" role="alert">
          {error}
        </p>
      )}
    </Dialog>
  );
}

function Scope({ users, withReferences, onChange }: { readonly users: number; readonly withReferences: boolean; readonly onChange: (on: boolean) => void }) {
  return (
    <fieldset className="check-list" aria-label="Scope">
      <label className="check">
        <input type="radio" name="scope" checked={!withReferences} onChange={() => onChange(false)} />
        <span>Service only</span>
      </label>
      <label className="check">
        <input type="radio" name="scope" checked={withReferences} disabled={users === 0} onChange={() => onChange(true)} />
        <span>
          Service and referencing components
          <small>{users === 0 ? 'Nothing uses it' : `${formatNumberOf(users, 'component')} will be enabled and started`}</small>
        </span>
      </label>
    </fieldset>
  );
}

function useActivation(id: string, enabling: boolean, references: boolean) {
  const [steps, setSteps] = useState<readonly ActivationStep[]>();
  const [error, setError] = useState<string>();
  const [running, setRunning] = useState(false);
  const abort = useRef<AbortController>(undefined);
  const changed = useConfigurationChanged();
  useEffect(() => () => abort.current?.abort(), []);
  const run = async () => {
    const controller = new AbortController();
    abort.current = controller;
    setRunning(true);
    setError(undefined);
    try {
      await (enabling ? enableService(id, references, controller.signal, setSteps) : disableService(id, controller.signal, setSteps));
    } catch (failure) {
      setError(controller.signal.aborted ? 'The server goes on; nobody waits for it here.' : failure instanceof Error ? failure.message : String(failure));
    } finally {
      setRunning(false);
      void changed();
    }
  };
  const done = steps?.every(({ state }) => state === 'done');
  return { steps, error, running, done, run: () => void run(), cancel: () => abort.current?.abort(new Error('cancelled')) };
}
