import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Bulletin } from '../engine/bulletins.ts';
import type { FlowEvent } from '../engine/flow-runtime.ts';
import { ProcessGroup } from '../engine/process-group.ts';
import { identify, userOf } from './authentication.ts';
import { entityView, rightsOf } from './call.ts';
import { bulletinEntity, type EntityView, remembered } from './dto/common.ts';
import { groupStatusSnapshot } from './dto/group-status.ts';
import type { LiveChange, LiveRefusal } from './dto/live.ts';
import { liveStatusPieces, ToldStatus } from './live-status.ts';
import { isCrossSite, isLoopback } from './guard.ts';
import type { RestServices } from './services.ts';

export interface Live {
  close(): void;
}

const PATH = '/api/live';
const INTERVAL_MILLIS = 500;
/** How often it is looked whether a client is still logged in. */
const WATCH_MILLIS = 10_000;
/** Policy violation (RFC 6455, 7.4.1). */
const LOGIN_ENDED = 1008;
/** A client that reads so slowly waits for the next turn. */
const MOST_BUFFERED = 1024 * 1024;
/** A client has nothing longer to say. */
const MOST_BYTES = 4096;
/** So many bulletins and changes are kept for the next message; a client that missed some sees the rest when it fetches. */
const MOST_NOTED = 5000;

/** One client and the group that it shows. */
class Subscription {
  readonly #socket: WebSocket;
  readonly #services: RestServices;
  readonly userId: string;
  #groupId: string | undefined;
  #changes = new Map<string, LiveChange>();
  #bulletins: Bulletin[] = [];
  #told = new ToldStatus();

  constructor(socket: WebSocket, services: RestServices, userId: string) {
    this.#socket = socket;
    this.#services = services;
    this.userId = userId;
    socket.on('message', (data) => this.#receive(String(data)));
    socket.on('error', () => socket.terminate());
  }

  note({ component, type }: FlowEvent): void {
    if (!this.#groupId || this.#changes.size >= MOST_NOTED) return;
    const { id, kind, revision, group } = component;
    this.#changes.set(id, { id, kind, type: strongest(this.#changes.get(id)?.type, type), version: revision.version, groupId: group?.id });
  }

  say(bulletin: Bulletin): void {
    if (this.#groupId && this.#bulletins.length < MOST_NOTED) this.#bulletins.push(bulletin);
  }

  /** Sends what is new; nothing where nothing is. `view` is the same for all clients of this user in this turn. */
  send(view: EntityView): void {
    const group = this.#group();
    if (group && !view.rights.mayGlobally('read', '/flow')) return this.#socket.close(LOGIN_ENDED, 'You may not see the flow any more.');
    if (!group || this.#socket.bufferedAmount > MOST_BUFFERED) return;
    const pieces = remembered(view, 'live status', group, () => liveStatusPieces(groupStatusSnapshot(group, view, 1)));
    const changes = [...this.#changes.values()].filter((change) => this.#concerns(change, group));
    const bulletins = this.#bulletins.filter(({ source }) => source === undefined || this.#isWithin(source.groupId, group)).map((bulletin) => bulletinEntity(bulletin, view));
    this.#changes.clear();
    this.#bulletins = [];
    const status = this.#told.tell(pieces);
    if (status === undefined && changes.length === 0 && bulletins.length === 0) return;
    this.#socket.send(
      `{"group":${JSON.stringify(group.id)},"status":${status ?? this.#told.again(pieces)},"bulletins":${JSON.stringify(bulletins)},"changes":${JSON.stringify(changes)}}`,
    );
  }

  #group(): ProcessGroup | undefined {
    if (!this.#groupId) return undefined;
    const found = this.#services.flow.find(this.#groupId);
    if (found instanceof ProcessGroup) return found;
    this.#refuse(`Unable to find process group with id '${this.#groupId}'.`);
    this.#groupId = undefined;
    return undefined;
  }

  /** What is in the group or below it, and what its components may use: services above it and parameters. */
  #concerns({ id, groupId, kind }: LiveChange, group: ProcessGroup): boolean {
    if (id === group.id || kind === 'PARAMETER_CONTEXT' || this.#isWithin(groupId, group)) return true;
    return kind === 'CONTROLLER_SERVICE' && this.#isAbove(groupId, group);
  }

  #isWithin(groupId: string | undefined, group: ProcessGroup): boolean {
    const found = groupId && this.#services.flow.find(groupId);
    return found instanceof ProcessGroup && group.contains(found);
  }

  #isAbove(groupId: string | undefined, group: ProcessGroup): boolean {
    const found = groupId && this.#services.flow.find(groupId);
    return found instanceof ProcessGroup && found.contains(group);
  }

  #receive(text: string): void {
    try {
      const { group } = JSON.parse(text) as { group?: unknown };
      if (typeof group !== 'string') throw new Error('The message must be {"group": "<id>"}.');
      this.#groupId = this.#services.flow.group(group).id;
    } catch (refusal) {
      return this.#refuse((refusal as Error).message);
    }
    this.#changes.clear();
    this.#bulletins = [];
    this.#told = new ToldStatus();
  }

  #refuse(error: string): void {
    this.#socket.send(JSON.stringify({ error } satisfies LiveRefusal));
  }
}

/** Of several events of a component, the one that says most: what was made stays "created" although it was edited since. */
function strongest(known: FlowEvent['type'] | undefined, next: FlowEvent['type']): FlowEvent['type'] {
  if (known === undefined || next === 'removed') return next;
  if (known === 'created') return known;
  return known === 'edited' && next === 'state' ? known : next;
}

/** The same gate as for requests: nobody who may not read the flow hears of it. Returns the status of a refusal. */
async function refusal(request: IncomingMessage, services: RestServices): Promise<string | undefined> {
  const { loopbackOnly, login } = services;
  if ((request.url ?? '').split('?')[0] !== PATH) return '404 Not Found';
  if ((loopbackOnly && !isLoopback(request.headers.host)) || isCrossSite(request)) return '403 Forbidden';
  if (!(await mayStay(request, login))) return '401 Unauthorized';
  return rightsOf(services, userOf(request).id).mayGlobally('read', '/flow') ? undefined : '403 Forbidden';
}

/** Whether the token that the socket was opened with counts (still). */
async function mayStay(request: IncomingMessage, login: RestServices['login']): Promise<boolean> {
  try {
    if (login) await identify(request, login);
    return true;
  } catch {
    return false;
  }
}

/** Serves `/api/live`: a client names the group that it shows and hears of what happens there, so that it need not poll. */
export function attachLive(server: Server, services: RestServices): Live {
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MOST_BYTES });
  const subscriptions = new Set<Subscription>();
  const upgrade = async (request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> => {
    // Until the WebSocket has it, nobody else hears that the client hung up.
    const abandon = (): void => void socket.destroy();
    socket.on('error', abandon);
    const refused = await refusal(request, services);
    if (refused) return refuseUpgrade(socket, refused);
    socket.off('error', abandon);
    if (!socket.destroyed) sockets.handleUpgrade(request, socket, head, (client) => subscribe(client, request));
  };
  const subscribe = (client: WebSocket, request: IncomingMessage): void => {
    const subscription = new Subscription(client, services, userOf(request).id);
    subscriptions.add(subscription);
    const watch = setInterval(async () => {
      if (!(await mayStay(request, services.login))) client.close(LOGIN_ENDED, 'The login has ended.');
    }, WATCH_MILLIS).unref();
    client.on('close', () => {
      subscriptions.delete(subscription);
      clearInterval(watch);
    });
  };
  server.on('upgrade', upgrade);
  const ends = tell(services, subscriptions);
  return {
    close() {
      for (const end of ends) end();
      server.off('upgrade', upgrade);
      for (const client of sockets.clients) client.terminate();
      sockets.close();
    },
  };
}

/** Tells all subscriptions what happens; returns what ends that. */
function tell(services: RestServices, subscriptions: ReadonlySet<Subscription>): (() => void)[] {
  const { flow } = services;
  const timer = setInterval(() => {
    if (subscriptions.size === 0) return;
    const views = new Map<string, EntityView>();
    for (const subscription of subscriptions) {
      const view = views.get(subscription.userId) ?? entityView(services, '', true, rightsOf(services, subscription.userId));
      views.set(subscription.userId, view);
      subscription.send(view);
    }
  }, INTERVAL_MILLIS);
  timer.unref();
  const events = flow.subscribe((event) => {
    for (const subscription of subscriptions) subscription.note(event);
  });
  const bulletins = flow.bulletins.subscribe((bulletin) => {
    for (const subscription of subscriptions) subscription.say(bulletin);
  });
  return [() => clearInterval(timer), events, bulletins];
}

function refuseUpgrade(socket: Duplex, status: string): void {
  socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
