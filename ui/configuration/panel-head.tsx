import type { ReactNode } from 'react';
import type { Glyph } from '../shared/glyph.ts';
import { Tile } from '../shared/tile.tsx';

interface PanelHeadProps {
  readonly glyph: Glyph;
  readonly title: string;
  readonly subtitle: ReactNode;
  readonly status?: ReactNode;
  /** What can be done with it. */
  readonly children?: ReactNode;
}

export function PanelHead({ glyph, title, subtitle, status, children }: PanelHeadProps) {
  return (
    <div className="panel-head">
      <div className="panel-title">
        <Tile glyph={glyph} size="small" />
        <div>
          <h2 title={title}>{title}</h2>
          <p>{subtitle}</p>
        </div>
      </div>
      {(status || children) && (
        <div className="panel-actions">
          {status}
          {children}
        </div>
      )}
    </div>
  );
}
