import type { ButtonHTMLAttributes, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icons.ts';

type ButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className'> & {
  readonly tone?: 'plain' | 'primary' | 'danger' | 'quiet';
  readonly size?: 'small' | 'medium';
  readonly icon?: IconName;
  readonly busy?: boolean;
  readonly children: ReactNode;
};

export function Button({ tone = 'plain', size = 'medium', icon, busy = false, disabled, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      className="button"
      data-tone={tone}
      data-size={size}
      data-busy={busy || undefined}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      data-autofocus={rest.autoFocus || undefined}
      {...rest}
    >
      {busy ? <span className="spinner" aria-hidden="true" /> : icon && <Icon name={icon} size={size === 'small' ? 14 : 16} />}
      <span className="button-text">{children}</span>
    </button>
  );
}

type IconButtonProps = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'className' | 'children'> & {
  readonly icon: IconName;
  /** What it does: its tooltip and its name for screen readers. */
  readonly label: string;
  readonly children?: ReactNode;
};

export function IconButton({ icon, label, children, ...rest }: IconButtonProps) {
  return (
    <button type="button" className="icon-button" aria-label={label} title={label} {...rest}>
      <Icon name={icon} />
      {children}
    </button>
  );
}
