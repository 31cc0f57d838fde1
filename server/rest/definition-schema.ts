import type { FlowDefinition, GroupContents, ReportingTaskSnapshot } from '../engine/flow-definition/format.ts';
import { anything, bodyCheck, flag, list, mapOf, numeral, object, optional, position, revision, text, textMap, texts } from './schemas.ts';
import type { RevisionBody } from './call.ts';
import type { BodyCheck, Schema } from './validation.ts';

/** Schemas of NiFi's flow definitions, as far as an import leans on them: what is not of these types must not reach the engine. */

const name = { type: 'string' } as const;
const base = { identifier: name, instanceIdentifier: text, name: text, comments: text, position, groupIdentifier: text, scheduledState: text };
const bundle = optional({ group: text, artifact: text, version: text });

const descriptor = object({ name: text, displayName: text, identifiesControllerService: flag, sensitive: flag, dynamic: flag });
const configured: Record<string, Schema> = { ...base, type: name, bundle, properties: textMap, propertyDescriptors: mapOf(descriptor), bulletinLevel: text, annotationData: text };

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

const end = object({ id: name, type: text, groupId: text, name: text, comments: text }, ['id']);

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
    bends: list(object({ x: { type: 'number' }, y: { type: 'number' } }, ['x', 'y'])),
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
  group: object(
    {
      ...base,
      ...members,
      parameterContextName: text,
      defaultFlowFileExpiration: text,
      defaultBackPressureObjectThreshold: numeral,
      defaultBackPressureDataSizeThreshold: text,
      flowFileConcurrency: text,
      flowFileOutboundPolicy: text,
      executionEngine: text,
      maxConcurrentTasks: numeral,
      statelessFlowTimeout: text,
      logFileSuffix: text,
    },
    ['identifier'],
  ),
};

const parameterContext = object({
  name: text,
  description: text,
  parameters: list(
    object({ name, description: text, value: text, sensitive: flag, provided: flag, referencedAssets: list(object({ identifier: text, name }, ['name'])) }, ['name']),
  ),
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
    externalControllerServices: mapOf(object({ identifier: text, name: text })),
    flowEncodingVersion: text,
  },
  ['flowContents'],
);

/** A body that holds definitions somewhere: `within` gets the schema to put in its place. Fields that are null are taken away. */
export function definitionCheck<T>(within: (definition: Schema) => Schema): BodyCheck<T> {
  return checkedWithoutNulls<T>({ ...within(definition), definitions });
}

function checkedWithoutNulls<T>(schema: Schema): BodyCheck<T> {
  const check = bodyCheck<T>(schema);
  return (body) => {
    const checked = check(body);
    removeNulls(checked);
    return checked;
  };
}

/** Generated clients write null for what is not said. Only in the map of properties it says something: no value. */
function removeNulls(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, each] of Object.entries(value)) {
    if (each === null) delete (value as Record<string, unknown>)[key];
    else if (key !== 'properties') removeNulls(each);
  }
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
export const pasteBody = checkedWithoutNulls<{ revision?: RevisionBody; copyResponse: GroupContents }>({
  ...object({ revision, copyResponse: object({ ...members, id: text }) }, ['copyResponse']),
  definitions,
});
