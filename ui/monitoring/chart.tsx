import { useEffect, useRef, useState } from 'react';
import type { Series } from './series.ts';

interface ChartProps {
  readonly label: string;
  readonly series: Series;
  readonly format: (value: number) => string;
}

/** A line over time. uPlot comes when the first one is shown. */
export function Chart({ label, series, format }: ChartProps) {
  const host = useRef<HTMLDivElement>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const element = host.current;
    if (!element) return;
    let destroy: (() => void) | undefined;
    let gone = false;
    const draw = async () => {
      const { drawChart } = await import('./uplot-chart.ts');
      if (!gone) destroy = drawChart(element, label, series, format);
    };
    // It does not load in a browser whose language is no valid tag.
    draw().catch(() => setFailed(true));
    return () => {
      gone = true;
      destroy?.();
    };
  }, [label, series, format]);
  if (failed) return <p className="callout">The chart cannot be drawn in this browser.</p>;
  return <div className="chart" ref={host} role="img" aria-label={`${label} over time`} />;
}
