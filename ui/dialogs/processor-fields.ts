import type { ProcessorConfig, ProcessorEntity } from '../api/shapes.ts';
import type { FieldMapping } from '../shared/edit/use-edit.ts';
import type { Fields } from '../shared/edit/fields.ts';
import { PROPERTY, propertiesIn, propertyFields, SENSITIVE } from '../shared/properties/property-fields.ts';

/** Fields of a processor that lie in its `config`. */
export const CONFIG_FIELDS = [
  'comments',
  'schedulingStrategy',
  'schedulingPeriod',
  'concurrentlySchedulableTaskCount',
  'runDurationMillis',
  'executionNode',
  'penaltyDuration',
  'yieldDuration',
  'bulletinLevel',
  'autoTerminatedRelationships',
  'retriedRelationships',
  'retryCount',
  'backoffMechanism',
  'maxBackoffPeriod',
  SENSITIVE,
] as const satisfies readonly (keyof ProcessorConfig)[];

export const processorMapping: FieldMapping<ProcessorEntity> = {
  read: ({ component }) => {
    const config = component.config as ProcessorConfig;
    const scheduling = Object.fromEntries(CONFIG_FIELDS.map((field) => [field, config[field]]));
    return { name: component.name, ...scheduling, ...propertyFields(config.properties) } as Fields;
  },
  write: (changed) => {
    const { name, ...rest } = changed;
    const config = Object.fromEntries(Object.entries(rest).filter(([key]) => !key.startsWith(PROPERTY)));
    const properties = propertiesIn(rest);
    const hasProperties = Object.keys(properties).length > 0;
    return { name, config: { ...config, ...(hasProperties ? { properties } : {}) } };
  },
};

const NAMES: Readonly<Record<string, string>> = {
  name: 'Name',
  comments: 'Comments',
  schedulingStrategy: 'Scheduling strategy',
  schedulingPeriod: 'Run schedule',
  concurrentlySchedulableTaskCount: 'Concurrent tasks',
  runDurationMillis: 'Run duration',
  executionNode: 'Execution node',
  penaltyDuration: 'Penalty duration',
  yieldDuration: 'Yield duration',
  bulletinLevel: 'Bulletin level',
  autoTerminatedRelationships: 'Relationships that terminate',
  retriedRelationships: 'Relationships that are retried',
  retryCount: 'Number of retries',
  backoffMechanism: 'Back-off',
  maxBackoffPeriod: 'Longest back-off',
  [SENSITIVE]: 'Sensitive properties',
};

/** How a field is called. */
export const fieldName = (key: string): string => NAMES[key] ?? (key.startsWith(PROPERTY) ? key.slice(PROPERTY.length) : key);
