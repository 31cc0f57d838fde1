import type { FlowController } from '../../engine/flow-controller.ts';
import type { GroupEdit } from '../../engine/process-group.ts';
import { choice, type ComponentBody, entity, numeral, reference, type ReferenceBody, text, whole, withoutNulls } from '../schemas.ts';
import { type VersionControlBody, versionControlInformation } from './version-body.ts';

export interface GroupBody extends ComponentBody {
  parameterContext?: ReferenceBody | null;
  flowfileConcurrency?: GroupEdit['flowfileConcurrency'] | null;
  flowfileOutboundPolicy?: GroupEdit['flowfileOutboundPolicy'] | null;
  defaultFlowFileExpiration?: string | null;
  defaultBackPressureObjectThreshold?: number | null;
  defaultBackPressureDataSizeThreshold?: string | null;
  logFileSuffix?: string | null;
  executionEngine?: GroupEdit['executionEngine'] | null;
  maxConcurrentTasks?: number | null;
  statelessFlowTimeout?: string | null;
  /** The version that a new group is made from; what else bodies say of it says nothing new. */
  versionControlInformation?: VersionControlBody | null;
}

export const groupBody = entity<GroupBody>({
  parameterContext: reference,
  flowfileConcurrency: text,
  flowfileOutboundPolicy: text,
  defaultFlowFileExpiration: text,
  defaultBackPressureObjectThreshold: numeral,
  defaultBackPressureDataSizeThreshold: text,
  logFileSuffix: text,
  executionEngine: choice('STATELESS', 'STANDARD', 'INHERITED'),
  maxConcurrentTasks: whole,
  statelessFlowTimeout: text,
  versionControlInformation,
});

/** What the body says of a group, as the engine takes it. A reference to a context without an id unbinds (NiFi). */
export function groupEdit(flow: FlowController, { id: _, versionControlInformation: __, parameterContext: given, ...rest }: GroupBody): GroupEdit {
  const edit = withoutNulls(rest) as GroupEdit;
  if (!given) return edit;
  const id = given.id ?? given.component?.id;
  return { ...edit, parameterContext: id ? flow.parameterContext(id) : null };
}
