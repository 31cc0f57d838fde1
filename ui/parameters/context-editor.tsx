import { useEffect, useState } from 'react';
import { type ParameterContextEntity, useParameterContext } from '../api/parameters.ts';
import { Button } from '../shared/button.tsx';
import { TextArea, TextField } from '../shared/field.tsx';
import { Failure, Loading } from '../shared/message.tsx';
import { Tabs } from '../shared/tabs.tsx';
import { useUnsaved } from '../shared/use-unsaved.ts';
import { showOnCanvas } from '../shared/views.ts';
import { DeleteContext } from './delete-context.tsx';
import { type Draft, isEmpty, NO_CHANGES } from './draft.ts';
import { Inheritance } from './inheritance.tsx';
import { ParameterList } from './parameter-list.tsx';
import { UpdateDialog } from './update-dialog.tsx';

interface ContextEditorProps {
  readonly id: string;
  readonly contexts: readonly ParameterContextEntity[];
  /** To be shown at once. */
  readonly parameter?: string;
  /** Its form is opened, too. */
  readonly edit?: boolean;
  /** Shows a parameter in the context that it comes from. */
  readonly onGoTo: (target: { readonly id: string; readonly parameter: string; readonly edit: true }) => void;
  readonly onDirty: (dirty: boolean) => void;
}

type TabKey = 'parameters' | 'inheritance' | 'settings';
const TABS: readonly { key: TabKey; title: string }[] = [
  { key: 'parameters', title: 'Parameters' },
  { key: 'inheritance', title: 'Inheritance' },
  { key: 'settings', title: 'Settings' },
];

/** One context. Changes are collected and applied together, since each application restarts what it concerns. */
export function ContextEditor({ id, contexts, parameter, edit, onGoTo, onDirty }: ContextEditorProps) {
  const { data: context, error, refetch } = useParameterContext(id, true);
  const [draft, setDraft] = useState<Draft>(NO_CHANGES);
  const [tab, setTab] = useState<TabKey>('parameters');
  const [open, setOpen] = useState<'update' | 'deletion'>();
  const dirty = !isEmpty(draft);
  useEffect(() => onDirty(dirty), [dirty, onDirty]);
  useUnsaved(dirty);
  if (!context) return error ? <Failure title="The parameters could not be read" error={error} onRetry={() => void refetch()} /> : <Loading>Reading the parameters</Loading>;
  const applied = () => {
    setDraft(NO_CHANGES);
    setOpen(undefined);
    void refetch();
  };
  return (
    <section className="context-editor" aria-label={context.component.name}>
      <Tabs label={`Parameter context ${context.component.name}`} tabs={TABS} current={tab} onChange={setTab}>
        {tab === 'parameters' && <ParameterList context={context} draft={draft} onChange={setDraft} shown={parameter} edit={edit} onGoTo={onGoTo} />}
        {tab === 'inheritance' && <Inheritance context={context} contexts={contexts} draft={draft} onChange={setDraft} />}
        {tab === 'settings' && <Settings context={context} draft={draft} onChange={setDraft} />}
      </Tabs>
      <footer className="context-actions">
        <Button tone="quiet" icon="trash" onClick={() => setOpen('deletion')}>
          Delete context
        </Button>
        <span />
        <Button disabled={!dirty} onClick={() => setDraft(NO_CHANGES)}>
          Discard changes
        </Button>
        <Button tone="primary" disabled={!dirty} onClick={() => setOpen('update')}>
          Apply
        </Button>
      </footer>
      {open === 'update' && <UpdateDialog context={context} draft={draft} onApplied={applied} onClose={() => setOpen(undefined)} />}
      {open === 'deletion' && <DeleteContext context={context} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

interface SettingsProps {
  readonly context: ParameterContextEntity;
  readonly draft: Draft;
  readonly onChange: (draft: Draft) => void;
}

function Settings({ context: { component }, draft, onChange }: SettingsProps) {
  const unlessSame = (value: string, stored: string): string | undefined => (value === stored ? undefined : value);
  const show = (groupId: string) => {
    showOnCanvas({ groupId });
  };
  return (
    <div className="form-grid">
      <div className="wide">
        <TextField label="Name" value={draft.name ?? component.name} onChange={(value) => onChange({ ...draft, name: unlessSame(value, component.name) })} />
      </div>
      <div className="wide">
        <TextArea
          label="Description"
          value={draft.description ?? component.description}
          onChange={(value) => onChange({ ...draft, description: unlessSame(value, component.description) })}
        />
      </div>
      <div className="wide field">
        <span className="field-label">Bound to</span>
        {component.boundProcessGroups.length === 0 && <span className="faint">No group. Bind it in the configuration of a group.</span>}
        <ul>
          {component.boundProcessGroups.map(({ id, component: group }) => (
            <li key={id}>
              <button type="button" className="link" onClick={() => show(id)}>
                {group.name}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
