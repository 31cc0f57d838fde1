/** NiFi's kinds of differences between two flows, and what its API calls them. */
export const DIFFERENCES = {
  COMPONENT_ADDED: 'Component Added',
  COMPONENT_REMOVED: 'Component Removed',
  NAME_CHANGED: 'Component Name Changed',
  COMMENTS_CHANGED: 'Comments Changed',
  POSITION_CHANGED: 'Position Changed',
  TYPE_CHANGED: 'Component Type Changed',
  BUNDLE_CHANGED: 'Component Bundle Changed',
  ANNOTATION_DATA_CHANGED: 'Annotation Data (Advanced UI Configuration) Changed',
  BULLETIN_LEVEL_CHANGED: 'Bulletin Level Changed',
  SCHEDULED_STATE_CHANGED: 'Scheduled State Changed',
  STYLE_CHANGED: 'Style Changed',
  ZINDEX_CHANGED: 'z-index Changed',
  AUTO_TERMINATED_RELATIONSHIPS_CHANGED: 'Auto-Terminated Relationships Changed',
  CONCURRENT_TASKS_CHANGED: 'Concurrent Tasks Changed',
  EXECUTION_MODE_CHANGED: 'Execution Mode Changed',
  PENALTY_DURATION_CHANGED: 'Penalty Duration Changed',
  YIELD_DURATION_CHANGED: 'Yield Duration Changed',
  RUN_DURATION_CHANGED: 'Run Duration Changed',
  RUN_SCHEDULE_CHANGED: 'Run Schedule Changed',
  SCHEDULING_STRATEGY_CHANGED: 'Scheduling Strategy Changed',
  RETRY_COUNT_CHANGED: 'Retry Count Changed',
  RETRIED_RELATIONSHIPS_CHANGED: 'Retried Relationships Changed',
  BACKOFF_MECHANISM_CHANGED: 'Backoff Mechanism Changed',
  MAX_BACKOFF_PERIOD_CHANGED: 'Max Backoff Period Changed',
  PROPERTY_ADDED: 'Property Added',
  PROPERTY_REMOVED: 'Property Removed',
  PROPERTY_CHANGED: 'Property Value Changed',
  PROPERTY_SENSITIVITY_CHANGED: 'Property Sensitivity Changed',
  PROPERTY_PARAMETERIZED: 'Property Parameterized',
  PROPERTY_PARAMETERIZATION_REMOVED: 'Property Parameterization Removed',
  PORT_FUNCTION_CHANGED: 'Port Function Changed',
  SOURCE_CHANGED: 'Connection Source Changed',
  DESTINATION_CHANGED: 'Connection Destination Changed',
  SELECTED_RELATIONSHIPS_CHANGED: 'Selected Relationships Changed',
  PRIORITIZERS_CHANGED: 'Prioritizers Changed',
  FLOWFILE_EXPIRATION_CHANGED: 'FlowFile Expiration Changed',
  BACKPRESSURE_OBJECT_THRESHOLD_CHANGED: 'Backpressure Object Threshold Changed',
  BACKPRESSURE_DATA_SIZE_THRESHOLD_CHANGED: 'Backpressure Data Size Threshold Changed',
  LOAD_BALANCE_STRATEGY_CHANGED: 'Load-Balance Strategy Changed',
  PARTITIONING_ATTRIBUTE_CHANGED: 'Partitioning Attribute Changed',
  LOAD_BALANCE_COMPRESSION_CHANGED: 'Load-Balance Compression Changed',
  BENDPOINTS_CHANGED: 'Connection Bend Points Changed',
  LABEL_VALUE_CHANGED: 'Label Text Changed',
  SIZE_CHANGED: 'Size Changed',
  FLOWFILE_CONCURRENCY_CHANGED: 'FlowFile Concurrency Changed',
  FLOWFILE_OUTBOUND_POLICY_CHANGED: 'FlowFile Outbound Policy Changed',
  DEFAULT_BACKPRESSURE_DATA_SIZE_CHANGED: 'Default Back Pressure Data Size Changed',
  DEFAULT_BACKPRESSURE_OBJECT_COUNT_CHANGED: 'Default Back Pressure Object Count Changed',
  DEFAULT_FLOWFILE_EXPIRATION_CHANGED: 'Default FlowFile Expiration Changed',
  PARAMETER_CONTEXT_CHANGED: 'Parameter Context Changed',
  LOG_FILE_SUFFIX_CHANGED: 'Log File Suffix Changed',
  EXECUTION_ENGINE_CHANGED: 'Execution Engine Changed',
  TIMEOUT_CHANGED: 'Timeout Changed',
  VERSIONED_FLOW_COORDINATES_CHANGED: 'Versioned Flow Coordinates Changed',
} as const;

export type DifferenceType = keyof typeof DIFFERENCES;

/** One field that is compared; `otherwise` stands for a field that is missing, `unordered` lists are compared as sets. */
export interface ComparedField {
  readonly field: string;
  readonly type: DifferenceType;
  readonly otherwise?: unknown;
  readonly unordered?: boolean;
}

const of = (field: string, type: DifferenceType, rest: Omit<ComparedField, 'field' | 'type'> = {}): ComparedField => ({ field, type, ...rest });

/** What all components have. */
export const BASE_FIELDS: readonly ComparedField[] = [of('name', 'NAME_CHANGED'), of('comments', 'COMMENTS_CHANGED'), of('position', 'POSITION_CHANGED')];

const configured = [
  of('type', 'TYPE_CHANGED'),
  of('bundle', 'BUNDLE_CHANGED'),
  of('annotationData', 'ANNOTATION_DATA_CHANGED'),
  of('bulletinLevel', 'BULLETIN_LEVEL_CHANGED', { otherwise: 'WARN' }),
  of('scheduledState', 'SCHEDULED_STATE_CHANGED'),
];

const port = [
  of('concurrentlySchedulableTaskCount', 'CONCURRENT_TASKS_CHANGED', { otherwise: 1 }),
  of('scheduledState', 'SCHEDULED_STATE_CHANGED'),
  of('portFunction', 'PORT_FUNCTION_CHANGED', { otherwise: 'STANDARD' }),
];

/** What the components of a group have besides, by the list that they stand in. */
export const MEMBER_FIELDS = {
  processors: [
    ...configured,
    of('style', 'STYLE_CHANGED'),
    of('schedulingPeriod', 'RUN_SCHEDULE_CHANGED'),
    of('schedulingStrategy', 'SCHEDULING_STRATEGY_CHANGED'),
    of('executionNode', 'EXECUTION_MODE_CHANGED', { otherwise: 'ALL' }),
    of('penaltyDuration', 'PENALTY_DURATION_CHANGED'),
    of('yieldDuration', 'YIELD_DURATION_CHANGED'),
    of('runDurationMillis', 'RUN_DURATION_CHANGED', { otherwise: 0 }),
    of('concurrentlySchedulableTaskCount', 'CONCURRENT_TASKS_CHANGED', { otherwise: 1 }),
    of('autoTerminatedRelationships', 'AUTO_TERMINATED_RELATIONSHIPS_CHANGED', { unordered: true }),
    of('retryCount', 'RETRY_COUNT_CHANGED', { otherwise: 10 }),
    of('retriedRelationships', 'RETRIED_RELATIONSHIPS_CHANGED', { unordered: true }),
    of('backoffMechanism', 'BACKOFF_MECHANISM_CHANGED', { otherwise: 'PENALIZE_FLOWFILE' }),
    of('maxBackoffPeriod', 'MAX_BACKOFF_PERIOD_CHANGED', { otherwise: '10 mins' }),
  ],
  controllerServices: configured,
  inputPorts: port,
  outputPorts: port,
  funnels: [],
  labels: [
    of('label', 'LABEL_VALUE_CHANGED'),
    of('width', 'SIZE_CHANGED'),
    of('height', 'SIZE_CHANGED'),
    of('style', 'STYLE_CHANGED'),
    of('zIndex', 'ZINDEX_CHANGED', { otherwise: 0 }),
  ],
  connections: [
    of('selectedRelationships', 'SELECTED_RELATIONSHIPS_CHANGED', { unordered: true }),
    of('prioritizers', 'PRIORITIZERS_CHANGED'),
    of('flowFileExpiration', 'FLOWFILE_EXPIRATION_CHANGED', { otherwise: '0 sec' }),
    of('backPressureObjectThreshold', 'BACKPRESSURE_OBJECT_THRESHOLD_CHANGED'),
    of('backPressureDataSizeThreshold', 'BACKPRESSURE_DATA_SIZE_THRESHOLD_CHANGED'),
    of('loadBalanceStrategy', 'LOAD_BALANCE_STRATEGY_CHANGED', { otherwise: 'DO_NOT_LOAD_BALANCE' }),
    of('partitioningAttribute', 'PARTITIONING_ATTRIBUTE_CHANGED'),
    of('loadBalanceCompression', 'LOAD_BALANCE_COMPRESSION_CHANGED', { otherwise: 'DO_NOT_COMPRESS' }),
    of('bends', 'BENDPOINTS_CHANGED'),
    of('zIndex', 'ZINDEX_CHANGED', { otherwise: 0 }),
  ],
} as const satisfies Record<string, readonly ComparedField[]>;

/** What groups have besides. */
export const GROUP_FIELDS: readonly ComparedField[] = [
  of('flowFileConcurrency', 'FLOWFILE_CONCURRENCY_CHANGED', { otherwise: 'UNBOUNDED' }),
  of('flowFileOutboundPolicy', 'FLOWFILE_OUTBOUND_POLICY_CHANGED', { otherwise: 'STREAM_WHEN_AVAILABLE' }),
  of('defaultBackPressureDataSizeThreshold', 'DEFAULT_BACKPRESSURE_DATA_SIZE_CHANGED', { otherwise: '1 GB' }),
  of('defaultBackPressureObjectThreshold', 'DEFAULT_BACKPRESSURE_OBJECT_COUNT_CHANGED', { otherwise: 10_000 }),
  of('defaultFlowFileExpiration', 'DEFAULT_FLOWFILE_EXPIRATION_CHANGED', { otherwise: '0 sec' }),
  of('parameterContextName', 'PARAMETER_CONTEXT_CHANGED'),
  of('logFileSuffix', 'LOG_FILE_SUFFIX_CHANGED'),
  of('executionEngine', 'EXECUTION_ENGINE_CHANGED', { otherwise: 'INHERITED' }),
  of('maxConcurrentTasks', 'CONCURRENT_TASKS_CHANGED', { otherwise: 1 }),
  of('statelessFlowTimeout', 'TIMEOUT_CHANGED', { otherwise: '1 min' }),
];
