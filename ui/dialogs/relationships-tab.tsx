import type { ProcessorEntity } from '../api/shapes.ts';
import type { Edit } from '../shared/edit/use-edit.ts';
import { Field, TextField } from '../shared/field.tsx';
import { EmptyState } from '../shared/message.tsx';
import { Select } from '../shared/select.tsx';
import { problemIn } from './processor-obstacles.ts';

interface RelationshipsTabProps {
  readonly edit: Edit<ProcessorEntity>;
  readonly component: ProcessorEntity['component'];
  readonly readOnly: boolean;
}

const BACKOFFS = [
  { value: 'PENALIZE_FLOWFILE', label: 'Penalize the FlowFile', note: 'Others go on; this one waits longer each time' },
  { value: 'YIELD_PROCESSOR', label: 'Yield the processor', note: 'Everything waits, so that the order is kept' },
];

export function RelationshipsTab({ edit, component: { relationships }, readOnly }: RelationshipsTabProps) {
  const terminated = edit.value<readonly string[]>('autoTerminatedRelationships');
  const retried = edit.value<readonly string[]>('retriedRelationships');
  const toggle = (key: string, names: readonly string[], name: string, on: boolean) => edit.set(key, on ? [...names, name].sort() : names.filter((each) => each !== name));
  if (relationships.length === 0)
    return (
      <EmptyState icon="branch" title="No relationships">
        FlowFiles end here.
      </EmptyState>
    );
  return (
    <>
      <table className="relationship-table">
        <thead>
          <tr>
            <th scope="col">Relationship</th>
            <th scope="col">Terminate</th>
            <th scope="col">Retry</th>
          </tr>
        </thead>
        <tbody>
          {relationships.map(({ name, description }) => (
            <tr key={name}>
              <th scope="row">
                {name}
                <small>{description}</small>
              </th>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Terminate ${name}`}
                  checked={terminated.includes(name)}
                  disabled={readOnly}
                  onChange={(event) => toggle('autoTerminatedRelationships', terminated, name, event.target.checked)}
                />
              </td>
              <td>
                <input
                  type="checkbox"
                  aria-label={`Retry ${name}`}
                  checked={retried.includes(name)}
                  disabled={readOnly}
                  onChange={(event) => toggle('retriedRelationships', retried, name, event.target.checked)}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {retried.length > 0 && <Retry edit={edit} readOnly={readOnly} />}
    </>
  );
}

function Retry({ edit, readOnly }: Pick<RelationshipsTabProps, 'edit' | 'readOnly'>) {
  const { fields, set } = edit;
  return (
    <section className="form-grid" aria-label="Retry">
      <h3>Retry</h3>
      <TextField
        label="Number of retries"
        inputMode="numeric"
        hint="After so many, the FlowFile goes to the relationship"
        value={String(edit.value<number>('retryCount') ?? '')}
        onChange={(value) => set('retryCount', /^\d+$/.test(value) ? Number(value) : value)}
        error={problemIn(fields, 'retryCount')}
        disabled={readOnly}
      />
      <TextField
        label="Longest back-off"
        hint="The wait doubles each time, up to this"
        value={edit.value<string>('maxBackoffPeriod')}
        onChange={(value) => set('maxBackoffPeriod', value)}
        error={problemIn(fields, 'maxBackoffPeriod')}
        disabled={readOnly}
      />
      <Field label="Back-off">
        {({ id }) => <Select id={id} value={edit.value<string>('backoffMechanism')} choices={BACKOFFS} onChange={(value) => set('backoffMechanism', value)} disabled={readOnly} />}
      </Field>
    </section>
  );
}
