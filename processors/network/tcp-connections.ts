import { once } from 'node:events';
import { isIP, createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { SslContext } from '../../server/extension/ssl-context.ts';

export interface ConnectionRules {
  readonly host: string;
  readonly port: number;
  readonly ssl: SslContext | undefined;
  /** Milliseconds that connecting, and each piece, may take; 0 for ever. */
  readonly timeout: number;
  /** Milliseconds that a connection is kept without use; 0 for ever. */
  readonly idleExpiration: number;
  /** Whether each sending has a connection of its own. */
  readonly single: boolean;
}

/** Connections to one server. As many are open as are used at once. */
export class TcpConnections {
  readonly #rules: ConnectionRules;
  readonly #idle: Socket[] = [];
  readonly #all = new Set<Socket>();

  constructor(rules: ConnectionRules) {
    this.#rules = rules;
  }

  /** Sends bytes in order, as fast as the other side takes them; has ended when the system has taken the last one. Throws what keeps it. */
  async send(pieces: AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>): Promise<void> {
    const socket = this.#usable() ?? (await this.#open());
    try {
      for await (const piece of pieces) await this.#write(socket, piece);
    } catch (thrown) {
      socket.destroy();
      throw thrown;
    }
    if (this.#rules.single) await this.#end(socket);
    else this.#keep(socket);
  }

  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #usable(): Socket | undefined {
    for (let socket = this.#idle.pop(); socket; socket = this.#idle.pop()) {
      socket.setTimeout(0);
      if (socket.writable && !socket.readableEnded) return socket;
      socket.destroy();
    }
    return undefined;
  }

  async #open(): Promise<Socket> {
    const { host, port, ssl, timeout } = this.#rules;
    const socket = ssl ? connectTls({ ...ssl, host, port, servername: isIP(host) ? undefined : host }) : createConnection({ host, port });
    this.#all.add(socket);
    socket.on('close', () => this.#all.delete(socket));
    socket.setNoDelay(true).setTimeout(timeout, () => socket.destroy(new Error(`${host}:${port} does not answer within ${timeout} ms`)));
    await once(socket, ssl ? 'secureConnect' : 'connect');
    socket.removeAllListeners('timeout').setTimeout(0);
    // What a writer is told of, it is told by `write`; an answer is not wanted, but must be read for the end to be seen.
    socket.on('error', () => undefined).on('end', () => socket.destroy());
    return socket.resume();
  }

  #write(socket: Socket, piece: Uint8Array | string): Promise<void> {
    const { host, port, timeout } = this.#rules;
    return new Promise((resolve, reject) => {
      let reason = new Error(`${host}:${port} has closed the connection`);
      const tooLate = (): void => {
        reason = new Error(`${host}:${port} takes nothing more within ${timeout} ms`);
        socket.destroy();
      };
      const gone = (): void => reject(reason);
      const timer = timeout > 0 ? setTimeout(tooLate, timeout) : undefined;
      socket.once('close', gone);
      socket.write(piece, (cause) => {
        clearTimeout(timer);
        socket.off('close', gone);
        // Node calls back without an error when it gives up what a destroyed socket was to write.
        if (socket.destroyed) reject(socket.errored ?? reason);
        else if (cause) reject(cause);
        else resolve();
      });
    });
  }

  async #end(socket: Socket): Promise<void> {
    await new Promise<void>((resolve, reject) => socket.end((cause?: Error | null) => (cause ? reject(cause) : resolve())));
    socket.destroySoon();
  }

  #keep(socket: Socket): void {
    if (socket.destroyed) return;
    const { idleExpiration } = this.#rules;
    if (idleExpiration > 0) socket.setTimeout(idleExpiration).once('timeout', () => socket.destroy());
    this.#idle.push(socket);
  }
}
