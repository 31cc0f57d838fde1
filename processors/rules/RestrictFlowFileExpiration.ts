import { defineFlowAnalysisRule } from '../../server/extension/flow-analysis-rule.ts';
import { property } from '../../server/extension/property.ts';
import { parseDuration } from '../../server/extension/units.ts';
import { type BrokenLimit, connectionViolation } from './connection-violations.ts';

export default defineFlowAnalysisRule({
  description: 'Finds fault with connections whose FlowFile expiration is not within limits: short ones lose data, long ones let it pile up.',
  tags: ['connection', 'expiration', 'age'],
  nifi: { package: 'org.apache.nifi.flowanalysis.rules', bundle: 'nifi-standard-nar' },
  properties: {
    allowZero: property.boolean('Allow Zero Expiration', 'Whether an expiration of 0 sec, which means never, is allowed in any case', { default: 'true' }),
    minimum: property.text('Minimum FlowFile Expiration', 'The shortest expiration that a connection may have', { default: '1 min', validate: parseDuration }),
    maximum: property.text('Maximum FlowFile Expiration', 'The longest expiration that a connection may have', { default: '30 days', validate: parseDuration }),
  },
  validate: ({ minimum, maximum }) =>
    parseDuration(minimum) > parseDuration(maximum) ? ["'Minimum FlowFile Expiration' is invalid because it is longer than 'Maximum FlowFile Expiration'"] : [],
  analyze({ connections }, { properties: { allowZero, minimum, maximum } }) {
    return connections.flatMap((connection) => {
      const { flowFileExpiration: value } = connection;
      const millis = parseDuration(value);
      if (millis === 0 && allowZero) return [];
      const broken: BrokenLimit[] = [];
      const setting = 'FlowFile expiration';
      if (millis < parseDuration(minimum)) broken.push({ issue: 'FlowFileExpirationTooLow', setting, value, relation: 'less', limit: minimum });
      if (millis > parseDuration(maximum)) broken.push({ issue: 'FlowFileExpirationTooHigh', setting, value, relation: 'greater', limit: maximum });
      return broken.map((limit) => connectionViolation(connection, limit));
    });
  },
});
