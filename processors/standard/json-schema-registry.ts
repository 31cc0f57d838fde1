import { property } from '../../server/extension/property.ts';
import { serviceContract } from '../../server/extension/service.ts';
import type { JsonCheck } from './json-schema.ts';

/** What is wrong with documents, by schemas that have names. */
export interface JsonSchemaRegistry {
  /** The check by the schema of a name. Throws ProcessError where there is none. */
  check(name: string): JsonCheck;
}

export const JSON_SCHEMA_REGISTRY = serviceContract<JsonSchemaRegistry>('org.apache.nifi.schemaregistry.services.JsonSchemaRegistry');

const DRAFTS = { DRAFT_4: 'Draft 4', DRAFT_6: 'Draft 6', DRAFT_7: 'Draft 7', DRAFT_2019_09: 'Draft 2019-09', DRAFT_2020_12: 'Draft 2020-12' } as const;

/** The property for the draft of JSON Schema that schemas are written in. */
export const schemaDraft = (description: string, dependsOn?: Readonly<Record<string, readonly string[]>>) =>
  property.choice('JSON Schema Version', description, DRAFTS, { default: 'DRAFT_2020_12', ...(dependsOn && { dependsOn }) });

/** What is wrong with the choice of a draft. */
export const draftProblems = (draft: string): string[] => (draft === 'DRAFT_4' ? ['JSON Schema Version Draft 4 is not supported by this runtime: choose a later one'] : []);
