import { useState } from 'react';
import { componentPath } from '../api/components.ts';
import type { ProcessorConfig, ProcessorEntity, PropertyDescriptorDto } from '../api/shapes.ts';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import { type Edit, useEdit } from '../shared/edit/use-edit.ts';
import { shortType } from '../shared/format.ts';
import { Problems } from '../shared/problems.tsx';
import { sortProblems } from '../shared/properties/model.ts';
import { propertiesIn } from '../shared/properties/property-fields.ts';
import type { PropertyOwner } from '../shared/properties/property-editing.ts';
import { PropertyTable } from '../shared/properties/property-table.tsx';
import { Verification } from '../shared/properties/verification.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { useViewChange } from '../shared/views.ts';
import { TypeDocumentation } from '../shared/type-documentation.tsx';
import { Loaded } from './loaded.tsx';
import { fieldName, processorMapping } from './processor-fields.ts';
import { obstacleIn } from './processor-obstacles.ts';
import { RelationshipsTab } from './relationships-tab.tsx';
import { SchedulingTab } from './scheduling-tab.tsx';
import { SettingsTab } from './settings-tab.tsx';
import { StopToConfigure } from './stop-to-configure.tsx';
import type { ConfigureProps } from './view-props.ts';

export function ProcessorDialog({ id, groupId, tab, onClose }: ConfigureProps) {
  return (
    <Loaded<ProcessorEntity> path={componentPath('processor', id)} what="Processor" onClose={onClose}>
      {(entity) => <Configuration entity={entity} groupId={groupId} tab={tab} onClose={onClose} />}
    </Loaded>
  );
}

type TabKey = 'properties' | 'scheduling' | 'relationships' | 'settings' | 'verify' | 'documentation';
const TITLES: Readonly<Record<TabKey, string>> = {
  properties: 'Properties',
  scheduling: 'Scheduling',
  relationships: 'Relationships',
  settings: 'Settings',
  verify: 'Verification',
  documentation: 'Documentation',
};
const TABS = (Object.keys(TITLES) as TabKey[]).map((key) => ({ key, title: TITLES[key] }));

interface ConfigurationProps {
  readonly entity: ProcessorEntity;
  readonly groupId: string;
  readonly tab?: string;
  readonly onClose: () => void;
}

const isActive = ({ component, physicalState }: ProcessorEntity): boolean => component.state === 'RUNNING' || (physicalState !== 'STOPPED' && physicalState !== 'DISABLED');

function Configuration({ entity, groupId, tab: first, onClose }: ConfigurationProps) {
  const change = useViewChange();
  const tab = TABS.find(({ key }) => key === first)?.key ?? 'properties';
  const [added, setAdded] = useState<Readonly<Record<string, PropertyDescriptorDto>>>({});
  const edit = useEdit(componentPath('processor', entity.id), entity, processorMapping);
  const { component } = entity;
  const locked = isActive(entity);
  const owner: PropertyOwner = {
    id: entity.id,
    path: componentPath('processor', entity.id),
    name: component.name,
    groupId,
    readOnly: locked,
    allowsDynamic: component.supportsSensitiveDynamicProperties,
    allowsSensitiveDynamic: component.supportsSensitiveDynamicProperties,
  };
  return (
    <EditDialog
      title={component.name}
      subtitle={`${shortType(component.type)} ${component.bundle.version}`}
      edit={edit}
      nameOf={fieldName}
      obstacle={obstacleIn(edit.fields)}
      locked={locked && <StopToConfigure groupId={groupId} kind="processor" id={entity.id} name={component.name} />}
      onClose={onClose}
    >
      <Remaining entity={entity} />
      <Tabs label={`Configuration of ${component.name}`} tabs={TABS} current={tab} onChange={(key) => change({ tab: key })}>
        <TabContent tab={tab} entity={entity} edit={edit} owner={owner} added={added} onAdd={(descriptor) => setAdded((old) => ({ ...old, [descriptor.name]: descriptor }))} />
      </Tabs>
    </EditDialog>
  );
}

/** What is wrong beside the properties, such as a relationship that leads nowhere. */
function Remaining({ entity: { component } }: { readonly entity: ProcessorEntity }) {
  const { others } = sortProblems(component.validationErrors ?? [], (component.config as ProcessorConfig).descriptors);
  return <Problems problems={others} />;
}

interface TabContentProps {
  readonly tab: TabKey;
  readonly entity: ProcessorEntity;
  readonly edit: Edit<ProcessorEntity>;
  readonly owner: PropertyOwner;
  readonly added: Readonly<Record<string, PropertyDescriptorDto>>;
  readonly onAdd: (descriptor: PropertyDescriptorDto) => void;
}

function TabContent({ tab, entity, edit, owner, added, onAdd }: TabContentProps) {
  const { component } = entity;
  const { descriptors } = component.config as ProcessorConfig;
  if (tab === 'settings') return <SettingsTab edit={edit} entity={entity} readOnly={owner.readOnly} />;
  if (tab === 'scheduling') return <SchedulingTab edit={edit} component={component} readOnly={owner.readOnly} />;
  if (tab === 'relationships') return <RelationshipsTab edit={edit} component={component} readOnly={owner.readOnly} />;
  if (tab === 'verify') return <Verification owner={owner} properties={propertiesIn(edit.changed)} />;
  if (tab === 'documentation') return <TypeDocumentation kind="processor" type={component.type} bundle={component.bundle} />;
  return <PropertyTable owner={owner} descriptors={descriptors} edit={edit} added={added} onAdd={onAdd} />;
}
