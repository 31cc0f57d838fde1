import { useState } from 'react';
import type { PropertyDescriptorDto } from '../../api/shapes.ts';
import { IconButton } from '../button.tsx';
import { CodeEditor } from '../editor/code-editor.tsx';
import { Select } from '../select.tsx';
import { openView } from '../views.ts';
import { controlOf, hasReference, MASK } from './model.ts';
import { NewService } from './new-service.tsx';
import { usePropertyEditing } from './property-editing.ts';

interface ControlProps {
  readonly descriptor: PropertyDescriptorDto;
  readonly value: string | null;
  readonly invalid: boolean;
}

/** What a property is edited with. */
export function PropertyControl(props: ControlProps) {
  const control = controlOf(props.descriptor);
  if (control === 'secret') return <SecretControl {...props} />;
  const isReference = props.value !== null && hasReference(props.value);
  if (control === 'service' && !isReference) return <ServiceControl {...props} />;
  if (control === 'choice' && !isReference) return <ChoiceControl {...props} />;
  return <TextControl {...props} />;
}

function TextControl({ descriptor, value, invalid }: ControlProps) {
  const { owner, vocabulary, values, set } = usePropertyEditing();
  const { name, displayName, language, supportsEl } = descriptor;
  // Whoever deletes the last letter takes the value away; an empty text is set on purpose, through the menu.
  const emptyOr = (text: string): string | null => (text === '' && !descriptor.dynamic && values[name] !== '' ? null : text);
  return (
    <CodeEditor
      label={displayName}
      value={value ?? ''}
      onChange={(text) => text !== (value ?? '') && set(name, emptyOr(text))}
      language={language}
      placeholder="No value set"
      words={{ ...vocabulary, expressions: supportsEl }}
      readOnly={owner.readOnly}
      invalid={invalid}
    />
  );
}

const UNSET = '\u0000';

function ChoiceControl({ descriptor: { name, displayName, required, allowableValues = [] }, value }: ControlProps) {
  const { owner, set } = usePropertyEditing();
  const choices = allowableValues.map(({ allowableValue }) => ({ value: `=${allowableValue.value}`, label: allowableValue.displayName, note: allowableValue.description }));
  const optional = required ? [] : [{ value: UNSET, label: 'No value' }];
  const stray = value !== null && !choices.some((choice) => choice.value === `=${value}`) ? [{ value: `=${value}`, label: `${value} (not allowed)` }] : [];
  return (
    <Select
      label={displayName}
      value={value === null ? (required ? undefined : UNSET) : `=${value}`}
      choices={[...optional, ...choices, ...stray]}
      onChange={(next) => set(name, next === UNSET ? null : next.slice(1))}
      disabled={owner.readOnly}
    />
  );
}

function ServiceControl(props: ControlProps) {
  const { owner, set } = usePropertyEditing();
  const [making, setMaking] = useState(false);
  const { descriptor, value } = props;
  const exists = descriptor.allowableValues?.some(({ allowableValue }) => allowableValue.value === value);
  return (
    <div className="property-service">
      <ChoiceControl {...props} />
      {exists && <IconButton icon="enter" label={`Go to the service of ${descriptor.displayName}`} onClick={() => openView({ name: 'service', id: value! })} />}
      {!owner.readOnly && <IconButton icon="plus" label={`Create a new service for ${descriptor.displayName}`} onClick={() => setMaking(true)} />}
      {making && (
        <NewService
          groupId={owner.groupId}
          api={{ type: descriptor.identifiesControllerService!, bundle: descriptor.identifiesControllerServiceBundle! }}
          onMade={({ id }) => {
            set(descriptor.name, id);
            setMaking(false);
            openView({ name: 'service', id, tab: 'properties' });
          }}
          onClose={() => setMaking(false)}
        />
      )}
    </div>
  );
}

/** A secret is typed anew or left as it is; a reference to a parameter is no secret. */
function SecretControl({ descriptor: { name, displayName }, value, invalid }: ControlProps) {
  const { owner, set, reset } = usePropertyEditing();
  const [shown, setShown] = useState(false);
  const isStored = value === MASK;
  return (
    <div className="property-service">
      <input
        className="input"
        type={shown || (value ?? '').startsWith('#{') ? 'text' : 'password'}
        aria-label={displayName}
        aria-invalid={invalid || undefined}
        autoComplete="new-password"
        spellCheck={false}
        readOnly={owner.readOnly}
        placeholder={isStored ? 'Sensitive value set' : 'No value set'}
        value={isStored ? '' : (value ?? '')}
        onChange={(event) => (event.target.value === '' ? reset(name) : set(name, event.target.value))}
      />
      {!isStored && value && <IconButton icon="eye" label={shown ? 'Hide what I typed' : 'Show what I typed'} aria-pressed={shown} onClick={() => setShown(!shown)} />}
    </div>
  );
}
