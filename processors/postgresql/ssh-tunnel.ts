import { Duplex } from 'node:stream';
import type { Client, ClientChannel, ConnectConfig } from 'ssh2';
import { messageOf, ProcessError } from '../../server/extension/errors.ts';
import { KnownHosts } from '../../server/extension/ssh/known-hosts.ts';
import { hostKeyAlgorithms, login } from '../../server/extension/ssh/login.ts';
import { readPrivateKey } from '../../server/extension/ssh/private-key.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';

export interface TunnelSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  readonly keyFile: string | undefined;
  readonly passphrase: string | undefined;
  readonly isStrict: boolean;
  /** In the format of known_hosts; the user's own where it is undefined. */
  readonly hostKeyFile: string | undefined;
  /** Milliseconds. */
  readonly connectTimeout: number;
}

/** Milliseconds between two questions for a sign of life; after three without an answer the tunnel counts as lost. */
const KEEP_ALIVE = 15_000;

type Open = (host: string, port: number) => Promise<ClientChannel>;

/** One SSH connection through which all connections of a warehouse run; made when the first needs it, and anew when it was lost. */
export class SshTunnel {
  readonly #settings: TunnelSettings;
  readonly #closing = new AbortController();
  #client: Promise<Client> | undefined;

  constructor(settings: TunnelSettings) {
    this.#settings = settings;
  }

  /** What pg connects by, instead of a socket of its own. No port is opened on this machine, which others could use. */
  readonly stream = (): Duplex => new TunnelSocket((host, port) => this.#open(host, port));

  async close(): Promise<void> {
    this.#closing.abort(new Error('the tunnel is closed'));
    (await this.#client?.catch(() => undefined))?.end();
  }

  async #open(host: string, port: number): Promise<ClientChannel> {
    this.#client ??= this.#connected();
    const client = await this.#client;
    return new Promise((resolve, reject) => {
      client.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (!error) return resolve(channel);
        const { host: server, port: serverPort } = this.#settings;
        const remedy = 'Check Host and Port as the SSH server sees them, and that it allows forwarding.';
        reject(new WarehouseError('connection', `The SSH server ${server}:${serverPort} does not lead to ${host}:${port} (${error.message})`, { remedy, cause: error }));
      });
    });
  }

  async #connected(): Promise<Client> {
    const forget = (): void => {
      this.#client = undefined;
    };
    let isKeyRefused = false;
    let client: Client | undefined;
    try {
      const config = await configuration(this.#settings, () => {
        isKeyRefused = true;
      });
      const { default: ssh2 } = await import('ssh2');
      client = new ssh2.Client();
      client.once('close', forget);
      await login(client, config, this.#closing.signal);
      return client;
    } catch (thrown) {
      client?.destroy();
      forget();
      throw explained(thrown, this.#settings, isKeyRefused);
    }
  }
}

async function configuration(
  { host, port, user, password, keyFile, passphrase, isStrict, hostKeyFile, connectTimeout }: TunnelSettings,
  refuse: () => void,
): Promise<ConnectConfig> {
  const known = isStrict ? await KnownHosts.read(hostKeyFile) : undefined;
  const serverHostKey = hostKeyAlgorithms(known?.keyTypes(host, port) ?? []);
  return {
    ...{ host, port, username: user, readyTimeout: connectTimeout, keepaliveInterval: KEEP_ALIVE, keepaliveCountMax: 3 },
    ...(password === undefined ? {} : { password, tryKeyboard: true }),
    ...(keyFile === undefined ? {} : await readPrivateKey(keyFile, passphrase)),
    ...(serverHostKey ? { algorithms: { serverHostKey } as ConnectConfig['algorithms'] } : {}),
    hostVerifier: (key: Buffer): boolean => {
      const isTrusted = known?.trusts(host, port, key) ?? true;
      if (!isTrusted) refuse();
      return isTrusted;
    },
  };
}

/** What a person should read of a tunnel that did not come about. */
function explained(thrown: unknown, { host, port, user }: TunnelSettings, isKeyRefused: boolean): WarehouseError {
  const server = `${host}:${port}`;
  if (thrown instanceof ProcessError) return new WarehouseError('configuration', thrown.message, { cause: thrown });
  if (isKeyRefused) {
    const remedy = 'Add its key to the SSH Host Key File (ssh-keyscan shows it) once you have made sure that it is the right one.';
    return new WarehouseError('configuration', `The host key of the SSH server ${server} is not among the known hosts`, { remedy, cause: thrown });
  }
  if ((thrown as { level?: string }).level === 'client-authentication') {
    const remedy = 'Check SSH Username, SSH Password and SSH Private Key Path in the warehouse service.';
    return new WarehouseError('authentication', `The SSH server ${server} does not let ${user} in: ${messageOf(thrown)}`, { remedy, cause: thrown });
  }
  const remedy = 'Check SSH Host and SSH Port in the warehouse service, and the network; it is tried again.';
  return new WarehouseError('connection', `No SSH connection to ${server}: ${messageOf(thrown)}`, { remedy, cause: thrown });
}

/** A channel of the tunnel in the guise of a socket, as far as pg and TLS use one. */
class TunnelSocket extends Duplex {
  readonly #open: Open;
  #channel: ClientChannel | undefined;

  constructor(open: Open) {
    super();
    this.#open = open;
  }

  connect(port: number, host: string): this {
    this.#open(host, port).then(
      (channel) => this.#joined(channel),
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  setNoDelay = (): this => this;
  setKeepAlive = (): this => this;
  ref = (): this => this;
  unref = (): this => this;

  override _read(): void {
    this.#channel?.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    if (this.#channel) this.#channel.write(chunk, done);
    else done(new Error('the tunnel is not open'));
  }

  override _final(done: () => void): void {
    this.#channel?.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#channel?.close();
    // TLS on top ends this first and then tells why: with the reverse order nobody would learn it.
    setImmediate(done, error);
  }

  #joined(channel: ClientChannel): void {
    if (this.destroyed) return void channel.close();
    this.#channel = channel;
    channel.on('data', (piece: Buffer) => {
      if (!this.push(piece)) channel.pause();
    });
    channel.on('end', () => this.push(null));
    channel.on('error', (error: Error) => this.destroy(error));
    channel.on('close', () => this.destroy());
    this.emit('connect');
  }
}
