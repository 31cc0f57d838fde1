import 'uplot/dist/uPlot.min.css';
import uPlot from 'uplot';
import type { Series } from './series.ts';

const HEIGHT = 320;

/** A colour of theme.css as it is now, light or dark: a canvas does not know light-dark(). */
function colourOf(element: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Draws a series into an element; returns what takes it away again. */
export function drawChart(element: HTMLElement, label: string, { times, values }: Series, format: (value: number) => string): () => void {
  const [accent, grid, text] = ['--accent', '--border', '--text-soft'].map((property) => colourOf(element, property)) as [string, string, string];
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: '11px sans-serif' };
  const chart = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      cursor: { drag: { x: true, y: false } },
      scales: { y: { range: (_chart, least, most) => [Math.min(0, least), most > 0 ? most * 1.1 : 1] } },
      series: [
        { value: (_chart, seconds) => (seconds === null ? '' : new Date(seconds * 1000).toLocaleString()) },
        {
          label,
          stroke: accent,
          width: 2,
          fill: `color-mix(in srgb, ${accent} 12%, transparent)`,
          points: { show: times.length < 60 },
          value: (_chart, value) => (value === null ? '' : format(value)),
        },
      ],
      axes: [axis, { ...axis, size: 72, values: (_chart, splits) => splits.map(format) }],
    },
    [[...times], [...values]],
    element,
  );
  const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
  observer.observe(element);
  return () => {
    observer.disconnect();
    chart.destroy();
  };
}
