import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { ProvenanceEventDto } from '../../server/rest/dto/provenance.ts';
import { runToEnd } from './asynchronous.ts';
import { request } from './client.ts';
import { type ContentStart, fetchStart } from './queues.ts';

export type { AttributeDto, ProvenanceEventDto } from '../../server/rest/dto/provenance.ts';

const EVENTS = '/nifi-api/provenance-events';

/** What to look for; empty fields do not count. */
export interface ProvenanceSearch {
  readonly terms: Readonly<Record<string, string>>;
  readonly startDate?: string;
  readonly endDate?: string;
  readonly minimumFileSize?: string;
  readonly maximumFileSize?: string;
}

interface ProvenanceDto {
  readonly id: string;
  readonly finished: boolean;
  readonly results: { readonly provenanceEvents: readonly ProvenanceEventDto[]; readonly total: string; readonly oldestEvent?: string; readonly errors: readonly string[] };
}

const MOST_RESULTS = 500;

/** Events that match, newest first. */
export function useProvenance(search: ProvenanceSearch) {
  return useQuery({
    queryKey: ['provenance', search],
    queryFn: async ({ signal }) => {
      const { terms, ...rest } = search;
      const searchTerms = Object.fromEntries(Object.entries(terms).flatMap(([name, value]) => (value.trim() === '' ? [] : [[name, { value: value.trim() }]])));
      const body = { provenance: { request: { ...rest, searchTerms, maxResults: MOST_RESULTS, summarize: true, incrementalResults: false } } };
      const { results } = await runToEnd('/nifi-api/provenance', ({ provenance }: { provenance: ProvenanceDto }) => provenance, signal, body);
      if (results.errors.length > 0) throw new Error(results.errors.join(' '));
      return results;
    },
    staleTime: 0,
  });
}

/** Everything about one event. */
export function useProvenanceEvent(id: string | undefined) {
  return useQuery({
    queryKey: ['provenance-event', id],
    queryFn: ({ signal }) => request<{ provenanceEvent: ProvenanceEventDto }>(`${EVENTS}/${id}`, { signal }),
    select: ({ provenanceEvent }) => provenanceEvent,
    enabled: id !== undefined,
    // Whether content is still there, and whether it can be replayed, changes.
    staleTime: 0,
  });
}

export type Side = 'input' | 'output';
export const eventContentUrl = (id: string, side: Side): string => `${EVENTS}/${id}/content/${side}`;

/** The beginning of a content before or after an event. */
export function useEventContent(id: string, side: Side, enabled: boolean) {
  return useQuery<ContentStart>({
    queryKey: ['provenance-event', id, 'content', side],
    queryFn: ({ signal }) => fetchStart(eventContentUrl(id, side), signal),
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  });
}

/** Sends the FlowFile of an event through again. */
export function useReplay() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => request(`${EVENTS}/replays`, { method: 'POST', body: { eventId: Number(id) } }),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['provenance'] }), client.invalidateQueries({ queryKey: ['flow'] })]),
  });
}

export interface LineageNode {
  readonly id: string;
  readonly type: 'FLOWFILE' | 'EVENT';
  readonly flowFileUuid: string;
  readonly timestamp: string;
  readonly millis: number;
  readonly eventType?: string;
}

export interface LineageLink {
  readonly sourceId: string;
  readonly targetId: string;
  readonly flowFileUuid: string;
}

interface LineageDto {
  readonly id: string;
  readonly finished: boolean;
  readonly results: { readonly nodes: readonly LineageNode[]; readonly links: readonly LineageLink[]; readonly errors: readonly string[] };
}

/** The way of a FlowFile, with those that it came from and those made of it. */
export function useLineage(uuid: string | undefined) {
  return useQuery({
    queryKey: ['provenance', 'lineage', uuid],
    queryFn: async ({ signal }) => {
      const body = { lineage: { request: { lineageRequestType: 'FLOWFILE', uuid } } };
      const { results } = await runToEnd('/nifi-api/provenance/lineage', ({ lineage }: { lineage: LineageDto }) => lineage, signal, body);
      if (results.errors.length > 0) throw new Error(results.errors.join(' '));
      return results;
    },
    enabled: uuid !== undefined,
    staleTime: 0,
  });
}
