import { Ajv, type ErrorObject } from 'ajv';
import addFormatsModule from 'ajv-formats';
import type { SchemaObject } from './specification.ts';

/** Fields with times, which are formatted text in NiFi whatever the file calls them. */
const DATE = String.raw`(?:\d{2}/\d{2}/\d{4} )?\d{2}:\d{2}:\d{2}(?:\.\d{3})? \S+`;
const DATE_FIELDS = /^(?:statsLastRefreshed|generated|currentTime|lastRefreshed|submissionTime|lastUpdated|eventTime|expiration|buildTimestamp)$/;

/** Where the file's type is not what NiFi writes. */
const FIELD_CORRECTIONS: Readonly<Record<string, SchemaObject>> = {
  // Dates without a formatter: milliseconds since 1970.
  'StatusSnapshotDTO.timestamp': { type: 'integer' },
  // Two classes of this name; the file describes the one without.
  'Bundle.componentManifest': { type: 'object' },
};

/** What NiFi never leaves out of what it answers, by schema. The file requires next to nothing. */
const ALWAYS: Readonly<Record<string, readonly string[]>> = {
  ProcessorEntity: ['id', 'uri', 'position', 'permissions', 'bulletins', 'component', 'inputRequirement', 'status', 'operatePermissions'],
  ProcessorDTO: ['id', 'parentGroupId', 'position', 'name', 'type', 'bundle', 'state', 'style', 'relationships', 'supportsParallelProcessing', 'config', 'inputRequirement'],
  // Properties and descriptors are left out of what only a canvas asks for (uiOnly).
  ProcessorConfigDTO: ['schedulingPeriod', 'schedulingStrategy', 'penaltyDuration', 'yieldDuration', 'bulletinLevel', 'runDurationMillis'],
  ConnectionEntity: ['id', 'uri', 'permissions', 'component', 'status', 'bends', 'labelIndex', 'getzIndex', 'sourceId', 'sourceGroupId', 'destinationId', 'destinationGroupId'],
  ConnectionDTO: [
    'id',
    'parentGroupId',
    'source',
    'destination',
    'labelIndex',
    'getzIndex',
    'backPressureObjectThreshold',
    'backPressureDataSizeThreshold',
    'flowFileExpiration',
    'prioritizers',
  ],
  // Parameter contexts name the groups that they are bound to without more.
  ProcessGroupEntity: ['id', 'permissions', 'component'],
  ProcessGroupFlowDTO: ['id', 'uri', 'breadcrumb', 'flow', 'lastRefreshed'],
  FlowDTO: ['processGroups', 'remoteProcessGroups', 'processors', 'inputPorts', 'outputPorts', 'connections', 'labels', 'funnels'],
  ControllerServiceEntity: ['id', 'uri', 'permissions', 'bulletins', 'component', 'status', 'operatePermissions'],
  ControllerServiceDTO: ['id', 'name', 'type', 'bundle', 'controllerServiceApis', 'state', 'referencingComponents', 'validationStatus'],
  ParameterContextDTO: ['id', 'name', 'parameters', 'boundProcessGroups', 'inheritedParameterContexts'],
  PortEntity: ['id', 'uri', 'position', 'permissions', 'bulletins', 'component', 'status', 'portType', 'operatePermissions'],
  FunnelEntity: ['id', 'uri', 'position', 'permissions', 'component'],
  LabelEntity: ['id', 'uri', 'position', 'permissions', 'component', 'dimensions'],
  BulletinEntity: ['id', 'timestamp', 'canRead'],
  PropertyDescriptorDTO: ['name', 'displayName', 'required', 'sensitive', 'dynamic', 'supportsEl', 'expressionLanguageScope', 'dependencies'],
  ListingRequestDTO: ['id', 'uri', 'submissionTime', 'lastUpdated', 'percentCompleted', 'finished', 'maxResults', 'queueSize', 'state'],
  FlowFileDTO: ['uri', 'uuid', 'filename', 'size', 'queuedDuration', 'lineageDuration', 'penalized'],
  DropRequestDTO: ['id', 'uri', 'submissionTime', 'lastUpdated', 'percentCompleted', 'finished', 'currentCount', 'originalCount', 'droppedCount', 'state'],
  ProvenanceEventDTO: ['id', 'eventId', 'eventTime', 'eventType', 'flowFileUuid', 'fileSizeBytes', 'groupId', 'componentId', 'componentType', 'componentName'],
  ReportingTaskDTO: ['id', 'name', 'type', 'bundle', 'state', 'schedulingPeriod', 'schedulingStrategy', 'properties', 'descriptors', 'validationStatus'],
  ParameterProviderDTO: ['id', 'name', 'type', 'bundle', 'properties', 'descriptors', 'validationStatus'],
  FlowRegistryClientDTO: ['id', 'name', 'type', 'bundle', 'properties', 'descriptors'],
  UserDTO: ['id', 'identity', 'configurable'],
  // Within a user group NiFi leaves out whom a policy names.
  AccessPolicyDTO: ['id', 'resource', 'action', 'configurable'],
};

/** Checks answers by the schemas of the file, strictly: fields that NiFi does not have are faults, and so are those that it always has. */
export class SchemaCheck {
  readonly #ajv: Ajv;

  constructor(schemas: Readonly<Record<string, SchemaObject>>) {
    this.#ajv = new Ajv({ strict: false, allErrors: true, validateFormats: true });
    addFormatsModule.default(this.#ajv);
    this.#ajv.addFormat('date-time', new RegExp(`^${DATE}$`));
    const strict = Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, strictly(schema, name)]));
    this.#ajv.addSchema({ $id: 'nifi', components: { schemas: strict } });
  }

  /** What is wrong with the answer, a sentence each; `name` is the schema's. */
  faults(name: string, value: unknown): string[] {
    const validate = this.#ajv.getSchema(`nifi#/components/schemas/${name}`);
    if (!validate) return [`there is no schema ${name}`];
    validate(value);
    return [...new Set((validate.errors ?? []).map(sentence))];
  }
}

function strictly(schema: SchemaObject, name: string): SchemaObject {
  if (schema.$ref) return { $ref: `nifi${schema.$ref}` };
  const { properties, items, additionalProperties } = schema;
  const map = typeof additionalProperties === 'object' ? strictly(additionalProperties, name) : additionalProperties;
  return {
    ...schema,
    ...(items && { items: strictly(items, name) }),
    ...(map !== undefined && { additionalProperties: map }),
    ...(properties && {
      properties: Object.fromEntries(Object.entries({ ...properties, ...addedTo(name) }).map(([field, each]) => [field, fieldSchema(name, field, each)])),
      additionalProperties: map ?? false,
      required: ALWAYS[name] ?? schema.required ?? [],
    }),
  };
}

/** Fields that the file has not for this schema. */
function addedTo(name: string): Record<string, SchemaObject> {
  return Object.fromEntries(
    Object.entries(FIELD_CORRECTIONS)
      .filter(([field]) => field.startsWith(`${name}.`))
      .map(([field, schema]) => [field.slice(name.length + 1), schema]),
  );
}

function fieldSchema(owner: string, field: string, schema: SchemaObject): SchemaObject {
  const corrected = FIELD_CORRECTIONS[`${owner}.${field}`];
  if (corrected) return corrected;
  // A property without a value is null.
  if (field === 'properties' && schema.additionalProperties) return { type: 'object', additionalProperties: { type: ['string', 'null'] } };
  return schema.type === 'string' && DATE_FIELDS.test(field) ? { ...schema, format: 'date-time' } : strictly(schema, owner);
}

/** Array indexes and ids are left out: one fault in a hundred entries is one fault. */
function sentence({ instancePath, message, params }: ErrorObject): string {
  const at = instancePath.replaceAll(/\/\d+(?=\/|$)/g, '[]').replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '…');
  const { additionalProperty, allowedValues } = params as { additionalProperty?: string; allowedValues?: unknown[] };
  const about = additionalProperty ? `: ${additionalProperty}` : allowedValues ? `: ${allowedValues.join(', ')}` : '';
  return `${at || '/'} ${message}${about}`;
}
