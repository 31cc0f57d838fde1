import { useId, useState } from 'react';
import type { PropertyDescriptorDto } from '../../api/shapes.ts';
import { IconButton } from '../button.tsx';
import { Icon } from '../icon.tsx';
import { Menu, type MenuItem } from '../menu.tsx';
import { openView } from '../views.ts';
import { ConvertToParameter } from './convert-to-parameter.tsx';
import { LargeEditor } from './large-editor.tsx';
import { controlOf } from './model.ts';
import { PropertyControl } from './property-control.tsx';
import { type PropertyEditing, usePropertyEditing } from './property-editing.ts';

const PARAMETER = /^#\{([^{}]+)\}$/;
const LONG = 110;

/** One property: what it is on the left, its text on the right. */
export function PropertyRow({ descriptor }: { readonly descriptor: PropertyDescriptorDto }) {
  const { values, changed, problems } = usePropertyEditing();
  const [open, setOpen] = useState<'large' | 'convert'>();
  const id = useId();
  const { name, displayName } = descriptor;
  const value = values[name] ?? null;
  const problem = problems.byProperty[name];
  return (
    <fieldset className="property-row" data-changed={changed.has(name) || undefined} aria-labelledby={id}>
      <About id={id} descriptor={descriptor} />
      <div className="property-edit">
        <PropertyControl descriptor={descriptor} value={value} invalid={problem !== undefined} />
        <Notes descriptor={descriptor} value={value} problem={problem} />
      </div>
      <RowMenu descriptor={descriptor} value={value} onOpen={setOpen} />
      {open === 'large' && <LargeEditor descriptor={descriptor} onClose={() => setOpen(undefined)} />}
      {open === 'convert' && <ConvertToParameter key={displayName} descriptor={descriptor} value={value} onClose={() => setOpen(undefined)} />}
    </fieldset>
  );
}

function About({ id, descriptor: { displayName, description, required, sensitive, dynamic } }: { readonly id: string; readonly descriptor: PropertyDescriptorDto }) {
  const [whole, setWhole] = useState(false);
  return (
    <div className="property-about">
      <div className="property-label" id={id}>
        {displayName}
        {required && (
          <span className="required" title="Must be set">
            *
          </span>
        )}
        {sensitive && <Icon name="lock" size={12} label="Sensitive: never shown" />}
        {dynamic && <span className="tag">added</span>}
      </div>
      {description && (
        <p className="property-hint" data-whole={whole || undefined}>
          {description}
          {description.length > LONG && (
            <button type="button" className="more" aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? 'less' : 'more'}
            </button>
          )}
        </p>
      )}
    </div>
  );
}

interface NotesProps {
  readonly descriptor: PropertyDescriptorDto;
  readonly value: string | null;
  readonly problem: string | undefined;
}

function Notes({ descriptor: { allowableValues, supportsEl, identifiesControllerService }, value, problem }: NotesProps) {
  const chosen = identifiesControllerService ? undefined : allowableValues?.find(({ allowableValue }) => allowableValue.value === value)?.allowableValue.description;
  const notes = [value === '' && 'Empty string set', chosen, supportsEl && value?.includes('${') && 'Evaluated for each use'].filter(Boolean);
  return (
    <>
      {problem && (
        <p className="field-note" data-tone="danger">
          {problem}
        </p>
      )}
      {notes.length > 0 && <p className="field-note">{notes.join(' · ')}</p>}
    </>
  );
}

interface RowMenuProps {
  readonly descriptor: PropertyDescriptorDto;
  readonly value: string | null;
  readonly onOpen: (what: 'large' | 'convert') => void;
}

function RowMenu({ descriptor, value, onOpen }: RowMenuProps) {
  const editing = usePropertyEditing();
  if (editing.owner.readOnly) return <span />;
  return (
    <Menu label={`More for ${descriptor.displayName}`} items={menuItems(editing, descriptor, value, onOpen)} align="end">
      <IconButton icon="more" label={`More for ${descriptor.displayName}`} />
    </Menu>
  );
}

function menuItems(editing: PropertyEditing, descriptor: PropertyDescriptorDto, value: string | null, onOpen: RowMenuProps['onOpen']): MenuItem[] {
  const { set, reset, changed, context } = editing;
  const { name, dynamic, defaultValue, required, identifiesControllerService } = descriptor;
  const isText = controlOf(descriptor) === 'text';
  const parameter = PARAMETER.exec(value ?? '')?.[1];
  const items: MenuItem[] = [];
  if (isText) items.push({ label: 'Edit in a larger window', icon: 'expand', run: () => onOpen('large') });
  if (!isText && !descriptor.sensitive && !parameter) items.push({ label: 'Refer to a parameter', icon: 'code', run: () => set(name, '#{}') });
  if (parameter && context) items.push({ label: `Go to parameter ${parameter}`, icon: 'sliders', run: () => openView({ name: 'parameter-contexts', id: context.id, parameter }) });
  if (!identifiesControllerService && !parameter)
    items.push({ label: 'Convert to parameter', icon: 'sliders', obstacle: obstacleToConvert(context), run: () => onOpen('convert') });
  if (isText || descriptor.sensitive) items.push({ label: 'Set empty string', icon: 'minus', run: () => set(name, '') });
  if (defaultValue !== undefined && value !== defaultValue) items.push({ label: 'Use the default', icon: 'undo', run: () => set(name, defaultValue) });
  if (!required && !dynamic && defaultValue === undefined && value !== null) items.push({ label: 'Remove the value', icon: 'close', run: () => set(name, null) });
  if (changed.has(name)) items.push({ label: 'Take back my change', icon: 'history', run: () => reset(name) });
  if (dynamic) items.push('line', { label: 'Remove the property', icon: 'trash', tone: 'danger', run: () => set(name, null) });
  return items;
}

function obstacleToConvert(context: PropertyEditing['context']): string | undefined {
  return context ? undefined : 'The group has no parameter context. Bind one in the configuration of the group.';
}
