import { type KeyboardEvent, type ReactNode, useState } from 'react';
import type { Editable } from '../../api/editing.ts';
import { Button } from '../button.tsx';
import { Confirmation, Dialog } from '../dialog.tsx';
import { useUnsaved } from '../use-unsaved.ts';
import { ConflictNotice } from './conflict-notice.tsx';
import type { Edit } from './use-edit.ts';
import './edit.css';

interface EditDialogProps<E extends Editable> {
  readonly title: string;
  readonly subtitle?: ReactNode;
  readonly edit: Edit<E>;
  /** How a field is called, for who compares two edits. */
  readonly nameOf: (key: string) => string;
  /** Why nothing can be changed now. */
  readonly locked?: ReactNode;
  /** Why what is typed cannot be stored. */
  readonly obstacle?: string;
  readonly size?: 'medium' | 'large' | 'huge';
  /** Stands beside the buttons, at the left. */
  readonly aside?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** Edits a component: Apply stores and goes on, Ctrl+Enter stores and closes, and nothing that was typed is lost by closing. */
export function EditDialog<E extends Editable>({ title, subtitle, edit, nameOf, locked, obstacle, size = 'huge', aside, onClose, children }: EditDialogProps<E>) {
  const [asking, setAsking] = useState(false);
  const { isDirty, busy, interference } = edit;
  useUnsaved(isDirty);
  const cannot = !isDirty || interference !== undefined || obstacle !== undefined;
  const saveAndClose = async () => {
    if (!cannot && (await edit.save())) onClose();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    void saveAndClose();
  };
  const actions = (
    <>
      {aside && <div className="dialog-aside">{aside}</div>}
      <Button onClick={() => (isDirty ? setAsking(true) : onClose())}>{isDirty ? 'Cancel' : 'Close'}</Button>
      <Button disabled={cannot} busy={busy} title={obstacle} onClick={() => void edit.save()}>
        Apply
      </Button>
      <Button tone="primary" disabled={cannot} busy={busy} title={obstacle ?? 'Ctrl+Enter'} onClick={() => void saveAndClose()}>
        Save and close
      </Button>
    </>
  );
  return (
    <Dialog title={title} subtitle={subtitle} size={size} onClose={() => (isDirty ? setAsking(true) : onClose())} actions={actions}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: listens for a shortcut of all controls inside. */}
      <div className="edit-body" data-size={size} onKeyDown={onKeyDown}>
        {locked && (
          <div className="callout edit-locked" data-tone="warning">
            {locked}
          </div>
        )}
        {interference && <ConflictNotice edit={edit} interference={interference} nameOf={nameOf} />}
        {edit.error !== undefined && (
          <p className="callout" data-tone="danger" role="alert">
            {edit.error instanceof Error ? edit.error.message : String(edit.error)}
          </p>
        )}
        {children}
      </div>
      {asking && <Discard names={Object.keys(edit.changed).map(nameOf)} onDiscard={onClose} onClose={() => setAsking(false)} />}
    </Dialog>
  );
}

const NAMED = 6;

function Discard({ names, onDiscard, onClose }: { readonly names: readonly string[]; readonly onDiscard: () => void; readonly onClose: () => void }) {
  const more = names.length - NAMED;
  return (
    <Confirmation title="Discard your changes?" action="Discard" onConfirm={onDiscard} onClose={onClose}>
      <p>You have changed and not stored:</p>
      <ul className="edit-names">
        {names.slice(0, NAMED).map((name) => (
          <li key={name}>{name}</li>
        ))}
        {more > 0 && <li>and {more} more</li>}
      </ul>
    </Confirmation>
  );
}
