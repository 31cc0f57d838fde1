import type { Component } from '../../engine/component.ts';
import { Connection } from '../../engine/connection.ts';
import { Funnel } from '../../engine/funnel.ts';
import { Label } from '../../engine/label.ts';
import { Port } from '../../engine/port.ts';
import { ProcessGroup } from '../../engine/process-group.ts';
import { ProcessorNode } from '../../engine/processor-node.ts';
import type { EntityView } from './common.ts';
import { connectionEntity } from './connection.ts';
import type { FlowDto } from './flow.ts';
import { funnelEntity } from './funnel.ts';
import { labelEntity } from './label.ts';
import { portEntity } from './port.ts';
import { processGroupEntity } from './process-group.ts';
import { processorEntity } from './processor.ts';

/** Some components of a group in the shape of a flow. */
export function selectionFlowDto(components: readonly Component[], view: EntityView): FlowDto {
  const of = <N extends Component>(type: new (...args: never[]) => N): N[] => components.filter((each): each is N => each instanceof type);
  const ports = of(Port);
  return {
    processGroups: of(ProcessGroup).map((node) => processGroupEntity(node, view)),
    remoteProcessGroups: [],
    processors: of(ProcessorNode).map((node) => processorEntity(node, view)),
    inputPorts: ports.filter(({ kind }) => kind === 'INPUT_PORT').map((node) => portEntity(node, view)),
    outputPorts: ports.filter(({ kind }) => kind === 'OUTPUT_PORT').map((node) => portEntity(node, view)),
    connections: of(Connection).map((node) => connectionEntity(node, view)),
    labels: of(Label).map((node) => labelEntity(node, view)),
    funnels: of(Funnel).map((node) => funnelEntity(node, view)),
  };
}
