import { useState } from 'react';
import { hasKeyPair, type KeyPairAnswer, type KeySlot, useGenerateKeyPair } from '../api/key-pairs.ts';
import type { ControllerServiceEntity } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { TextArea } from '../shared/field.tsx';

/** Opens the generation of a key pair, where the service logs in by one. */
export function KeyPairButton({ service, disabled }: { readonly service: ControllerServiceEntity; readonly disabled: boolean }) {
  const [isOpen, setOpen] = useState(false);
  if (!hasKeyPair(service)) return null;
  return (
    <>
      <Button icon="lock" disabled={disabled} title={disabled ? 'Disable the service and apply your changes first' : undefined} onClick={() => setOpen(true)}>
        Generate key pair
      </Button>
      {isOpen && <KeyPairDialog service={service} onClose={() => setOpen(false)} />}
    </>
  );
}

function KeyPairDialog({ service, onClose }: { readonly service: ControllerServiceEntity; readonly onClose: () => void }) {
  const hasKey = Boolean(service.component.properties?.['Private Key']);
  const [slot, setSlot] = useState<KeySlot>(hasKey ? 'second' : 'first');
  const { mutate, data, error, isPending } = useGenerateKeyPair(service);
  const actions = data ? (
    <Button tone="primary" onClick={onClose}>
      Done
    </Button>
  ) : (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={isPending} onClick={() => mutate(slot)}>
        Generate
      </Button>
    </>
  );
  return (
    <Dialog title="Generate key pair" subtitle={service.component.name} size="large" onClose={onClose} actions={actions}>
      {data ? <Instruction answer={data} /> : <SlotChoice slot={slot} hasKey={hasKey} onChange={setSlot} />}
      {error && (
        <p className="callout" data-tone="danger" role="alert">
          {error.message}
        </p>
      )}
    </Dialog>
  );
}

function SlotChoice({ slot, hasKey, onChange }: { readonly slot: KeySlot; readonly hasKey: boolean; readonly onChange: (slot: KeySlot) => void }) {
  const choice = (value: KeySlot, name: string, note: string) => (
    <label className="check">
      <input type="radio" name="slot" checked={slot === value} onChange={() => onChange(value)} />
      <span>
        {name}
        <small>{note}</small>
      </span>
    </label>
  );
  return (
    <>
      <p>The private key goes into the service and never leaves the server.</p>
      {hasKey && <p>The key that is used now stays good until Snowflake knows the new one. Choose the place that it does not have: both are valid.</p>}
      <fieldset className="check-list" aria-label="Place of the public key">
        {choice('first', 'RSA_PUBLIC_KEY', 'The first key of the user')}
        {choice('second', 'RSA_PUBLIC_KEY_2', 'The second one, for replacing the first without a pause')}
      </fieldset>
    </>
  );
}

function Instruction({ answer }: { readonly answer: KeyPairAnswer }) {
  return (
    <>
      <p>Run this in Snowflake as somebody who may alter the user, then enable the service.</p>
      <TextArea label="Statement" rows={7} readOnly value={answer.instruction} onChange={() => undefined} onFocus={(event) => event.target.select()} />
      <p>
        DESCRIBE USER then shows the fingerprint <code>{answer.fingerprint}</code>
      </p>
    </>
  );
}
