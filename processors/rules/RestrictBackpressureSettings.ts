import { defineFlowAnalysisRule } from '../../server/extension/flow-analysis-rule.ts';
import { property } from '../../server/extension/property.ts';
import { parseDataSize } from '../../server/extension/units.ts';
import { type BrokenLimit, connectionViolation } from './connection-violations.ts';

const [COUNT, SIZE] = ['back pressure object threshold', 'back pressure data size threshold'];

export default defineFlowAnalysisRule({
  description: 'Finds fault with connections whose back pressure thresholds are not within limits: too high ones let data pile up, 0 means no back pressure.',
  tags: ['connection', 'backpressure'],
  nifi: { package: 'org.apache.nifi.flowanalysis.rules', bundle: 'nifi-standard-nar' },
  properties: {
    minCount: property.integer('Minimum Backpressure Object Count Threshold', 'The smallest object threshold that a connection may have', { default: '1', min: 1 }),
    maxCount: property.integer('Maximum Backpressure Object Count Threshold', 'The greatest object threshold that a connection may have', { default: '10000', min: 1 }),
    minSize: property.text('Minimum Backpressure Data Size Threshold', 'The smallest data size threshold that a connection may have', { default: '1 MB', validate: parseDataSize }),
    maxSize: property.text('Maximum Backpressure Data Size Threshold', 'The greatest data size threshold that a connection may have', { default: '1 GB', validate: parseDataSize }),
  },
  validate({ minCount, maxCount, minSize, maxSize }) {
    const problems: string[] = [];
    if (minCount > maxCount) problems.push("'Minimum Backpressure Object Count Threshold' is invalid because it is greater than 'Maximum Backpressure Object Count Threshold'");
    if (parseDataSize(minSize) > parseDataSize(maxSize))
      problems.push("'Minimum Backpressure Data Size Threshold' is invalid because it is greater than 'Maximum Backpressure Data Size Threshold'");
    return problems;
  },
  analyze({ connections }, { properties: { minCount, maxCount, minSize, maxSize } }) {
    return connections.flatMap((connection) => {
      const { backPressureObjectThreshold: count, backPressureDataSizeThreshold: size } = connection;
      const broken: BrokenLimit[] = [];
      if (count < minCount) broken.push({ issue: 'BackpressureCountThresholdTooLow', setting: COUNT!, value: count, relation: 'less', limit: minCount });
      if (count > maxCount) broken.push({ issue: 'BackpressureCountThresholdTooHigh', setting: COUNT!, value: count, relation: 'greater', limit: maxCount });
      if (parseDataSize(size) < parseDataSize(minSize)) broken.push({ issue: 'BackpressureSizeThresholdTooLow', setting: SIZE!, value: size, relation: 'less', limit: minSize });
      if (parseDataSize(size) > parseDataSize(maxSize))
        broken.push({ issue: 'BackpressureSizeThresholdTooHigh', setting: SIZE!, value: size, relation: 'greater', limit: maxSize });
      return broken.map((limit) => connectionViolation(connection, limit));
    });
  },
});
