import type { ReactNode } from 'react';

interface FactProps {
  readonly name: string;
  readonly children: ReactNode;
  /** A line below, smaller. */
  readonly note?: ReactNode;
}

/** A name and its value, as a row of a `<dl className="facts">`. */
export function Fact({ name, children, note }: FactProps) {
  return (
    <div className="fact">
      <dt>{name}</dt>
      <dd>
        {children}
        {note !== undefined && <small>{note}</small>}
      </dd>
    </div>
  );
}

interface MeterProps {
  readonly label: string;
  readonly percent: number;
  readonly children?: ReactNode;
}

/** How full something is. */
export function Meter({ label, percent, children }: MeterProps) {
  const shown = Math.min(100, Math.max(0, percent));
  return (
    <div className="meter" data-level={levelOf(percent)}>
      <div className="meter-text">
        <span>{label}</span>
        <span>{children}</span>
      </div>
      <div className="meter-track">
        <meter className="visually-hidden" aria-label={label} min={0} max={100} value={Math.round(shown)} />
        <div className="meter-fill" style={{ width: `${shown}%` }} />
      </div>
    </div>
  );
}

/** At 100 percent a connection holds its source back. */
export function levelOf(percent: number): 'low' | 'high' | 'full' {
  if (percent >= 100) return 'full';
  return percent >= 75 ? 'high' : 'low';
}
