import { createSocket } from 'node:dgram';
import { createServer, type Server, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import type { ComponentLog } from '../../server/extension/component.ts';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { askingForCertificate, type ClientCertificate, peerNames, showsUntrustedCertificate, type SslContext } from '../../server/extension/ssl-context.ts';
import { MessageFrames } from './message-frames.ts';
import { MessageQueue } from './message-queue.ts';

export interface ListenRules {
  readonly port: number;
  /** The name of a network interface; undefined for all of them. */
  readonly networkInterface: string | undefined;
  /** How many messages wait at most. */
  readonly capacity: number;
  readonly log: ComponentLog;
}

export interface TcpRules extends ListenRules {
  readonly delimiter: Buffer;
  /** Bytes of a message. */
  readonly maximum: number;
  readonly ssl: SslContext | undefined;
  readonly clientCertificate: ClientCertificate;
  /** Milliseconds after which a connection that is silent is closed; 0 for never. */
  readonly idleTimeout: number;
}

export interface UdpRules extends ListenRules {
  /** Bytes that the system keeps for us. */
  readonly socketBuffer: number;
  /** Who alone may send. */
  readonly from: { readonly host: string; readonly port: number } | undefined;
}

/** A port that takes messages until it is closed. */
export interface MessageServer {
  readonly port: number;
  readonly queue: MessageQueue;
  close(): Promise<void>;
}

/** The first address of a network interface. Throws ProcessError. */
function addressOf(name: string | undefined): string | undefined {
  if (name === undefined || name === '') return undefined;
  const address = networkInterfaces()[name]?.[0]?.address;
  if (address === undefined) throw new ProcessError(`There is no network interface '${name}'. There are: ${Object.keys(networkInterfaces()).join(', ')}.`);
  return address;
}

const portProblem = (port: number, cause: Error): ProcessError =>
  new ProcessError(`Port ${port} cannot be opened: ${cause.message}. Choose another port, or stop who uses it.`, { cause });

/** An IPv4 address as itself, however the socket writes it. */
const plainAddress = (address = ''): string => address.replace(/^::ffff:(?=\d+\.)/, '');

/** What was received and not yet taken goes with the server: there is no later. */
function warnOfLoss(queue: MessageQueue, log: ComponentLog): void {
  if (queue.size > 0) log.warn(`${queue.size} messages that were received are lost: it was stopped before they became FlowFiles.`);
}

/** Takes messages over TCP. While the queue is full nothing is read, so that senders wait. Throws ProcessError where the port cannot be had. */
export async function listenTcp(rules: TcpRules): Promise<MessageServer> {
  const { log, capacity, ssl, clientCertificate } = rules;
  const sockets = new Set<Socket>();
  const queue = new MessageQueue({
    capacity,
    onFull: () => {
      log.warn(`${capacity} messages wait: connections are not read until the flow has taken some.`);
      for (const socket of sockets) socket.pause();
    },
    onRoom: () => sockets.forEach((socket) => void socket.resume()),
  });
  const accept = (socket: Socket): void => {
    if ('authorized' in socket && clientCertificate === 'wanted' && showsUntrustedCertificate(socket as TLSSocket)) {
      log.warn(`${plainAddress(socket.remoteAddress)} shows a certificate that is not trusted.`);
      socket.destroy();
      return;
    }
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    receive(socket, queue, rules);
  };
  const server = ssl ? createTlsServer({ ...ssl, ...askingForCertificate(clientCertificate) }, accept) : createServer(accept);
  server.on('tlsClientError', (cause: Error, socket: Socket) =>
    log.warn(`${plainAddress(socket.remoteAddress) || 'A client'} does not get through the TLS handshake: ${cause.message}`),
  );
  const port = await listening(server, rules);
  const close = async (): Promise<void> => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const socket of sockets) socket.destroy();
    await closed;
    warnOfLoss(queue, log);
  };
  return { port, queue, close };
}

async function listening(server: Server, { port, networkInterface }: ListenRules): Promise<number> {
  const host = addressOf(networkInterface);
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(portProblem(port, cause)));
    server.listen(port, host, resolve);
  });
  return (server.address() as { port: number }).port;
}

function receive(socket: Socket, queue: MessageQueue, { delimiter, maximum, idleTimeout, log }: TcpRules): void {
  const sender = plainAddress(socket.remoteAddress);
  const from = { sender, senderPort: socket.remotePort ?? 0, ...certificateNames(socket) };
  const frames = new MessageFrames(delimiter, maximum);
  const tooLong = (): void => log.warn(`A message from ${sender} is longer than ${maximum} bytes and is left out.`);
  const push = (bytes: Uint8Array): void => queue.push({ ...from, bytes });
  socket.on('data', (piece: Buffer) => frames.take(piece, tooLong).forEach(push));
  // A sender that closes the connection has ended its last message.
  socket.on('end', () => [frames.rest() ?? []].flat().forEach(push));
  socket.on('error', (cause) => log.warn(`The connection of ${sender} has failed: ${messageOf(cause)}`));
  if (idleTimeout > 0) socket.setTimeout(idleTimeout, () => socket.end());
  if (queue.isFull) socket.pause();
}

function certificateNames(socket: Socket): { subject?: string; issuer?: string } {
  const { subject, issuer } = peerNames(socket);
  return subject === undefined ? {} : { subject, issuer };
}

/** Takes datagrams. Those that come while the queue is full are dropped, and counted aloud. Throws ProcessError where the port cannot be had. */
export async function listenUdp({ port, networkInterface, capacity, log, socketBuffer, from }: UdpRules): Promise<MessageServer> {
  const address = addressOf(networkInterface);
  const socket = createSocket({ type: address?.includes(':') ? 'udp6' : 'udp4', recvBufferSize: socketBuffer });
  let dropped = 0;
  const tellDropped = (): void => {
    if (dropped > 0) log.warn(`${dropped} datagrams were dropped: ${capacity} messages waited already.`);
    dropped = 0;
  };
  const queue = new MessageQueue({ capacity, onRoom: tellDropped });
  socket.on('message', (bytes, { address: sender, port: senderPort }) => {
    if (queue.isFull && dropped++ === 0) log.warn(`${capacity} messages wait: datagrams are dropped until the flow has taken some.`);
    else if (!queue.isFull) queue.push({ bytes, sender, senderPort });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (cause) => reject(portProblem(port, cause)));
    socket.bind({ port, address }, resolve);
  });
  socket.removeAllListeners('error').on('error', (cause) => log.warn(`Datagrams cannot be received: ${cause.message}`));
  if (from) await new Promise<void>((resolve, reject) => socket.connect(from.port, from.host, (cause?: Error) => (cause ? reject(cause) : resolve())));
  const close = async (): Promise<void> => {
    await new Promise<void>((resolve) => socket.close(resolve));
    tellDropped();
    warnOfLoss(queue, log);
  };
  return { port: socket.address().port, queue, close };
}
