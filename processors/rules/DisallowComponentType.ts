import { defineFlowAnalysisRule } from '../../server/extension/flow-analysis-rule.ts';
import { property } from '../../server/extension/property.ts';

export default defineFlowAnalysisRule({
  description: 'Finds fault with every processor and controller service of a type.',
  tags: ['component', 'processor', 'controller service', 'type'],
  nifi: { package: 'org.apache.nifi.flowanalysis.rules', bundle: 'nifi-standard-nar' },
  properties: {
    type: property.text('component-type', 'The type that must not be used: its full name, or the last part of it', { displayName: 'Component Type', required: true }),
  },
  analyze({ components }, { properties }) {
    const isDisallowed = (type: string): boolean => type === properties.type || type.slice(type.lastIndexOf('.') + 1) === properties.type;
    return components
      .filter(({ type }) => isDisallowed(type))
      .map(({ id }) => ({ issueId: 'default', componentId: id, message: `'${properties.type}' is not allowed. Use another type of component.` }));
  },
});
