import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { PropertyError } from '../../server/extension/errors.ts';
import { defineReportingTask } from '../../server/extension/reporting-task.ts';
import { property } from '../../server/extension/property.ts';
import { parseDataSize } from '../../server/extension/units.ts';
import { dataSize, parsePercentage, percent } from './thresholds.ts';

/** What V8 calls the spaces that NiFi's names of memory pools speak of. */
const SPACES: Readonly<Record<string, readonly string[]>> = {
  'PS Old Gen': ['old_space', 'large_object_space'],
  'PS Survivor Space': ['new_space'],
  'PS Eden Space': ['new_space', 'new_large_object_space'],
};

interface Usage {
  readonly used: number;
  readonly most: number;
}

function usageOf(pool: string): Usage {
  const spaces = getHeapSpaceStatistics().filter(({ space_name: name }) => SPACES[pool]!.includes(name));
  const used = spaces.reduce((sum, { space_used_size: size }) => sum + size, 0);
  // Only the old generation grows up to the limit of the heap; the others are as large as they are at present.
  const most = pool === 'PS Old Gen' ? getHeapStatistics().heap_size_limit : spaces.reduce((sum, { space_size: size }) => sum + size, 0);
  return { used, most };
}

function limitOf(threshold: string, most: number): number {
  return threshold.trim().endsWith('%') ? (most * parsePercentage(threshold)) / 100 : parseDataSize(threshold);
}

function checkThreshold(text: string): void {
  if (/^\d{1,2}%$/.test(text.trim())) return;
  try {
    parseDataSize(text);
  } catch {
    throw new PropertyError('it must be a per cent value from 0% to 99%, or a data size such as 100 MB');
  }
}

export default defineReportingTask({
  description: 'Looks how much of a part of the heap is used, and warns while it is more than a threshold; says once when it is no longer.',
  tags: ['memory', 'warning', 'monitor', 'heap', 'jvm', 'gc', 'garbage collection'],
  nifi: { package: 'org.apache.nifi.controller', bundle: 'nifi-standard-nar' },
  details:
    "The names of the memory pools are NiFi's. *PS Old Gen* is the old generation of V8's heap (`old_space` and `large_object_space`), compared with the limit of the heap; the two others are the young generation.",
  properties: {
    pool: property.choice(
      'Memory Pool',
      'The part of the heap to look at',
      { 'PS Old Gen': 'PS Old Gen', 'PS Survivor Space': 'PS Survivor Space', 'PS Eden Space': 'PS Eden Space' },
      { default: 'PS Old Gen' },
    ),
    threshold: property.text('Usage Threshold', 'How much may be used before bulletins warn of it: a per cent value or a data size', { default: '65%', validate: checkThreshold }),
    interval: property.duration('Reporting Interval', 'How long to wait between warnings while the threshold is exceeded; every run warns if left out'),
  },
  onScheduled: () => ({ warnedAt: undefined as number | undefined }),
  onTrigger({ properties, log, now }, warning) {
    const { pool, threshold, interval = 0 } = properties;
    const { used, most } = usageOf(pool);
    const figures = `${dataSize(used)} of ${dataSize(most)} (${percent(used, most)})`;
    if (used > limitOf(threshold, most)) {
      if (warning.warnedAt !== undefined && now() < warning.warnedAt + interval) return;
      warning.warnedAt = now();
      log.warn(`Memory pool '${pool}' is over its threshold of ${threshold}: ${figures} are used. Give Node more memory (--max-old-space-size), or let less run at once.`);
    } else if (warning.warnedAt !== undefined) {
      warning.warnedAt = undefined;
      log.info(`Memory pool '${pool}' is no longer over its threshold of ${threshold}: ${figures} are used.`);
    }
  },
});
