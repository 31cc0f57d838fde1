import { type KeyboardEvent, useState } from 'react';
import type { ParameterChange } from '../api/parameters.ts';
import { Button } from '../shared/button.tsx';
import { Dialog } from '../shared/dialog.tsx';
import { Check, Field, TextArea, TextField } from '../shared/field.tsx';
import { AssetPicker } from './asset-picker.tsx';
import { nameProblem, type ParameterRow } from './draft.ts';

interface ParameterFormProps {
  readonly contextId: string;
  /** Undefined: a new one. */
  readonly row: ParameterRow | undefined;
  readonly taken: readonly string[];
  readonly onAccept: (change: ParameterChange) => void;
  readonly onClose: () => void;
}

type Kind = 'value' | 'empty' | 'none' | 'assets';

function kindOf(row: ParameterRow | undefined): Kind {
  if (!row) return 'value';
  if (row.assets.length > 0) return 'assets';
  // Who opens what others wait for wants to type it.
  if (row.value === undefined) return row.references.length > 0 ? 'value' : 'none';
  return row.value === '' ? 'empty' : 'value';
}

/** A parameter: its value, or files, or neither. */
export function ParameterForm({ contextId, row, taken, onAccept, onClose }: ParameterFormProps) {
  const isHidden = row?.sensitive === true && row.value !== undefined && row.change === undefined;
  const [name, setName] = useState(row?.name ?? '');
  const [description, setDescription] = useState(row?.description ?? '');
  const [sensitive, setSensitive] = useState(row?.sensitive ?? false);
  const [kind, setKind] = useState<Kind>(kindOf(row));
  const [text, setText] = useState(isHidden ? '' : (row?.value ?? ''));
  const [assets, setAssets] = useState(row?.assets ?? []);
  const problem = row ? undefined : nameProblem(name, taken);
  const accept = () => {
    if (problem) return;
    onAccept({ name, description, sensitive, ...valueChange({ kind, text, assets, keep: text === '' && (isHidden || (row !== undefined && row.value === undefined)) }) });
  };
  const actions = (
    <>
      <Button onClick={onClose}>Cancel</Button>
      <Button tone="primary" type="submit" disabled={problem !== undefined}>
        {row ? 'Change' : 'Add'}
      </Button>
    </>
  );
  return (
    <Dialog title={row ? row.name : 'New parameter'} subtitle={row?.description} size="large" onClose={onClose} actions={actions} onSubmit={accept}>
      {!row && <TextField label="Name" value={name} onChange={setName} error={name === '' ? undefined : problem} autoFocus />}
      <ValueKind kind={kind} onChange={setKind} />
      {kind === 'value' && <ValueField sensitive={sensitive} isHidden={isHidden} text={text} onChange={setText} autoFocus={row !== undefined} onEnter={accept} />}
      {kind === 'assets' && <AssetPicker contextId={contextId} chosen={assets} onChange={setAssets} />}
      <TextArea label="Description" rows={2} value={description} onChange={setDescription} />
      <Check
        label="Sensitive"
        note={row && !row.change ? 'Whether a parameter is sensitive cannot be changed later' : 'Encrypted, never shown again, and for sensitive properties only'}
        checked={sensitive}
        disabled={row !== undefined && row.change !== 'added'}
        onChange={setSensitive}
      />
    </Dialog>
  );
}

interface Typed {
  readonly kind: Kind;
  readonly text: string;
  readonly assets: readonly { readonly id: string; readonly name: string }[];
  /** What was not typed stays as it is: a sensitive value that is set, or none. */
  readonly keep: boolean;
}

function valueChange({ kind, text, assets, keep }: Typed): Partial<ParameterChange> {
  if (kind === 'none') return { valueRemoved: true, referencedAssets: [] };
  if (kind === 'assets') return { referencedAssets: assets };
  if (kind === 'empty') return { value: '', referencedAssets: [] };
  return keep ? {} : { value: text, referencedAssets: [] };
}

const KINDS: readonly { kind: Kind; title: string }[] = [
  { kind: 'value', title: 'Value' },
  { kind: 'empty', title: 'Empty string' },
  { kind: 'none', title: 'No value' },
  { kind: 'assets', title: 'Files' },
];

function ValueKind({ kind, onChange }: { readonly kind: Kind; readonly onChange: (kind: Kind) => void }) {
  return (
    <fieldset className="segmented" aria-label="What the parameter holds">
      {KINDS.map((each) => (
        <button key={each.kind} type="button" aria-pressed={each.kind === kind} onClick={() => onChange(each.kind)}>
          {each.title}
        </button>
      ))}
    </fieldset>
  );
}

interface ValueFieldProps {
  readonly sensitive: boolean;
  readonly isHidden: boolean;
  readonly text: string;
  readonly autoFocus: boolean;
  readonly onChange: (text: string) => void;
  readonly onEnter: () => void;
}

function ValueField({ sensitive, isHidden, text, autoFocus, onChange, onEnter }: ValueFieldProps) {
  const secret = isHidden ? 'The stored value is never shown. Type a new one, or leave it as it is.' : undefined;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    onEnter();
  };
  return (
    <Field label="Value" hint={sensitive ? secret : 'Shift+Enter begins a new line'}>
      {(control) =>
        sensitive ? (
          <input
            {...control}
            className="input"
            type="password"
            // biome-ignore lint/a11y/noAutofocus: the form was opened to type here.
            autoFocus={autoFocus}
            data-autofocus={autoFocus || undefined}
            autoComplete="new-password"
            placeholder={isHidden ? 'Sensitive value set' : undefined}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        ) : (
          <textarea
            {...control}
            className="input mono"
            rows={text.includes('\n') ? 6 : 2}
            spellCheck={false}
            // biome-ignore lint/a11y/noAutofocus: the form was opened to type here.
            autoFocus={autoFocus}
            data-autofocus={autoFocus || undefined}
            value={text}
            onChange={(event) => onChange(event.target.value)}
            onKeyDown={onKeyDown}
          />
        )
      }
    </Field>
  );
}
