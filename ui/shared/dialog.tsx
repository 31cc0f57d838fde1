import { Dialog as Radix } from 'radix-ui';
import type { FormEvent, ReactNode } from 'react';
import { Button, IconButton } from './button.tsx';

interface DialogProps {
  readonly title: string;
  /** A line below the title. */
  readonly subtitle?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
  readonly actions?: ReactNode;
  /** `medium`: a question; `large`: a form; `huge`: a workplace. */
  readonly size?: 'medium' | 'large' | 'huge';
  /** Makes the dialog a form: Enter in a field sends it, and so does a button of type submit among the actions. */
  readonly onSubmit?: () => void;
}

/** A modal dialog: keeps the focus inside, closes on Escape and on a click beside it, and gives the focus back. */
export function Dialog({ title, subtitle, onClose, children, actions, size = 'medium', onSubmit }: DialogProps) {
  const content = (
    <>
      <div className="dialog-body">{children}</div>
      {actions && <div className="dialog-actions">{actions}</div>}
    </>
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    onSubmit?.();
  };
  return (
    <Radix.Root open onOpenChange={(open) => !open && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className="dialog-overlay">
          <Radix.Content
            className="dialog"
            data-size={size}
            aria-describedby={undefined}
            onEscapeKeyDown={leaveToEditor}
            onInteractOutside={stayForNotices}
            onOpenAutoFocus={focusWanted}
          >
            <header className="dialog-head">
              <div>
                <Radix.Title>{title}</Radix.Title>
                {subtitle && <p>{subtitle}</p>}
              </div>
              <IconButton icon="close" label="Close" onClick={onClose} />
            </header>
            {onSubmit ? (
              <form className="dialog-form" onSubmit={submit} noValidate>
                {content}
              </form>
            ) : (
              content
            )}
          </Radix.Content>
        </Radix.Overlay>
      </Radix.Portal>
    </Radix.Root>
  );
}

/** In a dialog above another one React's autoFocus comes too early: the lower one takes the focus back. `data-autofocus` says it again. */
function focusWanted(event: Event): void {
  const wanted = (event.target as HTMLElement).querySelector<HTMLElement>('[data-autofocus]');
  if (!wanted) return;
  event.preventDefault();
  wanted.focus();
}

/** Escape closes a list of completions before it closes the dialog behind it. */
function leaveToEditor(event: KeyboardEvent): void {
  if (document.querySelector('.cm-tooltip-autocomplete')) event.preventDefault();
}

/** Notices lie above dialogs, and are no click beside them. One may be gone from the page by now. */
function stayForNotices(event: CustomEvent<{ readonly originalEvent: Event }>): void {
  const { target } = event.detail.originalEvent;
  if (target instanceof Element && target.closest('.notice')) event.preventDefault();
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
