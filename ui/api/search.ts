import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { request } from './client.ts';

export interface FoundDto {
  readonly id: string;
  readonly groupId?: string;
  readonly parentGroup?: { readonly id: string; readonly name: string };
  readonly name: string;
  readonly matches: readonly string[];
}

export type FoundKind = 'processor' | 'processGroup' | 'inputPort' | 'outputPort' | 'connection' | 'funnel' | 'label' | 'controllerServiceNode' | 'parameterContext' | 'parameter';

export interface Found extends FoundDto {
  readonly kind: FoundKind;
}

const KINDS: readonly FoundKind[] = [
  'processor',
  'processGroup',
  'inputPort',
  'outputPort',
  'connection',
  'label',
  'funnel',
  'controllerServiceNode',
  'parameterContext',
  'parameter',
];
/** So many of each kind are offered. */
const MOST = 12;

/** Components of the whole flow in which a text occurs. */
export function useSearch(text: string) {
  return useQuery({
    queryKey: ['search', text],
    queryFn: async ({ signal }) => {
      const { searchResultsDTO } = await request<{ searchResultsDTO: Partial<Record<string, FoundDto[]>> }>(`/nifi-api/flow/search-results?q=${encodeURIComponent(text)}`, {
        signal,
      });
      return KINDS.flatMap((kind) => (searchResultsDTO[`${kind}Results`] ?? []).slice(0, MOST).map((found): Found => ({ ...found, kind })));
    },
    enabled: text.trim() !== '',
    placeholderData: keepPreviousData,
    staleTime: 1000,
  });
}

/** Ports of a group that a connection from outside may lead to or come from. */
export function useGroupPorts(groupId: string | undefined, direction: 'input' | 'output') {
  return useQuery({
    queryKey: ['ports', groupId, direction],
    queryFn: async ({ signal }) => {
      const key = direction === 'input' ? 'inputPorts' : 'outputPorts';
      const answer = await request<Record<string, { id: string; component: { name: string } }[]>>(`/nifi-api/process-groups/${encodeURIComponent(groupId!)}/${direction}-ports`, {
        signal,
      });
      return answer[key]!.map(({ id, component }) => ({ id, name: component.name }));
    },
    enabled: groupId !== undefined,
    staleTime: 0,
  });
}
