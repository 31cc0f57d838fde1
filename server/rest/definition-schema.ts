import type { FlowDefinition, GroupContents, ReportingTaskSnapshot } from '../engine/flow-definition/format.ts';
import { anything, bodyCheck, flag, list, mapOf, numeral, object, optional, position, revision, text, textMap, texts } from './schemas.ts';
import type { RevisionBody } from './call.ts';
import type { BodyCheck, Schema } from './validation.ts';

/** Schemas of NiFi's flow definitions, as far as an import leans on them: what is not of these types must not reach the engine. */

const name = { type: 'string' } as const;
const base = { identifier: name, instanceIdentifier: text, name: text, comments: text, position, groupIdentifier: text, scheduledState: text };
const bundle = optional({ group: text, artifact: text, version: text });

const configured: Record<string, Schema> = { ...base, type: name, bundle, properties: textMap, propertyDescriptors: mapOf(anything), bulletinLevel: text };

const processor = object(
  {
    ...configured,
    style: textMap,
    schedulingPeriod: text,
    schedulingStrategy: text,
    executionNode: text,
    penaltyDuration: text,
    yieldDuration: text,
    runDurationMillis: numeral,
    concurrentlySchedulableTaskCount: numeral,
    autoTerminatedRelationships: texts,
    retryCount: numeral,
    retriedRelationships: texts,
    backoffMechanism: text,
    maxBackoffPeriod: text,
  },
  ['identifier', 'type'],
);

const end = object({ id: name, type: text, groupId: text }, ['id']);

const connection = object(
  {
    ...base,
    source: end,
    destination: end,
    selectedRelationships: texts,
    labelIndex: numeral,
    zIndex: numeral,
    backPressureObjectThreshold: numeral,
    backPressureDataSizeThreshold: text,
    flowFileExpiration: text,
    prioritizers: texts,
    bends: list(position),
    loadBalanceStrategy: text,
    partitioningAttribute: text,
    loadBalanceCompression: text,
  },
  ['identifier', 'source', 'destination'],
);

const port = object({ ...base, type: text, concurrentlySchedulableTaskCount: numeral, allowRemoteAccess: flag, portFunction: text }, ['identifier', 'name']);

const members: Record<string, Schema> = {
  processors: list(processor),
  inputPorts: list(port),
  outputPorts: list(port),
  connections: list(connection),
  labels: list(object({ ...base, label: text, zIndex: numeral, width: numeral, height: numeral, style: textMap }, ['identifier'])),
  funnels: list(object(base, ['identifier'])),
  controllerServices: list(object(configured, ['identifier', 'type'])),
  remoteProcessGroups: list(anything),
  processGroups: list({ $ref: '#/definitions/group' }),
};

const definitions = {
  group: object({ ...base, ...members, parameterContextName: text, defaultFlowFileExpiration: text, defaultBackPressureObjectThreshold: numeral }, ['identifier']),
};

const parameterContext = object({
  name: text,
  description: text,
  parameters: list(object({ name, description: text, value: text, sensitive: flag, provided: flag }, ['name'])),
  inheritedParameterContexts: texts,
  parameterProvider: text,
  parameterGroupName: text,
  synchronized: flag,
});

const parameterProvider = object({ identifier: name, name: text, type: name, bundle }, ['identifier', 'type']);

const definition = object(
  {
    flowContents: { $ref: '#/definitions/group' },
    parameterContexts: mapOf(parameterContext),
    parameterProviders: mapOf(parameterProvider),
    externalControllerServices: mapOf(anything),
    flowEncodingVersion: text,
  },
  ['flowContents'],
);

/** A body that holds definitions somewhere: `within` gets the schema to put in its place. */
export function definitionCheck<T>(within: (definition: Schema) => Schema): BodyCheck<T> {
  return bodyCheck<T>({ ...within(definition), definitions });
}

/** The body of an import of reporting tasks. */
export const reportingTaskImport = bodyCheck<{ reportingTaskSnapshot: ReportingTaskSnapshot }>(
  object(
    {
      reportingTaskSnapshot: object({
        reportingTasks: list(object({ ...configured, schedulingStrategy: text, schedulingPeriod: text }, ['identifier', 'type'])),
        controllerServices: list(object(configured, ['identifier', 'type'])),
      }),
    },
    ['reportingTaskSnapshot'],
  ),
);

/** A flow definition by itself. */
export const flowDefinition = definitionCheck<FlowDefinition>((schema) => schema);

/** What a copy answered, to be pasted. */
export const pasteBody = bodyCheck<{ revision?: RevisionBody; copyResponse: GroupContents }>({
  ...object({ revision, copyResponse: object({ ...members, id: text }) }, ['copyResponse']),
  definitions,
});
