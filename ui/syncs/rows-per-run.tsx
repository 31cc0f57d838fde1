import type { SyncSummaryView } from '../api/syncs.ts';
import { formatCount } from '../shared/format.ts';

const [WIDTH, HEIGHT, BARS] = [96, 24, 16];

/** A bar for each of the latest runs: rows sent, and above them those that were rejected. */
export function RowsPerRun({ runs }: { readonly runs: SyncSummaryView['rowsPerRun'] }) {
  const shown = runs.slice(-BARS);
  const most = Math.max(1, ...shown.map(({ sent, rejected }) => sent + rejected));
  if (shown.length === 0) return <span className="sync-none">No runs yet</span>;
  const last = shown.at(-1)!;
  const step = WIDTH / BARS;
  return (
    <svg
      className="rows-per-run"
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={`Rows of the latest ${shown.length} runs; the last sent ${formatCount(last.sent)} and rejected ${formatCount(last.rejected)}`}
    >
      {shown.map(({ run, sent, rejected }, index) => {
        const [whole, bad] = [((sent + rejected) / most) * (HEIGHT - 1), (rejected / most) * (HEIGHT - 1)];
        const x = (BARS - shown.length + index) * step;
        return (
          <g key={run}>
            <rect x={x} y={HEIGHT - 1 - whole} width={step - 2} height={Math.max(1, whole - bad)} transform={`translate(0 ${bad})`} className="rows-sent" />
            {bad > 0 && <rect x={x} y={HEIGHT - 1 - whole} width={step - 2} height={Math.max(1, bad)} className="rows-rejected" />}
          </g>
        );
      })}
    </svg>
  );
}
