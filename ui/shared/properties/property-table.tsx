import { useMemo, useState } from 'react';
import { fetchDescriptor } from '../../api/properties.ts';
import { Button } from '../button.tsx';
import { Check } from '../field.tsx';
import { EmptyState } from '../message.tsx';
import { noticeFailed } from '../notices.ts';
import type { Edit } from '../edit/use-edit.ts';
import type { Editable } from '../../api/editing.ts';
import type { PropertyDescriptorDto } from '../../api/shapes.ts';
import { type Descriptors, refusalOfName, shownDescriptors } from './model.ts';
import { type PropertyEditing, PropertyEditingProvider, type PropertyOwner, useProblems, usePropertyEditing, useVocabulary } from './property-editing.ts';
import { PROPERTY, propertiesIn, SENSITIVE } from './property-fields.ts';
import { PropertyRow } from './property-row.tsx';
import './properties.css';

interface PropertyTableProps<E extends Editable> {
  readonly owner: PropertyOwner;
  readonly descriptors: Descriptors;
  readonly edit: Edit<E>;
  /** Descriptors of properties that were added and are not stored yet; kept by whoever keeps the edit. */
  readonly added: Descriptors;
  readonly onAdd: (descriptor: PropertyDescriptorDto) => void;
}

/** Configures any component that has properties, as its descriptors say. */
export function PropertyTable<E extends Editable>({ owner, descriptors: declared, edit, added, onAdd }: PropertyTableProps<E>) {
  const descriptors = useMemo(() => ({ ...added, ...declared }), [added, declared]);
  const { fields, changed } = edit;
  const values = useMemo(() => propertiesIn(fields), [fields]);
  const edits = useMemo(() => propertiesIn(changed), [changed]);
  const problems = useProblems(owner, descriptors, values, edits, changed[SENSITIVE] as readonly string[] | undefined);
  const words = useVocabulary(owner);
  const editing: PropertyEditing = {
    owner,
    descriptors,
    values,
    changed: new Set(Object.keys(edits)),
    problems,
    ...words,
    set: (name, value) => edit.set(PROPERTY + name, value),
    reset: (name) => edit.reset(PROPERTY + name),
    add: (descriptor) => {
      onAdd(descriptor);
      edit.set(PROPERTY + descriptor.name, '');
      const sensitive = edit.value<readonly string[] | undefined>(SENSITIVE) ?? [];
      if (descriptor.sensitive) edit.set(SENSITIVE, [...sensitive, descriptor.name]);
    },
  };
  return (
    <PropertyEditingProvider value={editing}>
      <Rows />
    </PropertyEditingProvider>
  );
}

function Rows() {
  const { owner, descriptors, values, problems } = usePropertyEditing();
  const shown = shownDescriptors(descriptors, values);
  return (
    <div className="property-table">
      {problems.others.length > 0 && (
        <ul className="callout" data-tone="warning">
          {problems.others.map((problem) => (
            <li key={problem}>{problem}</li>
          ))}
        </ul>
      )}
      {shown.length === 0 && (
        <EmptyState icon="gear" title="No properties">
          {owner.allowsDynamic ? 'Add the first one below.' : 'This type has nothing to configure.'}
        </EmptyState>
      )}
      {shown.map((descriptor) => (
        <PropertyRow key={descriptor.name} descriptor={descriptor} />
      ))}
      {owner.allowsDynamic && !owner.readOnly && <AddProperty />}
    </div>
  );
}

function AddProperty() {
  const { owner, descriptors, values, add } = usePropertyEditing();
  const [name, setName] = useState('');
  const [sensitive, setSensitive] = useState(false);
  const refusal = name === '' ? undefined : refusalOfName(name, descriptors, values);
  const submit = async () => {
    if (name === '' || refusal) return;
    try {
      add(await fetchDescriptor(owner.path, name, sensitive));
      setName('');
      setSensitive(false);
    } catch (error) {
      noticeFailed(`Property '${name}' could not be added.`, error);
    }
  };
  return (
    <div className="property-add">
      <input
        className="input"
        aria-label="Name of a new property"
        aria-invalid={refusal ? true : undefined}
        placeholder="Name of a new property"
        value={name}
        onChange={(event) => setName(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter') return;
          event.preventDefault();
          void submit();
        }}
      />
      {owner.allowsSensitiveDynamic && <Check label="Sensitive" checked={sensitive} onChange={setSensitive} />}
      <Button icon="plus" disabled={name === '' || refusal !== undefined} onClick={() => void submit()}>
        Add property
      </Button>
      {refusal && (
        <p className="field-note" data-tone="danger" role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}
