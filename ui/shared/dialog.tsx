import { type ReactNode, useEffect, useId, useRef } from 'react';
import { Button } from './button.tsx';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly actions: ReactNode;
}

/** A modal dialog. The browser itself keeps the focus inside and closes it on Escape. */
export function Dialog({ title, onClose, children, actions }: DialogProps) {
  const element = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    const dialog = element.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      ref={element}
      className="dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <h2 id={titleId}>{title}</h2>
      <div className="dialog-body">{children}</div>
      <div className="dialog-actions">{actions}</div>
    </dialog>
  );
}

interface ConfirmationProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly action: string;
  readonly tone?: 'primary' | 'danger';
  readonly busy?: boolean;
  /** Why it cannot be done now. */
  readonly obstacle?: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
  /** What will happen. */
  readonly children: ReactNode;
}

/** Asks before something that cannot be taken back. */
export function Confirmation({ title, action, tone = 'danger', busy, obstacle, onConfirm, onClose, children }: ConfirmationProps) {
  const actions = (
    <>
      <Button tone="plain" onClick={onClose} autoFocus>
        Cancel
      </Button>
      <Button tone={tone} busy={busy} disabled={obstacle !== undefined} onClick={onConfirm}>
        {action}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} actions={actions}>
      {children}
      {obstacle && (
        <p className="callout" data-tone="warning">
          {obstacle}
        </p>
      )}
    </Dialog>
  );
}
