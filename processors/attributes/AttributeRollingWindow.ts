import { messageOf } from '../../server/extension/errors.ts';
import { defineProcessor } from '../../server/extension/processor.ts';
import { property } from '../../server/extension/property.ts';
import { addToSubwindow, addValue, type WindowFigures } from './rolling-window.ts';

/** As Java writes it: 6.0, 0.5. */
const double = (value: number): string => (Number.isInteger(value) && Math.abs(value) < 1e7 ? `${value}.0` : String(value).replace(/e\+?/, 'E'));

const attributes = ({ value, count, mean, variance }: WindowFigures): Record<string, string> => ({
  rolling_window_value: double(value),
  rolling_window_count: String(count),
  rolling_window_mean: double(mean),
  rolling_window_variance: double(variance),
  rolling_window_stddev: double(Math.sqrt(variance)),
});

function numberOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value)) throw new Error(`Value to Track gives '${text}', which is not a number`);
  return value;
}

export default defineProcessor({
  nifi: { package: 'org.apache.nifi.processors.stateful.analysis', bundle: 'nifi-stateful-analysis-nar' },
  description: 'Keeps figures of a value over a window of time: each FlowFile gets the sum, count, mean, variance and standard deviation so far.',
  tags: ['rolling', 'data science', 'Attribute Expression Language', 'state', 'window'],
  input: 'required',
  triggerSerially: true,
  stateful: { scope: 'local', description: 'The values in the window with their times, or the sums and counts of sub-windows' },
  properties: {
    value: property.text('Value to Track', 'An expression that gives the number', { required: true, expressions: 'flowfile' }),
    window: property.duration('Time Window', 'How long a value counts', { required: true }),
    length: property.duration('Subwindow Length', 'Values are summed up over so long instead of being kept one by one: long windows then need little state, and are less exact'),
  },
  relationships: {
    success: 'FlowFiles with the figures',
    failure: 'FlowFiles whose value is not a number',
    'set state fail': 'Kept for flows made in NiFi: here state is stored together with the FlowFiles, or not at all',
  },
  writesAttributes: {
    rolling_window_value: 'The sum of the window',
    rolling_window_count: 'How many values are in it',
    rolling_window_mean: 'Their mean',
    rolling_window_variance: 'Their variance',
    rolling_window_stddev: 'Their standard deviation',
  },
  onTrigger(session, { log, now, properties: { value, window, length } }) {
    const flowFile = session.get();
    if (!flowFile) return;
    try {
      const number = numberOf(value(flowFile));
      const state = Object.fromEntries(session.getState('local'));
      const found = length ? addToSubwindow(state, number, now(), window, length) : addValue(state, number, now(), window);
      session.setState('local', state);
      session.transfer(session.putAttributes(flowFile, attributes(found)), 'success');
    } catch (thrown) {
      log.error(`${flowFile.getAttribute('filename')} is not counted: ${messageOf(thrown)}`);
      session.transfer(flowFile, 'failure');
    }
  },
});
