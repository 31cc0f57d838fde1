import type { ConnectionEdit } from './connection.ts';
import type { ServiceEdit } from './controller-service-node.ts';
import type { ParameterContextEdit } from './parameter-context.ts';
import type { PortEdit } from './port.ts';
import type { GroupEdit } from './process-group.ts';
import type { ProcessorEdit } from './processor-config.ts';

/** What a processor is made from: its full type name, and settings. */
export interface ProcessorSpec extends ProcessorEdit {
  readonly type: string;
}

export interface ServiceSpec extends ServiceEdit {
  readonly type: string;
}

export interface ConnectionSpec extends ConnectionEdit {
  readonly source: string;
  readonly destination: string;
}

export interface PortSpec extends PortEdit {
  readonly name: string;
}

export interface GroupSpec extends GroupEdit {
  readonly name: string;
}

export interface ParameterContextSpec extends ParameterContextEdit {
  readonly name: string;
}
