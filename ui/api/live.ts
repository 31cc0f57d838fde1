import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { LiveMessage, LiveRefusal } from '../../server/rest/dto/live.ts';
import { changeFlow } from './cache.ts';
import { groupFlowKey } from './flow.ts';
import { withStatus } from './live-status.ts';
import { liveStore } from './polling.ts';

const FIRST_WAIT_MILLIS = 500;
const LONGEST_WAIT_MILLIS = 10_000;
/** Figures of the whole flow follow those of the group at such distances. */
const TOTALS_MILLIS = 1000;

/** One socket for the group on the canvas. It comes back by itself; while it is away the page polls. */
class LiveLink {
  readonly #client: QueryClient;
  readonly #groupId: string;
  #socket: WebSocket | undefined;
  #wait = FIRST_WAIT_MILLIS;
  #timer = 0;
  #totalsAt = 0;
  #closed = false;

  constructor(client: QueryClient, groupId: string) {
    this.#client = client;
    this.#groupId = groupId;
    this.#open();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#socket?.close();
  }

  #open(): void {
    const { protocol, host } = window.location;
    const socket = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/api/live`);
    this.#socket = socket;
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = ({ data }) => this.#receive(JSON.parse(String(data)) as LiveMessage | LiveRefusal);
    socket.onclose = () => this.#lost();
  }

  #opened(socket: WebSocket): void {
    this.#wait = FIRST_WAIT_MILLIS;
    socket.send(JSON.stringify({ group: this.#groupId }));
    liveStore.set(true);
    // What happened before the link was there.
    void this.#client.refetchQueries({ type: 'active' }, { cancelRefetch: true });
  }

  #lost(): void {
    if (this.#closed) return;
    liveStore.set(false);
    void this.#client.refetchQueries({ queryKey: groupFlowKey(this.#groupId) }, { cancelRefetch: true });
    this.#timer = window.setTimeout(() => this.#open(), this.#wait);
    this.#wait = Math.min(2 * this.#wait, LONGEST_WAIT_MILLIS);
  }

  #receive(message: LiveMessage | LiveRefusal): void {
    if ('error' in message || this.#closed) return;
    const { status, changes, bulletins } = message;
    if (bulletins.length > 0) this.#outdate(['bulletins']);
    if (changes.length > 0 || bulletins.length > 0) this.#outdate(groupFlowKey(this.#groupId));
    else changeFlow(this.#client, this.#groupId, (flow) => withStatus(flow, status));
    for (const key of keysOf(changes)) this.#outdate(key);
    const now = performance.now();
    if (changes.length === 0 && now - this.#totalsAt < TOTALS_MILLIS) return;
    this.#totalsAt = now;
    this.#outdate(['controller-status']);
  }

  #outdate(queryKey: readonly unknown[]): void {
    void this.#client.invalidateQueries({ queryKey }, { cancelRefetch: false });
  }
}

/** Queries beside the canvas's own that show what changed. */
function keysOf(changes: LiveMessage['changes']): (readonly unknown[])[] {
  const kinds = new Set(changes.map(({ kind }) => kind));
  const keys: (readonly unknown[])[] = changes.length > 0 ? [['component'], ['editable']] : [];
  if (kinds.has('CONTROLLER_SERVICE')) keys.push(['services']);
  if (changes.length > 0) keys.push(['flow-analysis']);
  if (kinds.has('PARAMETER_CONTEXT')) keys.push(['parameter-contexts']);
  return keys;
}

/** Keeps the group on the canvas as it is on the server, within half a second. */
export function useLive(groupId: string | undefined): void {
  const client = useQueryClient();
  useEffect(() => {
    if (groupId === undefined) return;
    const link = new LiveLink(client, groupId);
    return () => link.close();
  }, [client, groupId]);
}
