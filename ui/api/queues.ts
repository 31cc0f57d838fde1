import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { runToEnd } from './asynchronous.ts';
import { request, send } from './client.ts';
import type { DropRequestDto, FlowFileDto, ListingRequestDto } from './shapes.ts';

const queueKey = (connectionId: string) => ['queue', connectionId] as const;
const queuePath = (connectionId: string): string => `/nifi-api/flowfile-queues/${encodeURIComponent(connectionId)}`;
const flowFilePath = (connectionId: string, uuid: string): string => `${queuePath(connectionId)}/flowfiles/${encodeURIComponent(uuid)}`;

/** The FlowFiles at the head of a queue, as they were when it was asked. */
export function useListing(connectionId: string) {
  return useQuery({
    queryKey: [...queueKey(connectionId), 'listing'],
    queryFn: ({ signal }) => runToEnd(`${queuePath(connectionId)}/listing-requests`, ({ listingRequest }: { listingRequest: ListingRequestDto }) => listingRequest, signal),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
}

export function useFlowFile(connectionId: string, uuid: string) {
  return useQuery({
    queryKey: [...queueKey(connectionId), 'flowfile', uuid],
    queryFn: ({ signal }) => request<{ flowFile: FlowFileDto }>(flowFilePath(connectionId, uuid), { signal }),
    select: ({ flowFile }) => flowFile,
  });
}

export const contentUrl = (connectionId: string, uuid: string): string => `${flowFilePath(connectionId, uuid)}/content`;

/** The beginning of a FlowFile's content. */
export interface ContentStart {
  readonly bytes: Uint8Array;
  /** Whether there is more. */
  readonly truncated: boolean;
  /** Of the whole content, in bytes. */
  readonly size: number;
}

/** So much of a content is fetched to look at; the rest can be downloaded. */
export const PREVIEW_BYTES = 512 * 1024;

export function useContent(connectionId: string, uuid: string, size: number) {
  return useQuery({
    queryKey: [...queueKey(connectionId), 'content', uuid],
    queryFn: ({ signal }) => (size === 0 ? { bytes: new Uint8Array(), truncated: false, size: 0 } : fetchStart(contentUrl(connectionId, uuid), signal)),
    // Content never changes.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 30_000,
  });
}

/** Reads until there is enough, whether or not the server heeds the range. */
export async function fetchStart(url: string, signal: AbortSignal): Promise<ContentStart> {
  const response = await send(url, { signal, headers: { Range: `bytes=0-${PREVIEW_BYTES}` } });
  const whole = /\/(\d+)$/.exec(response.headers.get('Content-Range') ?? '')?.[1];
  const reader = response.body!.getReader();
  const bytes = new Uint8Array(PREVIEW_BYTES);
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return { bytes: bytes.slice(0, length), truncated: false, size: length };
    const room = PREVIEW_BYTES - length;
    bytes.set(value.subarray(0, room), length);
    length += Math.min(room, value.length);
    if (value.length > room) {
      await reader.cancel();
      return { bytes, truncated: true, size: Number(whole ?? length) };
    }
  }
}

/** Reads some bytes of a content, `end` not included. */
export async function fetchPart(url: string, start: number, end: number): Promise<ArrayBuffer> {
  return (await send(url, { headers: { Range: `bytes=${start}-${end - 1}` } })).arrayBuffer();
}

/** Drops every FlowFile that is in a queue now. */
export function useEmptyQueue(connectionId: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => runToEnd(`${queuePath(connectionId)}/drop-requests`, ({ dropRequest }: { dropRequest: DropRequestDto }) => dropRequest),
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: queueKey(connectionId) }), client.invalidateQueries({ queryKey: ['flow'] })]),
  });
}

/** Drops every FlowFile in the queues of some connections, and in all queues of some groups and below them. Returns how many went. */
export function useEmptyQueues() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: async ({ connections, groups }: { connections: readonly string[]; groups: readonly string[] }) => {
      const paths = [
        ...connections.map((id) => `${queuePath(id)}/drop-requests`),
        ...groups.map((id) => `/nifi-api/process-groups/${encodeURIComponent(id)}/empty-all-connections-requests`),
      ];
      let dropped = 0;
      for (const path of paths) dropped += (await runToEnd(path, ({ dropRequest }: { dropRequest: DropRequestDto }) => dropRequest)).droppedCount;
      return dropped;
    },
    onSettled: () => Promise.all([client.invalidateQueries({ queryKey: ['queue'] }), client.invalidateQueries({ queryKey: ['flow'] })]),
  });
}
