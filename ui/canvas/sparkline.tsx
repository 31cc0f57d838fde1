import { memo } from 'react';
import { useSparkline } from '../api/sparklines.ts';
import { formatCount } from '../shared/format.ts';
import './sparkline.css';

/** A bar for each count, side by side in a box of `counts.length` by 1; the highest reaches its top. */
export function sparklinePath(counts: readonly number[]): string {
  const most = Math.max(...counts, 1);
  const bars = counts.map((count, at) => `V${Number((1 - count / most).toFixed(3))}H${at + 1}`);
  return `M0 1${bars.join('')}V1Z`;
}

/** What went through a component during the last five minutes, drawn behind its figures. */
export const Sparkline = memo(function Sparkline({ id }: { readonly id: string }) {
  const counts = useSparkline(id);
  if (!counts) return null;
  const most = `FlowFiles of the last five minutes; at most ${formatCount(Math.max(...counts))} in 15 seconds`;
  return (
    <svg className="sparkline" viewBox={`0 0 ${counts.length} 1`} preserveAspectRatio="none" role="img" aria-label={most}>
      <path d={sparklinePath(counts)} />
    </svg>
  );
});
