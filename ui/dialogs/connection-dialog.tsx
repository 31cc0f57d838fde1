import { componentPath } from '../api/components.ts';
import { usePrioritizers } from '../api/prioritizers.ts';
import type { ConnectionEntity } from '../api/shapes.ts';
import { countProblem, durationProblem, sizeProblem } from '../shared/durations.ts';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import type { Fields } from '../shared/edit/fields.ts';
import { type Edit, type FieldMapping, useEdit } from '../shared/edit/use-edit.ts';
import { Check, Field, TextField } from '../shared/field.tsx';
import { shortType } from '../shared/format.ts';
import { OrderedList } from '../shared/ordered-list.tsx';
import { Select } from '../shared/select.tsx';
import { LoadBalancing, loadBalancingProblem } from './load-balancing.tsx';
import { Loaded } from './loaded.tsx';
import type { ConfigureProps } from './view-props.ts';

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  selectedRelationships: 'Relationships',
  backPressureObjectThreshold: 'Back pressure: FlowFiles',
  backPressureDataSizeThreshold: 'Back pressure: size',
  flowFileExpiration: 'FlowFile expiration',
  prioritizers: 'Prioritizers',
  loadBalanceStrategy: 'Load balance strategy',
  loadBalancePartitionAttribute: 'Partition attribute',
  loadBalanceCompression: 'Load balance compression',
};

const mapping: FieldMapping<ConnectionEntity> = {
  read: ({ component }) => Object.fromEntries(Object.keys(NAMES).map((key) => [key, component[key as keyof typeof component] ?? ''])) as Fields,
  write: (changed) => changed,
};

function problemIn(fields: Fields, key: string): string | undefined {
  if (key === 'backPressureObjectThreshold') return countProblem(fields[key]);
  if (key === 'backPressureDataSizeThreshold') return sizeProblem(String(fields[key]));
  if (key === 'flowFileExpiration') return durationProblem(String(fields[key]));
  if (key === 'loadBalancePartitionAttribute') return loadBalancingProblem(fields);
  return undefined;
}

export function ConnectionDialog({ id, onClose }: ConfigureProps) {
  return (
    <Loaded<ConnectionEntity> path={componentPath('connection', id)} what="Connection" onClose={onClose}>
      {(entity) => <Configuration entity={entity} onClose={onClose} />}
    </Loaded>
  );
}

function Configuration({ entity, onClose }: { readonly entity: ConnectionEntity; readonly onClose: () => void }) {
  const edit = useEdit(componentPath('connection', entity.id), entity, mapping);
  const { source, destination, availableRelationships } = entity.component;
  const selected = edit.value<readonly string[]>('selectedRelationships');
  const none = availableRelationships.length > 0 && selected.length === 0 ? 'Choose at least one relationship' : undefined;
  const wrong = Object.keys(NAMES).find((key) => problemIn(edit.fields, key));
  return (
    <EditDialog
      title={entity.status.name || 'Connection'}
      subtitle={`From ${source.name} to ${destination.name}`}
      size="large"
      edit={edit}
      nameOf={(key) => NAMES[key] ?? key}
      obstacle={none ?? (wrong && `${NAMES[wrong]}: ${problemIn(edit.fields, wrong)}`)}
      onClose={onClose}
    >
      <div className="form-grid">
        <div className="wide">
          <TextField
            label="Name"
            placeholder={selected.join(', ')}
            hint="Without a name it goes by its relationships"
            value={edit.value<string>('name')}
            onChange={(value) => edit.set('name', value)}
          />
        </div>
        {availableRelationships.length > 0 && <Relationships edit={edit} available={availableRelationships} running={source.running} problem={none} />}
        <Limits edit={edit} />
        <Prioritizers edit={edit} />
        <LoadBalancing edit={edit} />
      </div>
    </EditDialog>
  );
}

interface PartProps {
  readonly edit: Edit<ConnectionEntity>;
}

interface RelationshipsProps extends PartProps {
  readonly available: readonly string[];
  readonly running: boolean;
  readonly problem: string | undefined;
}

function Relationships({ edit, available, running, problem }: RelationshipsProps) {
  const selected = edit.value<readonly string[]>('selectedRelationships');
  return (
    <fieldset className="wide field">
      <legend className="field-label">Relationships</legend>
      <div className="check-list">
        {available.map((name) => (
          <Check
            key={name}
            label={name}
            checked={selected.includes(name)}
            disabled={running}
            onChange={(on) => edit.set('selectedRelationships', on ? [...selected, name] : selected.filter((each) => each !== name))}
          />
        ))}
      </div>
      {(problem ?? running) && (
        <p className="field-note" data-tone={problem ? 'danger' : undefined}>
          {problem ?? 'They can be changed while the source is stopped.'}
        </p>
      )}
    </fieldset>
  );
}

function Limits({ edit }: PartProps) {
  const { fields, set } = edit;
  return (
    <>
      <h3>Back pressure</h3>
      <TextField
        label="FlowFiles"
        inputMode="numeric"
        hint="The source waits while so many are queued; 0: never"
        value={String(edit.value<number>('backPressureObjectThreshold'))}
        onChange={(value) => set('backPressureObjectThreshold', /^\d+$/.test(value) ? Number(value) : value)}
        error={problemIn(fields, 'backPressureObjectThreshold')}
      />
      <TextField
        label="Size"
        hint="The source waits while so much is queued"
        value={edit.value<string>('backPressureDataSizeThreshold')}
        onChange={(value) => set('backPressureDataSizeThreshold', value)}
        error={problemIn(fields, 'backPressureDataSizeThreshold')}
      />
      <TextField
        label="FlowFile expiration"
        hint="Older FlowFiles are dropped; 0 sec: never"
        value={edit.value<string>('flowFileExpiration')}
        onChange={(value) => set('flowFileExpiration', value)}
        error={problemIn(fields, 'flowFileExpiration')}
      />
    </>
  );
}

function Prioritizers({ edit }: PartProps) {
  const { data: known = [] } = usePrioritizers();
  const chosen = edit.value<readonly string[]>('prioritizers');
  const rest = known.filter(({ type }) => !chosen.includes(type));
  const noteOf = (type: string) => known.find((each) => each.type === type)?.description;
  return (
    <div className="wide field">
      <span className="field-label">Prioritizers</span>
      <OrderedList label="Prioritizers" items={chosen} keyOf={(type) => type} nameOf={shortType} noteOf={noteOf} onChange={(next) => edit.set('prioritizers', next)} />
      {rest.length > 0 && (
        <Field label={chosen.length === 0 ? 'None: first in, first out' : 'The first one decides; the next ones where it does not'}>
          {({ id }) => (
            <Select
              id={id}
              value={undefined}
              placeholder="Add a prioritizer"
              choices={rest.map(({ type, description }) => ({ value: type, label: shortType(type), note: description }))}
              onChange={(type) => edit.set('prioritizers', [...chosen, type])}
            />
          )}
        </Field>
      )}
    </div>
  );
}
