import { Socket as UdpSocket } from 'node:dgram';
import { lookup as systemLookup, type LookupAddress, type LookupOptions } from 'node:dns';
import { isIP, Socket } from 'node:net';
import { OutgoingRules } from './outgoing-rules.ts';
import { nameOf, rememberNames } from './resolved-names.ts';

/** A connection that the rules of the server do not allow. */
export class OutgoingRefused extends Error {
  override name = 'OutgoingRefused';
  readonly code = 'EOUTGOING';
}

/** What carries the rules into worker threads, whose `net` is another one. */
const VARIABLE = 'MILLRACE_ALLOW_OUTGOING';

type Resolved = (error: Error | null, address?: string | LookupAddress[], family?: number) => void;
type Lookup = (host: string, options: LookupOptions, done: Resolved) => void;

interface Target {
  readonly host?: string;
  readonly port?: number | string;
  readonly path?: string | null;
  readonly lookup?: Lookup;
}
type Connect = (this: Socket, options: object, connected?: () => void) => Socket;
type Arguments = readonly (Target | number | string | (() => void) | null | undefined)[];

let rules: OutgoingRules | undefined;

/**
 * From now on this thread connects to nothing but what the rules allow, whichever library asks: every TCP connection of Node goes
 * through `net.Socket.connect`, every datagram through `dgram.Socket`. The address that is connected to is the one that was
 * checked, so a name that resolves to another one in the next moment leads nowhere else. Programs that components start are not held by it.
 */
export function limitOutgoing(allowed: OutgoingRules): void {
  const isFirst = rules === undefined;
  rules = allowed;
  if (!isFirst) return;
  const connect = Socket.prototype.connect as unknown as Connect;
  Socket.prototype.connect = function limited(this: Socket, ...args: unknown[]) {
    const { target, connected } = normalized(args as Arguments);
    return connect.call(this, checked(target, rules!), connected);
  } as typeof Socket.prototype.connect;
  limitDatagrams();
  rememberNames((host) => !isIP(host) && rules!.nameProblem(host, 0) === undefined);
}

/** The same in a worker thread, by what WorkerThread has put into its environment. */
export function limitOutgoingInWorker(): void {
  const text = process.env[VARIABLE];
  if (text !== undefined) limitOutgoing(OutgoingRules.parse(text));
}

/** For the environment of worker threads. */
export function outgoingEnvironment(): Record<string, string> {
  return rules ? { [VARIABLE]: rules.texts.join(',') || 'none' } : {};
}

/** Checks a host that a proxy is to connect to: its address is the proxy's business. Throws OutgoingRefused. */
export function checkThroughProxy(host: string, port: number): void {
  const problem = isIP(host) ? rules?.addressProblem(host, host, port) : rules?.nameProblem(host, port);
  if (problem !== undefined) throw new OutgoingRefused(problem);
}

/** The forms in which `connect` takes its arguments; arrays are what net itself hands on. */
function normalized(args: Arguments): { target: Target; connected: (() => void) | undefined } {
  const [first, second] = args;
  if (Array.isArray(first)) return { target: first[0] as Target, connected: (first[1] as (() => void) | null) ?? undefined };
  const last = args.at(-1);
  const connected = typeof last === 'function' ? last : undefined;
  if (typeof first === 'object' && first !== null) return { target: first, connected };
  if (typeof first === 'string' && Number.isNaN(Number(first))) return { target: { path: first }, connected };
  return { target: { port: first as number, ...(typeof second === 'string' ? { host: second } : {}) }, connected };
}

function checked(target: Target, allowed: OutgoingRules): Target {
  const { host = 'localhost', path } = target;
  const port = Number(target.port);
  if (path) return refusedOr(target, allowed.socketProblem(path));
  if (isIP(host)) return refusedOr(target, addressProblem(host, port, allowed));
  return refusedOr({ ...target, lookup: checkedLookup(target.lookup ?? (systemLookup as Lookup), port, allowed) }, allowed.nameProblem(host, port));
}

/** An address may be what an allowed name has resolved to. */
function addressProblem(address: string, port: number, allowed: OutgoingRules): string | undefined {
  const name = nameOf(address);
  const problem = allowed.addressProblem(address, address, port);
  return problem !== undefined && name !== undefined ? allowed.addressProblem(name, address, port) : problem;
}

/** A refusal comes as any other failure to connect does: as the socket's error, a moment later. */
function refusedOr(target: Target, problem: string | undefined): Target {
  if (problem === undefined) return target;
  const lookup: Lookup = (_host, _options, done) => process.nextTick(done, new OutgoingRefused(problem));
  return { ...target, path: undefined, host: 'refused.invalid', port: target.port ?? 1, lookup } as Target;
}

function checkedLookup(lookup: Lookup, port: number, allowed: OutgoingRules): Lookup {
  return (host, options, done) =>
    lookup(host, options, (error, found, family) => {
      if (error) return done(error);
      const problemOf = (address: string): string | undefined => allowed.addressProblem(host, address, port);
      if (typeof found === 'string') {
        const problem = problemOf(found);
        return problem === undefined ? done(null, found, family) : done(new OutgoingRefused(problem));
      }
      const usable = (found ?? []).filter(({ address }) => problemOf(address) === undefined);
      if (usable.length > 0 || !found?.length) return done(null, usable);
      return done(new OutgoingRefused(problemOf(found[0]!.address)!));
    });
}

/** Components look names up themselves before they connect a socket for datagrams, so there is an address; whatever else is sent is refused. */
function limitDatagrams(): void {
  const connect = UdpSocket.prototype.connect as unknown as (this: UdpSocket, port: number, ...rest: unknown[]) => void;
  UdpSocket.prototype.connect = function limited(this: UdpSocket, port: number, ...rest: unknown[]) {
    const address = typeof rest[0] === 'string' ? rest[0] : '127.0.0.1';
    const problem = isIP(address) ? addressProblem(address, port, rules!) : rules!.nameProblem(address, port);
    if (problem !== undefined) throw new OutgoingRefused(problem);
    connect.call(this, port, ...rest);
  } as typeof UdpSocket.prototype.connect;
}
