import { componentPath } from '../api/components.ts';
import type { PortEntity } from '../api/shapes.ts';
import { countProblem } from '../shared/durations.ts';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import type { Fields } from '../shared/edit/fields.ts';
import { type FieldMapping, useEdit } from '../shared/edit/use-edit.ts';
import { Field, TextArea, TextField } from '../shared/field.tsx';
import { Select } from '../shared/select.tsx';
import { Loaded } from './loaded.tsx';
import { StopToConfigure } from './stop-to-configure.tsx';
import type { ConfigureProps } from './view-props.ts';

const NAMES: Readonly<Record<string, string>> = { name: 'Name', concurrentlySchedulableTaskCount: 'Concurrent tasks', portFunction: 'Function', comments: 'Comments' };

const mapping: FieldMapping<PortEntity> = {
  read: ({ component }) => Object.fromEntries(Object.keys(NAMES).map((key) => [key, component[key as keyof typeof component]])) as Fields,
  write: (changed) => changed,
};

const FUNCTIONS = [
  { value: 'STANDARD', label: 'Standard' },
  { value: 'FAILURE', label: 'Failure', note: 'What comes here counts as failed in a stateless group' },
];

export function PortDialog({ kind, id, groupId, onClose }: ConfigureProps) {
  const path = componentPath(kind, id);
  return (
    <Loaded<PortEntity> path={path} what="Port" onClose={onClose}>
      {(entity) => <Configuration entity={entity} path={path} kind={kind as 'input-port' | 'output-port'} groupId={groupId} onClose={onClose} />}
    </Loaded>
  );
}

interface ConfigurationProps {
  readonly entity: PortEntity;
  readonly path: string;
  readonly kind: 'input-port' | 'output-port';
  readonly groupId: string;
  readonly onClose: () => void;
}

function Configuration({ entity, path, kind, groupId, onClose }: ConfigurationProps) {
  const edit = useEdit(path, entity, mapping);
  const running = entity.component.state === 'RUNNING';
  const noName = edit.value<string>('name').trim() === '' ? 'The name must not be empty' : undefined;
  const badCount = countProblem(edit.fields.concurrentlySchedulableTaskCount, 1);
  return (
    <EditDialog
      title={entity.component.name}
      subtitle={kind === 'input-port' ? 'Input port' : 'Output port'}
      size="large"
      edit={edit}
      nameOf={(key) => NAMES[key] ?? key}
      obstacle={noName ?? badCount}
      locked={running && <StopToConfigure groupId={groupId} kind={kind} id={entity.id} name={entity.component.name} />}
      onClose={onClose}
    >
      <div className="form-grid">
        <div className="wide">
          <TextField label="Name" value={edit.value<string>('name')} onChange={(value) => edit.set('name', value)} error={noName} disabled={running} />
        </div>
        <TextField
          label="Concurrent tasks"
          inputMode="numeric"
          value={String(edit.value<number>('concurrentlySchedulableTaskCount'))}
          onChange={(value) => edit.set('concurrentlySchedulableTaskCount', /^\d+$/.test(value) ? Number(value) : value)}
          error={badCount}
          disabled={running}
        />
        <Field label="Function">
          {(control) => (
            <Select id={control.id} value={edit.value<string>('portFunction')} choices={FUNCTIONS} onChange={(value) => edit.set('portFunction', value)} disabled={running} />
          )}
        </Field>
        <div className="wide">
          <TextArea label="Comments" value={edit.value<string>('comments')} onChange={(value) => edit.set('comments', value)} disabled={running} />
        </div>
      </div>
    </EditDialog>
  );
}
