import type { ProcessorEntity } from '../api/shapes.ts';
import { BULLETIN_LEVELS } from '../shared/bulletin-levels.ts';
import type { Edit } from '../shared/edit/use-edit.ts';
import { Field, TextArea, TextField } from '../shared/field.tsx';
import { Select } from '../shared/select.tsx';
import { problemIn } from './processor-obstacles.ts';

interface SettingsTabProps {
  readonly edit: Edit<ProcessorEntity>;
  readonly entity: ProcessorEntity;
  readonly readOnly: boolean;
}

export function SettingsTab({ edit, entity, readOnly }: SettingsTabProps) {
  const { fields, set } = edit;
  return (
    <div className="form-grid">
      <div className="wide">
        <TextField label="Name" value={edit.value<string>('name')} onChange={(value) => set('name', value)} error={problemIn(fields, 'name')} disabled={readOnly} />
      </div>
      <TextField
        label="Penalty duration"
        hint="How long a FlowFile that was penalized is held back"
        value={edit.value<string>('penaltyDuration')}
        onChange={(value) => set('penaltyDuration', value)}
        error={problemIn(fields, 'penaltyDuration')}
        disabled={readOnly}
      />
      <TextField
        label="Yield duration"
        hint="How long it rests after it could not do its work"
        value={edit.value<string>('yieldDuration')}
        onChange={(value) => set('yieldDuration', value)}
        error={problemIn(fields, 'yieldDuration')}
        disabled={readOnly}
      />
      <Field label="Bulletin level" hint="What it reports from this level on is shown as a bulletin">
        {({ id }) => <Select id={id} value={edit.value<string>('bulletinLevel')} choices={BULLETIN_LEVELS} onChange={(value) => set('bulletinLevel', value)} disabled={readOnly} />}
      </Field>
      <div className="field">
        <span className="field-label">Id</span>
        <code className="copyable">{entity.id}</code>
      </div>
      <div className="wide">
        <TextArea label="Comments" rows={5} value={edit.value<string>('comments') ?? ''} onChange={(value) => set('comments', value)} disabled={readOnly} />
      </div>
    </div>
  );
}
