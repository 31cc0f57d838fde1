import { useState } from 'react';
import { servicePath } from '../api/service-activation.ts';
import { useEditable } from '../api/editing.ts';
import type { ControllerServiceEntity, PropertyDescriptorDto } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import { type Edit, useEdit } from '../shared/edit/use-edit.ts';
import { Field, TextArea, TextField } from '../shared/field.tsx';
import { shortType } from '../shared/format.ts';
import { BULLETIN_LEVELS } from '../shared/bulletin-levels.ts';
import { Failure, Loading } from '../shared/message.tsx';
import { propertiesIn } from '../shared/properties/property-fields.ts';
import type { PropertyOwner } from '../shared/properties/property-editing.ts';
import { PropertyTable } from '../shared/properties/property-table.tsx';
import { Verification } from '../shared/properties/verification.tsx';
import { Select } from '../shared/select.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { useViewChange } from '../shared/views.ts';
import { TypeDocumentation } from '../shared/type-documentation.tsx';
import { Activation } from './activation.tsx';
import { KeyPairButton } from './key-pair.tsx';
import { References } from './references.tsx';
import { serviceFieldName, serviceMapping } from './service-fields.ts';
import { ServicePill } from './service-pill.tsx';
import './services.css';

interface ServiceDialogProps {
  readonly id: string;
  readonly tab?: string;
  readonly onClose: () => void;
}

/** The configuration of a controller service. */
export function ServiceDialog({ id, tab, onClose }: ServiceDialogProps) {
  const { data, error, refetch } = useEditable<ControllerServiceEntity>(servicePath(id));
  if (data) return <Configuration entity={data} tab={tab} onClose={onClose} />;
  return (
    <Dialog title="Controller service" size="large" onClose={onClose}>
      {error ? <Failure title="The controller service could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading</Loading>}
    </Dialog>
  );
}

type TabKey = 'properties' | 'settings' | 'references' | 'verify' | 'documentation';
const TITLES: Readonly<Record<TabKey, string>> = { properties: 'Properties', settings: 'Settings', references: 'Used by', verify: 'Verification', documentation: 'Documentation' };
const TABS = (Object.keys(TITLES) as TabKey[]).map((key) => ({ key, title: TITLES[key] }));

function Configuration({ entity, tab: first, onClose }: { readonly entity: ControllerServiceEntity; readonly tab?: string; readonly onClose: () => void }) {
  const change = useViewChange();
  const tab = TABS.find(({ key }) => key === first)?.key ?? 'properties';
  const [added, setAdded] = useState<Readonly<Record<string, PropertyDescriptorDto>>>({});
  const [activating, setActivating] = useState(false);
  const edit = useEdit(servicePath(entity.id), entity, serviceMapping);
  const { component } = entity;
  const isOff = component.state === 'DISABLED';
  const owner: PropertyOwner = {
    id: entity.id,
    path: servicePath(entity.id),
    name: component.name,
    groupId: component.parentGroupId,
    readOnly: !isOff,
    allowsDynamic: component.supportsSensitiveDynamicProperties,
    allowsSensitiveDynamic: component.supportsSensitiveDynamicProperties,
  };
  return (
    <EditDialog
      title={component.name}
      subtitle={
        <>
          {shortType(component.type)} {component.bundle.version} · <ServicePill component={component} />
        </>
      }
      edit={edit}
      nameOf={serviceFieldName}
      obstacle={edit.value<string>('name').trim() === '' ? 'The name must not be empty' : undefined}
      locked={
        !isOff && (
          <span>
            {component.name} is {component.state.toLowerCase()}. Disable it to change its properties.
          </span>
        )
      }
      aside={
        <>
          <KeyPairButton service={entity} disabled={!isOff || edit.isDirty} />
          <Button icon={isOff ? 'bolt' : 'disable'} disabled={edit.isDirty} title={edit.isDirty ? 'Apply your changes first' : undefined} onClick={() => setActivating(true)}>
            {isOff ? 'Enable' : 'Disable'}
          </Button>
        </>
      }
      onClose={onClose}
    >
      <Tabs label={`Configuration of ${component.name}`} tabs={TABS} current={tab} onChange={(key) => change({ tab: key })}>
        <TabContent tab={tab} entity={entity} edit={edit} owner={owner} added={added} onAdd={(descriptor) => setAdded((old) => ({ ...old, [descriptor.name]: descriptor }))} />
      </Tabs>
      {activating && <Activation service={entity} onClose={() => setActivating(false)} />}
    </EditDialog>
  );
}

interface TabContentProps {
  readonly tab: TabKey;
  readonly entity: ControllerServiceEntity;
  readonly edit: Edit<ControllerServiceEntity>;
  readonly owner: PropertyOwner;
  readonly added: Readonly<Record<string, PropertyDescriptorDto>>;
  readonly onAdd: (descriptor: PropertyDescriptorDto) => void;
}

function TabContent({ tab, entity: { component }, edit, owner, added, onAdd }: TabContentProps) {
  if (tab === 'settings') return <Settings edit={edit} />;
  if (tab === 'references') return <References references={component.referencingComponents} />;
  if (tab === 'verify') return <Verification owner={owner} properties={propertiesIn(edit.changed)} />;
  if (tab === 'documentation') return <TypeDocumentation kind="controller-service" type={component.type} bundle={component.bundle} />;
  return <PropertyTable owner={owner} descriptors={component.descriptors ?? {}} edit={edit} added={added} onAdd={onAdd} />;
}

function Settings({ edit }: { readonly edit: Edit<ControllerServiceEntity> }) {
  return (
    <div className="form-grid">
      <TextField label="Name" value={edit.value<string>('name')} onChange={(value) => edit.set('name', value)} />
      <Field label="Bulletin level">
        {({ id }) => <Select id={id} value={edit.value<string>('bulletinLevel')} choices={BULLETIN_LEVELS} onChange={(value) => edit.set('bulletinLevel', value)} />}
      </Field>
      <div className="wide">
        <TextArea label="Comments" rows={5} value={edit.value<string>('comments') ?? ''} onChange={(value) => edit.set('comments', value)} />
      </div>
    </div>
  );
}
