import { defineReportingTask } from '../../server/extension/reporting-task.ts';
import { property } from '../../server/extension/property.ts';
import { type LastFigures, statusTables } from './status-table.ts';

/** Five minutes, which is what the figures are of, in seconds. */
const SPAN = 300;

export default defineReportingTask({
  description: 'Writes the figures of all processors and connections to the log, and how they differ from those written before.',
  tags: ['stats', 'log'],
  nifi: { package: 'org.apache.nifi.controller', bundle: 'nifi-standard-nar' },
  properties: {
    deltas: property.boolean('Show Deltas', 'Whether to tell how figures differ from those of the last run', { default: 'true' }),
    granularity: property.choice(
      'Reporting Granularity',
      'What the figures are of: the last five minutes, as the canvas shows them, or an average second of these',
      { 'five-minutes': 'Five Minutes', 'one-second': 'One Second' },
      { default: 'five-minutes', required: false },
    ),
  },
  onScheduled: ({ now }) => ({ last: new Map() as LastFigures, startedAt: now() }),
  onTrigger({ properties, flow, log, now }, { last, startedAt }) {
    const seconds = Math.min(Math.max(1, (now() - startedAt) / 1000), SPAN);
    const tables = statusTables(flow.status(), { deltas: properties.deltas, divisor: properties.granularity === 'one-second' ? seconds : 1, last });
    log.info(tables.processors);
    log.info(tables.connections);
  },
});
