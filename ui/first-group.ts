import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { groupFlowKey, ROOT } from './api/flow.ts';
import type { FlowDto, ProcessGroupFlowEntity } from './api/shapes.ts';
import { here, navigate } from './shared/location.ts';

/** The only thing in a group, where that is another group. */
export function onlyGroup({ processGroups, processors, inputPorts, outputPorts, funnels, labels }: FlowDto): string | undefined {
  const others = [processors, inputPorts, outputPorts, funnels, labels];
  return processGroups.length === 1 && others.every(({ length }) => length === 0) ? processGroups[0]!.id : undefined;
}

/**
 * Gives the group on the canvas its own id in the URL. Who comes without saying where to sees the flow at once: if the outermost
 * group holds one group and nothing else, that one is opened.
 */
export function useFirstGroup(entity: ProcessGroupFlowEntity | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    const { groupId, componentId, query } = here();
    if (!entity || (groupId !== undefined && groupId !== ROOT)) return;
    const { id, flow } = entity.processGroupFlow;
    client.setQueryData(groupFlowKey(id), entity);
    navigate({ groupId: (groupId === undefined && onlyGroup(flow)) || id, componentId, query }, { replace: true });
  }, [client, entity]);
}
