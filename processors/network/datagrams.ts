import { createSocket, type Socket } from 'node:dgram';
import { lookup } from 'node:dns/promises';

/** Sends datagrams to one place. */
export class Datagrams {
  readonly #socket: Socket;

  private constructor(socket: Socket) {
    this.#socket = socket;
  }

  /** Throws an Error where the name is not known. */
  static async open(host: string, port: number, sendBufferSize: number): Promise<Datagrams> {
    const { address, family } = await lookup(host);
    const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', sendBufferSize });
    // Nobody listening there is told by an ICMP message to the next one that is sent, if at all.
    socket.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => socket.connect(port, address, (cause?: Error) => (cause ? reject(cause) : resolve())));
    return new Datagrams(socket);
  }

  /** Has ended when the system has taken it; nobody knows whether it arrives. Throws where it is too long for a datagram. */
  send(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => this.#socket.send(bytes, (cause) => (cause ? reject(cause) : resolve())));
  }

  close(): void {
    this.#socket.close();
  }
}
