import type { Position } from '../component.ts';
import type { Bundle } from '../component-types.ts';

/** NiFi 2's flow definition ("Download flow definition", VersionedProcessGroup of the REST API). Every field but the ids may be missing. */
export interface FlowDefinition {
  readonly flowContents: GroupContents;
  readonly externalControllerServices?: Readonly<Record<string, { readonly identifier: string; readonly name: string }>>;
  readonly parameterContexts?: Readonly<Record<string, ContextContents>>;
  readonly flowEncodingVersion?: string;
  readonly parameterProviders?: Readonly<Record<string, ProviderContents>>;
  readonly latest?: boolean;
}

interface Contents {
  readonly identifier: string;
  readonly instanceIdentifier?: string;
  readonly name?: string;
  readonly comments?: string;
  readonly position?: Position;
  readonly groupIdentifier?: string;
  readonly componentType?: string;
}

export type VersionedState = 'ENABLED' | 'DISABLED' | 'RUNNING';

interface ConfiguredContents extends Contents {
  readonly type: string;
  readonly bundle: Bundle;
  readonly properties?: Readonly<Record<string, string | null>>;
  readonly propertyDescriptors?: Readonly<Record<string, DescriptorContents>>;
  readonly annotationData?: string;
  readonly bulletinLevel?: string;
  readonly scheduledState?: VersionedState;
}

export interface DescriptorContents {
  readonly name: string;
  readonly displayName: string;
  readonly identifiesControllerService: boolean;
  readonly sensitive: boolean;
  readonly dynamic: boolean;
}

export interface ProcessorContents extends ConfiguredContents {
  readonly style?: Readonly<Record<string, string>>;
  readonly schedulingPeriod?: string;
  readonly schedulingStrategy?: string;
  readonly executionNode?: string;
  readonly penaltyDuration?: string;
  readonly yieldDuration?: string;
  readonly runDurationMillis?: number;
  readonly concurrentlySchedulableTaskCount?: number;
  readonly autoTerminatedRelationships?: readonly string[];
  readonly retryCount?: number;
  readonly retriedRelationships?: readonly string[];
  readonly backoffMechanism?: string;
  readonly maxBackoffPeriod?: string;
}

export interface ServiceContents extends ConfiguredContents {
  readonly controllerServiceApis?: readonly { readonly type: string; readonly bundle: Bundle }[];
}

export interface ReportingTaskContents extends ConfiguredContents {
  readonly schedulingStrategy?: string;
  readonly schedulingPeriod?: string;
}

/** NiFi's VersionedReportingTaskSnapshot. */
export interface ReportingTaskSnapshot {
  readonly reportingTasks?: readonly ReportingTaskContents[];
  readonly controllerServices?: readonly ServiceContents[];
}

export interface PortContents extends Contents {
  readonly type: 'INPUT_PORT' | 'OUTPUT_PORT';
  readonly concurrentlySchedulableTaskCount?: number;
  readonly scheduledState?: VersionedState;
  readonly allowRemoteAccess?: boolean;
  readonly portFunction?: 'STANDARD' | 'FAILURE';
}

export interface EndContents {
  readonly id: string;
  readonly type: string;
  readonly groupId: string;
  readonly name?: string;
  readonly comments?: string;
  readonly instanceIdentifier?: string;
}

export interface ConnectionContents extends Contents {
  readonly source: EndContents;
  readonly destination: EndContents;
  readonly selectedRelationships?: readonly string[];
  readonly labelIndex?: number;
  readonly zIndex?: number;
  readonly backPressureObjectThreshold?: number;
  readonly backPressureDataSizeThreshold?: string;
  readonly flowFileExpiration?: string;
  readonly prioritizers?: readonly string[];
  readonly bends?: readonly Position[];
  readonly loadBalanceStrategy?: string;
  readonly partitioningAttribute?: string;
  readonly loadBalanceCompression?: string;
}

export interface LabelContents extends Contents {
  readonly label?: string;
  readonly zIndex?: number;
  readonly width?: number;
  readonly height?: number;
  readonly style?: Readonly<Record<string, string>>;
}

/** Which version of which flow a group follows. */
export interface FlowCoordinates {
  readonly registryId?: string;
  /** Where the registry keeps it. */
  readonly storageLocation?: string;
  readonly branch?: string;
  readonly bucketId: string;
  readonly flowId: string;
  readonly version: string;
  readonly latest?: boolean;
}

export interface GroupContents extends Contents {
  /** Of a nested group that is under version control. */
  readonly versionedFlowCoordinates?: FlowCoordinates;
  readonly processGroups?: readonly GroupContents[];
  readonly remoteProcessGroups?: readonly unknown[];
  readonly processors?: readonly ProcessorContents[];
  readonly inputPorts?: readonly PortContents[];
  readonly outputPorts?: readonly PortContents[];
  readonly connections?: readonly ConnectionContents[];
  readonly labels?: readonly LabelContents[];
  readonly funnels?: readonly Contents[];
  readonly controllerServices?: readonly ServiceContents[];
  readonly parameterContextName?: string;
  readonly defaultFlowFileExpiration?: string;
  readonly defaultBackPressureObjectThreshold?: number;
  readonly defaultBackPressureDataSizeThreshold?: string;
  readonly scheduledState?: VersionedState;
  readonly executionEngine?: string;
  readonly maxConcurrentTasks?: number;
  readonly statelessFlowTimeout?: string;
  readonly flowFileConcurrency?: string;
  readonly flowFileOutboundPolicy?: string;
  readonly logFileSuffix?: string;
}

export interface ParameterContents {
  readonly name: string;
  readonly description?: string;
  readonly sensitive?: boolean;
  readonly provided?: boolean;
  readonly value?: string | null;
  readonly referencedAssets?: readonly { readonly identifier: string; readonly name: string }[];
}

/** A parameter provider that contexts of a definition refer to; its configuration is not in it. */
export interface ProviderContents {
  readonly identifier: string;
  readonly name?: string;
  readonly type: string;
  readonly bundle?: Bundle;
}

export interface ContextContents {
  /** Identifier of its parameter provider. */
  readonly parameterProvider?: string;
  readonly parameterGroupName?: string;
  readonly synchronized?: boolean;
  readonly name: string;
  readonly description?: string;
  readonly parameters?: readonly ParameterContents[];
  readonly inheritedParameterContexts?: readonly string[];
  readonly componentType?: string;
}
