import { useState } from 'react';
import type { ControllerLevelEntity } from '../api/controller-level.ts';
import { useEditable } from '../api/editing.ts';
import type { PropertyDescriptorDto } from '../api/shapes.ts';
import { Dialog } from '../shared/dialog.tsx';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import { type Edit, useEdit } from '../shared/edit/use-edit.ts';
import { Field, TextArea, TextField } from '../shared/field.tsx';
import { shortType } from '../shared/format.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { propertiesIn } from '../shared/properties/property-fields.ts';
import type { PropertyOwner } from '../shared/properties/property-editing.ts';
import { PropertyTable } from '../shared/properties/property-table.tsx';
import { Verification } from '../shared/properties/verification.tsx';
import { Select } from '../shared/select.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { TypeDocumentation } from '../shared/type-documentation.tsx';
import { componentFieldName, componentMapping } from './component-fields.ts';
import type { ControllerKind } from './kinds.ts';

interface ComponentDialogProps {
  readonly kind: ControllerKind;
  readonly id: string;
  readonly onClose: () => void;
}

/** The configuration of a component outside of all groups. */
export function ComponentDialog({ kind, id, onClose }: ComponentDialogProps) {
  const { data, error, refetch } = useEditable<ControllerLevelEntity>(`${kind.path}/${encodeURIComponent(id)}`);
  if (data) return <Configuration kind={kind} entity={data} onClose={onClose} />;
  return (
    <Dialog title={kind.one} size="large" onClose={onClose}>
      {error ? <Failure title="It could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading</Loading>}
    </Dialog>
  );
}

const TABS = [
  { key: 'properties', title: 'Properties' },
  { key: 'settings', title: 'Settings' },
  { key: 'verify', title: 'Verification' },
  { key: 'documentation', title: 'Documentation' },
] as const;
type TabKey = (typeof TABS)[number]['key'];

function Configuration({ kind, entity, onClose }: { readonly kind: ControllerKind; readonly entity: ControllerLevelEntity; readonly onClose: () => void }) {
  const [tab, setTab] = useState<TabKey>('properties');
  const [added, setAdded] = useState<Readonly<Record<string, PropertyDescriptorDto>>>({});
  const path = `${kind.path}/${encodeURIComponent(entity.id)}`;
  const edit = useEdit(path, entity, componentMapping);
  const { component } = entity;
  const isOn = kind.states !== undefined && component.state === kind.states[0];
  const dynamic = component.supportsSensitiveDynamicProperties ?? false;
  const owner: PropertyOwner = { id: entity.id, path, name: component.name, readOnly: isOn, allowsDynamic: dynamic, allowsSensitiveDynamic: dynamic };
  return (
    <EditDialog
      title={component.name}
      subtitle={`${shortType(component.type)} ${component.bundle.version}`}
      edit={edit}
      nameOf={componentFieldName}
      obstacle={edit.value<string>('name').trim() === '' ? 'The name must not be empty' : undefined}
      locked={isOn && <span>{component.name} is at work. Stop it to change its configuration.</span>}
      onClose={onClose}
    >
      <Tabs label={`Configuration of ${component.name}`} tabs={TABS} current={tab} onChange={setTab}>
        {tab === 'properties' && (
          <PropertyTable
            owner={owner}
            descriptors={component.descriptors ?? {}}
            edit={edit}
            added={added}
            onAdd={(descriptor) => setAdded((old) => ({ ...old, [descriptor.name]: descriptor }))}
          />
        )}
        {tab === 'settings' && <Settings edit={edit} />}
        {tab === 'verify' && <Verification owner={owner} properties={propertiesIn(edit.changed)} />}
        {tab === 'documentation' && <TypeDocumentation kind={kind.documentation} type={component.type} bundle={component.bundle} />}
      </Tabs>
    </EditDialog>
  );
}

const STRATEGIES = [
  { value: 'TIMER_DRIVEN', label: 'Timer driven' },
  { value: 'CRON_DRIVEN', label: 'CRON driven' },
];
const POLICIES = [
  { value: 'WARN', label: 'Warn' },
  { value: 'ENFORCE', label: 'Enforce', note: 'What breaks the rule is invalid' },
];

function Settings({ edit }: { readonly edit: Edit<ControllerLevelEntity> }) {
  const { fields, set } = edit;
  const text = (key: string): string => edit.value<string | undefined>(key) ?? '';
  const notes = 'description' in fields ? 'description' : 'comments';
  return (
    <div className="form-grid">
      <div className="wide">
        <TextField label="Name" value={text('name')} onChange={(value) => set('name', value)} />
      </div>
      {'schedulingPeriod' in fields && (
        <>
          <Field label="Scheduling strategy">
            {({ id }) => <Select id={id} value={text('schedulingStrategy')} choices={STRATEGIES} onChange={(value) => set('schedulingStrategy', value)} />}
          </Field>
          <TextField label="Run schedule" value={text('schedulingPeriod')} onChange={(value) => set('schedulingPeriod', value)} />
        </>
      )}
      {'enforcementPolicy' in fields && (
        <Field label="Enforcement policy">
          {({ id }) => <Select id={id} value={text('enforcementPolicy')} choices={POLICIES} onChange={(value) => set('enforcementPolicy', value)} />}
        </Field>
      )}
      <div className="wide">
        <TextArea label={componentFieldName(notes)} rows={5} value={text(notes)} onChange={(value) => set(notes, value)} />
      </div>
    </div>
  );
}
