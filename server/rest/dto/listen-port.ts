import type { ConfiguredPort } from '../../engine/listen-ports.ts';
import type { ProcessorNode } from '../../engine/processor-node.ts';
import type { ControllerServiceNode } from '../../engine/controller-service-node.ts';

/** A port at which a component listens. */
export interface ListenPortDto {
  portName: string;
  portNumber: number;
  transportProtocol: 'TCP' | 'UDP';
  applicationProtocols: readonly string[];
  componentType: 'Processor' | 'ControllerService';
  componentId: string;
  componentName: string;
  componentClass: string;
  parentGroupId?: string;
  parentGroupName?: string;
}

export function listenPortDto({ name, number, transport, applications = [] }: ConfiguredPort, node: ProcessorNode | ControllerServiceNode): ListenPortDto {
  return {
    portName: name,
    portNumber: number,
    transportProtocol: transport,
    applicationProtocols: applications,
    componentType: node.kind === 'PROCESSOR' ? 'Processor' : 'ControllerService',
    componentId: node.id,
    componentName: node.name,
    componentClass: node.type,
    parentGroupId: node.group?.id,
    parentGroupName: node.group?.name,
  };
}
