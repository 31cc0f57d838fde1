import type { ConfiguredProperties } from '../../engine/configured-properties.ts';
import type { ProcessorConfig, ProcessorEdit } from '../../engine/processor-config.ts';
import type { ScheduledState } from '../../engine/processor-node.ts';
import { MASK } from '../dto/descriptor.ts';
import { anything, choice, type ComponentBody, entity, optional, text, textMap, texts, whole, withoutNulls } from '../schemas.ts';
import type { Schema } from '../validation.ts';

type Nullable<T> = { [K in keyof T]?: T[K] | null };

interface ConfigBody extends Nullable<Omit<ProcessorConfig, 'style'>> {
  comments?: string | null;
  properties?: Record<string, string | null> | null;
  sensitiveDynamicPropertyNames?: string[] | null;
}

export interface ProcessorBody extends ComponentBody {
  state?: ScheduledState | null;
  style?: Record<string, string> | null;
  config?: ConfigBody | null;
}

const config = optional({
  comments: text,
  properties: textMap,
  sensitiveDynamicPropertyNames: texts,
  schedulingPeriod: text,
  schedulingStrategy: text,
  executionNode: text,
  penaltyDuration: text,
  yieldDuration: text,
  bulletinLevel: text,
  runDurationMillis: whole,
  concurrentlySchedulableTaskCount: whole,
  autoTerminatedRelationships: texts,
  retryCount: whole,
  retriedRelationships: texts,
  backoffMechanism: text,
  maxBackoffPeriod: text,
});

const fields = { state: choice('RUNNING', 'STOPPED', 'DISABLED'), style: textMap, bundle: anything, config };

/** The body of an edit. */
export const processorBody = entity<ProcessorBody>(fields);

/** The body that makes a processor. */
export const newProcessorBody = entity<ProcessorBody & { type: string }>({ ...fields, type: { type: 'string' } as Schema });

/** A client that sends back what it was shown must not overwrite a secret by its mask. */
export function withoutMasks(texts: Record<string, string | null>, properties: Pick<ConfiguredProperties, 'isSensitive'>): Record<string, string | null> {
  return Object.fromEntries(Object.entries(texts).filter(([name, value]) => value !== MASK || !properties.isSensitive(name)));
}

/** What the body says of the configuration, as the engine takes it. */
export function processorEdit({ name, comments, position, style, config: given }: ProcessorBody, properties: Pick<ConfiguredProperties, 'isSensitive'>): ProcessorEdit {
  const { comments: notes, properties: texts, ...rest } = given ?? {};
  return {
    ...withoutNulls(rest),
    ...withoutNulls({ name, position, style }),
    ...withoutNulls({ comments: notes ?? comments }),
    properties: texts ? withoutMasks(texts, properties) : undefined,
  };
}
