import type { CSSProperties } from 'react';
import type { Glyph } from './glyph.ts';
import { Icon } from './icon.tsx';

interface TileProps {
  readonly glyph: Glyph;
  readonly size?: 'large' | 'small';
}

/** What a component looks like, on a tile of its colour. */
export function Tile({ glyph: { icon, hue }, size = 'large' }: TileProps) {
  return (
    <span className="tile" data-size={size} data-plain={hue === undefined || undefined} style={{ '--hue': hue } as CSSProperties}>
      <Icon name={icon} size={size === 'large' ? 20 : 16} />
    </span>
  );
}
