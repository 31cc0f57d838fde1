import { useMutation } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { applyParameters, fetchParameters, type GroupConfigurationDto } from '../api/controller-level.ts';
import { useConfigurationChanged } from '../api/editing.ts';
import type { UpdateRequest } from '../api/parameters.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Check, TextField } from '../shared/field.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { EmptyState, Failure, Loading } from '../shared/message.tsx';
import { Steps } from '../shared/steps.tsx';
import { stepsOf } from '../shared/update-steps.ts';

interface FetchDialogProps {
  readonly id: string;
  readonly name: string;
  readonly onClose: () => void;
}

/** Fetches parameters from a provider, lets one choose which are sensitive, and writes them into parameter contexts. */
export function FetchDialog({ id, name, onClose }: FetchDialogProps) {
  const [groups, setGroups] = useState<readonly GroupConfigurationDto[]>();
  const [update, setUpdate] = useState<UpdateRequest>();
  const changed = useConfigurationChanged();
  const fetching = useMutation({ mutationFn: () => fetchParameters(id), onSuccess: ({ component }) => setGroups(component.parameterGroupConfigurations) });
  const applying = useMutation({ mutationFn: (chosen: readonly GroupConfigurationDto[]) => applyParameters(id, chosen, setUpdate), onSettled: () => changed() });
  const { mutate } = fetching;
  useEffect(() => mutate(), [mutate]);
  const done = applying.isSuccess;
  const actions = done ? (
    <Button tone="primary" onClick={onClose} autoFocus>
      Close
    </Button>
  ) : (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" busy={applying.isPending} disabled={!groups?.some(({ synchronized }) => synchronized)} onClick={() => groups && applying.mutate(groups)}>
        Apply
      </Button>
    </>
  );
  return (
    <Dialog title={`Parameters of ${name}`} subtitle="Values stay on the server and are never shown here" size="large" onClose={onClose} actions={actions}>
      {update && <Steps steps={stepsOf(update)} />}
      {!update &&
        groups?.map((group, index) => <Group key={group.groupName} group={group} onChange={(next) => setGroups(groups.map((each, at) => (at === index ? next : each)))} />)}
      {groups?.length === 0 && (
        <EmptyState icon="sliders" title="Nothing was found">
          The provider has no parameters that its configuration lets through.
        </EmptyState>
      )}
      {!groups && (fetching.error ? <Failure title="The parameters could not be fetched" error={fetching.error} onRetry={() => mutate()} /> : <Loading>Fetching</Loading>)}
      {applying.error && (
        <p className="callout" data-tone="danger" role="alert">
          {applying.error.message}
        </p>
      )}
    </Dialog>
  );
}

function Group({ group, onChange }: { readonly group: GroupConfigurationDto; readonly onChange: (group: GroupConfigurationDto) => void }) {
  const { groupName, parameterContextName, parameterSensitivities, synchronized } = group;
  const names = Object.keys(parameterSensitivities).sort();
  const set = (each: readonly string[], sensitive: boolean) =>
    onChange({
      ...group,
      parameterSensitivities: { ...parameterSensitivities, ...Object.fromEntries(each.map((name) => [name, sensitive ? 'SENSITIVE' : 'NON_SENSITIVE'] as const)) },
    });
  return (
    <section className="fetched-group" aria-label={groupName}>
      <Check label={`Group ${groupName}`} note={formatNumberOf(names.length, 'parameter')} checked={synchronized} onChange={(on) => onChange({ ...group, synchronized: on })} />
      {synchronized && (
        <>
          <TextField label="Parameter context" value={parameterContextName} onChange={(value) => onChange({ ...group, parameterContextName: value })} />
          <div className="fetched-head">
            <span className="field-label">Sensitive</span>
            <Button size="small" tone="quiet" onClick={() => set(names, true)}>
              All
            </Button>
            <Button size="small" tone="quiet" onClick={() => set(names, false)}>
              None
            </Button>
          </div>
          <div className="fetched-parameters">
            {names.map((name) => (
              <Check key={name} label={name} checked={parameterSensitivities[name] === 'SENSITIVE'} onChange={(on) => set([name], on)} />
            ))}
          </div>
        </>
      )}
    </section>
  );
}
