import type { ParameterContextEntity } from '../api/parameters.ts';
import { Field } from '../shared/field.tsx';
import { formatNumberOf } from '../shared/format.ts';
import { EmptyState } from '../shared/message.tsx';
import { OrderedList } from '../shared/ordered-list.tsx';
import { Select } from '../shared/select.tsx';
import { type Draft, heritable } from './draft.ts';

interface InheritanceProps {
  readonly context: ParameterContextEntity;
  readonly contexts: readonly ParameterContextEntity[];
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

/** From which contexts this one takes parameters that it has not itself; the first that has one counts. */
export function Inheritance({ context, contexts, draft, onChange }: InheritanceProps) {
  const stored = context.component.inheritedParameterContexts.map(({ id }) => id);
  const ids = draft.inherited ?? stored;
  const byId = new Map(contexts.map((each) => [each.id, each]));
  const nameOf = (id: string): string => byId.get(id)?.component.name ?? id;
  const set = (next: readonly string[]) => onChange({ ...draft, inherited: next.join() === stored.join() ? undefined : next });
  const rest = heritable(context, contexts).filter(({ id }) => !ids.includes(id));
  return (
    <div className="inheritance">
      {ids.length === 0 && (
        <EmptyState icon="sliders" title="Inherits nothing">
          A context that inherits from others has their parameters, too. Its own come before theirs.
        </EmptyState>
      )}
      <OrderedList
        label="Inherited parameter contexts"
        items={ids}
        keyOf={(id) => id}
        nameOf={nameOf}
        noteOf={(id) => formatNumberOf(byId.get(id)?.component.parameters.length ?? 0, 'parameter')}
        onChange={set}
      />
      {rest.length > 0 && (
        <Field label="Inherit from" hint="The order counts: of two with the same parameter, the upper one. Drag, or press Alt with an arrow.">
          {({ id }) => (
            <Select
              id={id}
              value={undefined}
              placeholder="Choose a parameter context"
              choices={rest.map(({ id: value, component }) => ({ value, label: component.name, note: component.description }))}
              onChange={(next) => set([...ids, next])}
            />
          )}
        </Field>
      )}
    </div>
  );
}
