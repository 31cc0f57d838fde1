import { componentPath } from '../api/components.ts';
import { useParameterContexts } from '../api/parameters.ts';
import type { ProcessGroupEntity } from '../api/shapes.ts';
import { Button } from '../shared/button.tsx';
import { countProblem, durationProblem, sizeProblem } from '../shared/durations.ts';
import { EditDialog } from '../shared/edit/edit-dialog.tsx';
import type { Fields } from '../shared/edit/fields.ts';
import { type Edit, type FieldMapping, useEdit } from '../shared/edit/use-edit.ts';
import { Field, TextArea, TextField } from '../shared/field.tsx';
import { Select } from '../shared/select.tsx';
import { openView } from '../shared/views.ts';
import { Loaded } from './loaded.tsx';
import type { ConfigureProps } from './view-props.ts';

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  comments: 'Comments',
  parameterContext: 'Parameter context',
  flowfileConcurrency: 'FlowFile concurrency',
  flowfileOutboundPolicy: 'Outbound policy',
  defaultFlowFileExpiration: 'Default expiration',
  defaultBackPressureObjectThreshold: 'Default back pressure: FlowFiles',
  defaultBackPressureDataSizeThreshold: 'Default back pressure: size',
  executionEngine: 'Execution engine',
  logFileSuffix: 'Log file suffix',
};

const mapping: FieldMapping<ProcessGroupEntity> = {
  read: ({ component }) => ({
    ...(Object.fromEntries(Object.keys(NAMES).map((key) => [key, component[key as keyof typeof component]])) as Fields),
    parameterContext: component.parameterContext?.id ?? null,
  }),
  write: ({ parameterContext, ...rest }) => (parameterContext === undefined ? rest : { ...rest, parameterContext: { id: parameterContext } }),
};

function problemIn(fields: Fields, key: string): string | undefined {
  const text = String(fields[key] ?? '');
  if (key === 'name') return text.trim() === '' ? 'The name must not be empty' : undefined;
  if (key === 'defaultFlowFileExpiration') return durationProblem(text);
  if (key === 'defaultBackPressureDataSizeThreshold') return sizeProblem(text);
  return key === 'defaultBackPressureObjectThreshold' ? countProblem(fields[key]) : undefined;
}

export function GroupDialog({ id, onClose }: ConfigureProps) {
  return (
    <Loaded<ProcessGroupEntity> path={componentPath('group', id)} what="Process group" onClose={onClose}>
      {(entity) => <Configuration entity={entity} onClose={onClose} />}
    </Loaded>
  );
}

function Configuration({ entity, onClose }: { readonly entity: ProcessGroupEntity; readonly onClose: () => void }) {
  const edit = useEdit(componentPath('group', entity.id), entity, mapping);
  const wrong = Object.keys(NAMES).find((key) => problemIn(edit.fields, key));
  return (
    <EditDialog
      title={entity.component.name}
      subtitle="Process group"
      size="large"
      edit={edit}
      nameOf={(key) => NAMES[key] ?? key}
      obstacle={wrong && `${NAMES[wrong]}: ${problemIn(edit.fields, wrong)}`}
      aside={
        <Button icon="plug" onClick={() => openView({ name: 'services', groupId: entity.id })}>
          Controller services
        </Button>
      }
      onClose={onClose}
    >
      <div className="form-grid">
        <div className="wide">
          <TextField label="Name" value={edit.value<string>('name')} onChange={(value) => edit.set('name', value)} error={problemIn(edit.fields, 'name')} />
        </div>
        <ContextField edit={edit} />
        <Policies edit={edit} />
        <Defaults edit={edit} />
        <div className="wide">
          <TextArea label="Comments" value={edit.value<string>('comments')} onChange={(value) => edit.set('comments', value)} />
        </div>
      </div>
    </EditDialog>
  );
}

interface PartProps {
  readonly edit: Edit<ProcessGroupEntity>;
}

const NONE = 'none';

function ContextField({ edit }: PartProps) {
  const { data: contexts = [] } = useParameterContexts();
  const id = edit.value<string | null>('parameterContext');
  const choices = [
    { value: NONE, label: 'No parameter context' },
    ...contexts.map(({ id: each, component }) => ({ value: each, label: component.name, note: component.description })),
  ];
  return (
    <div className="wide context-field">
      <Field label="Parameter context" hint="Components of this group may refer to its parameters with #{name}">
        {(control) => <Select id={control.id} value={id ?? NONE} choices={choices} onChange={(value) => edit.set('parameterContext', value === NONE ? null : value)} />}
      </Field>
      <Button icon="sliders" onClick={() => openView({ name: 'parameter-contexts', id: id ?? undefined })}>
        {id ? 'Edit parameters' : 'New parameter context'}
      </Button>
    </div>
  );
}

const CONCURRENCY = [
  { value: 'UNBOUNDED', label: 'Unbounded', note: 'FlowFiles come in as they are ready' },
  { value: 'SINGLE_FLOWFILE_PER_NODE', label: 'Single FlowFile', note: 'The next one comes in when the group is empty' },
  { value: 'SINGLE_BATCH_PER_NODE', label: 'Single batch', note: 'All that waits comes in when the group is empty' },
];
const OUTBOUND = [
  { value: 'STREAM_WHEN_AVAILABLE', label: 'Stream when available', note: 'FlowFiles leave as they are ready' },
  { value: 'BATCH_OUTPUT', label: 'Batch output', note: 'They leave together when all in the group are done' },
];
const ENGINES = [
  { value: 'INHERITED', label: 'Inherited' },
  { value: 'STANDARD', label: 'Standard' },
  { value: 'STATELESS', label: 'Stateless' },
];

function Policies({ edit }: PartProps) {
  const bounded = edit.value<string>('flowfileConcurrency') !== 'UNBOUNDED';
  return (
    <>
      <Field label="FlowFile concurrency">
        {({ id }) => <Select id={id} value={edit.value<string>('flowfileConcurrency')} choices={CONCURRENCY} onChange={(value) => edit.set('flowfileConcurrency', value)} />}
      </Field>
      <Field label="Outbound policy" hint={bounded ? undefined : 'Counts where FlowFile concurrency is not unbounded'}>
        {({ id }) => (
          <Select
            id={id}
            value={edit.value<string>('flowfileOutboundPolicy')}
            choices={OUTBOUND}
            onChange={(value) => edit.set('flowfileOutboundPolicy', value)}
            disabled={!bounded}
          />
        )}
      </Field>
      <Field label="Execution engine">
        {({ id }) => <Select id={id} value={edit.value<string>('executionEngine')} choices={ENGINES} onChange={(value) => edit.set('executionEngine', value)} />}
      </Field>
      <TextField label="Log file suffix" value={edit.value<string | undefined>('logFileSuffix') ?? ''} onChange={(value) => edit.set('logFileSuffix', value)} />
    </>
  );
}

function Defaults({ edit }: PartProps) {
  const { fields, set } = edit;
  return (
    <>
      <h3>New connections begin with</h3>
      <TextField
        label="FlowFile expiration"
        value={edit.value<string>('defaultFlowFileExpiration')}
        onChange={(value) => set('defaultFlowFileExpiration', value)}
        error={problemIn(fields, 'defaultFlowFileExpiration')}
      />
      <TextField
        label="Back pressure: FlowFiles"
        inputMode="numeric"
        value={String(edit.value<number>('defaultBackPressureObjectThreshold'))}
        onChange={(value) => set('defaultBackPressureObjectThreshold', /^\d+$/.test(value) ? Number(value) : value)}
        error={problemIn(fields, 'defaultBackPressureObjectThreshold')}
      />
      <TextField
        label="Back pressure: size"
        value={edit.value<string>('defaultBackPressureDataSizeThreshold')}
        onChange={(value) => set('defaultBackPressureDataSizeThreshold', value)}
        error={problemIn(fields, 'defaultBackPressureDataSizeThreshold')}
      />
    </>
  );
}
