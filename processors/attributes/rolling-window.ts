/** What was seen in a window of time: NiFi's keys of state, so that both know them. */
export type WindowState = Record<string, string>;

export interface WindowFigures {
  readonly value: number;
  readonly count: number;
  readonly mean: number;
  /** Of the sample; of sub-windows' sums where there are sub-windows. */
  readonly variance: number;
}

const START = 'start_curr_batch_ts';
const COUNT = 'count';

/** Of a sample; 0 for one value. */
function varianceOf(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
const figures = (values: readonly number[], count: number): WindowFigures => ({ value: total(values), count, mean: total(values) / count, variance: varianceOf(values) });

/** Adds a value to the window that ends `now`; each is kept with its time. Changes `state`. Times in milliseconds. */
export function addValue(state: WindowState, value: number, now: number, window: number): WindowFigures {
  for (const key of Object.keys(state)) if (key !== COUNT && now - Number.parseInt(key, 10) > window) delete state[key];
  // Several of one millisecond are told apart by a number.
  let key = String(now);
  for (let number = 1; state[key] !== undefined; number++) key = `${now}_${number}`;
  state[key] = String(value);
  const values = Object.entries(state).flatMap(([each, text]) => (each === COUNT ? [] : [Number(text)]));
  state[COUNT] = String(values.length);
  return figures(values, values.length);
}

/** The same with the sums of sub-windows instead of each value. */
export function addToSubwindow(state: WindowState, value: number, now: number, window: number, length: number): WindowFigures {
  if (state[START] === undefined || now - Number(state[START]) > length) state[START] = String(now);
  for (const key of Object.keys(state)) if (/_(batch|count)$/.test(key) && now - Number.parseInt(key, 10) > window) delete state[key];
  const current = state[START];
  state[`${current}_batch`] = String(Number(state[`${current}_batch`] ?? 0) + value);
  state[`${current}_count`] = String(Number(state[`${current}_count`] ?? 0) + 1);
  const of = (ending: string): number[] => Object.entries(state).flatMap(([key, text]) => (key.endsWith(ending) ? [Number(text)] : []));
  return figures(of('_batch'), total(of('_count')));
}
