import { type IconName, ICONS } from './icons.ts';

interface IconProps {
  readonly name: IconName;
  readonly size?: number;
  /** Said to screen readers; without it the icon is decoration. */
  readonly label?: string;
  readonly className?: string;
}

const FILLED = new Set<IconName>(['play', 'stop', 'bolt']);

export function Icon({ name, size = 16, label, className }: IconProps) {
  return (
    <>
      <svg className={`icon ${className ?? ''}`} width={size} height={size} viewBox="0 0 24 24" data-filled={FILLED.has(name) || undefined} focusable="false" aria-hidden="true">
        <path d={ICONS[name]} />
      </svg>
      {label && <span className="visually-hidden">{label}</span>}
    </>
  );
}
