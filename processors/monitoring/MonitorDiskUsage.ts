import { statfs } from 'node:fs/promises';
import { defineReportingTask } from '../../server/extension/reporting-task.ts';
import { property } from '../../server/extension/property.ts';
import { dataSize, parsePercentage, percent } from './thresholds.ts';

export default defineReportingTask({
  description: 'Looks how full the file system of a directory is, and warns where it is fuller than a threshold.',
  tags: ['disk', 'repo', 'warning', 'storage', 'monitoring'],
  nifi: { package: 'org.apache.nifi.controller', bundle: 'nifi-standard-nar' },
  properties: {
    threshold: property.text('Threshold', 'How full the file system may be before a bulletin warns of it, such as 80%', { default: '80%', validate: parsePercentage }),
    directory: property.text('Directory Location', 'A directory of the file system to look at', { required: true }),
    displayName: property.text('Directory Display Name', 'How warnings name the directory', { default: 'Un-Named', required: false }),
  },
  async onTrigger({ properties, log }) {
    const { blocks, bavail, bsize } = await statfs(properties.directory);
    const [total, free] = [blocks * bsize, bavail * bsize];
    const used = total - free;
    if (total === 0 || (used / total) * 100 < parsePercentage(properties.threshold)) return;
    log.warn(
      `${properties.displayName} (${properties.directory}) is over its threshold of ${properties.threshold}: ${dataSize(used)} of ${dataSize(total)} (${percent(used, total)}) are used, ${dataSize(free)} are free. Remove what is not needed, or give it more room.`,
    );
  },
});
