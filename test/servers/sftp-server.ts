import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, realpathSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import ssh2, { type AuthContext, type Connection } from 'ssh2';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type SftpFaults, SftpFiles } from './sftp-files.ts';

const { utils } = ssh2;

export const USER = 'ann';
export const PASSWORD = 'open sesame';

/** How the server lets a client in. */
export interface SftpServerOptions {
  /** Public keys, in OpenSSH's form. */
  readonly authorizedKeys?: readonly string[];
  /** Asks for the password as a question (keyboard-interactive) only. */
  readonly asks?: boolean;
  /** Leads clients on to other addresses (direct-tcpip). */
  readonly forwards?: boolean;
}

/** A real SSH server on a loopback address, with a directory of this machine behind it. */
export class SftpServer {
  readonly root = temporaryDirectory();
  readonly faults: SftpFaults = {};
  /** Logins so far. */
  logins = 0;
  /** Connections to other addresses so far. */
  forwarded = 0;
  readonly #server: InstanceType<typeof ssh2.Server>;
  readonly #connections = new Set<Connection>();
  readonly #options: SftpServerOptions;
  readonly #hostKey = utils.generateKeyPairSync('ed25519');

  private constructor(options: SftpServerOptions) {
    this.#options = options;
    mkdirSync(this.root, { recursive: true });
    // An RSA key too: the client must ask for the kind that it knows.
    const rsa = generateKeyPairSync('rsa', { modulusLength: 2048, privateKeyEncoding: { type: 'pkcs1', format: 'pem' }, publicKeyEncoding: { type: 'pkcs1', format: 'pem' } });
    this.#server = new ssh2.Server({ hostKeys: [rsa.privateKey, this.#hostKey.private] }, (connection) => this.#serve(connection));
  }

  static async start(options: SftpServerOptions = {}): Promise<SftpServer> {
    const server = new SftpServer(options);
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** A line for a file of known hosts. */
  get knownHost(): string {
    return `[127.0.0.1]:${this.port} ${this.#hostKey.public}`;
  }

  /** Properties that lead here. */
  get properties(): Record<string, string> {
    return { Hostname: '127.0.0.1', Port: String(this.port), Username: USER, Password: PASSWORD };
  }

  /** Connections that are open. */
  get open(): number {
    return this.#connections.size;
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  /** Cuts all connections off. */
  cut(): void {
    for (const connection of this.#connections) (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
  }

  #serve(connection: Connection): void {
    this.#connections.add(connection);
    (connection as unknown as { setNoDelay(on: boolean): void }).setNoDelay(true);
    connection.on('error', () => undefined);
    connection.on('close', () => this.#connections.delete(connection));
    connection.on('authentication', (context) => this.#authenticate(context));
    connection.on('ready', () => {
      this.logins++;
    });
    connection.on('tcpip', (accept, reject, { destIP, destPort }) => {
      if (!this.#options.forwards) return void reject();
      const target = net.connect(destPort, destIP);
      target.once('error', () => reject());
      target.once('connect', () => {
        const channel = accept();
        this.forwarded++;
        channel.on('error', () => undefined);
        target.pipe(channel).pipe(target);
        channel.once('close', () => target.destroy());
      });
    });
    connection.on('session', (accept) => {
      accept().on('sftp', (acceptSftp) => {
        const files = new SftpFiles(realpathSync(this.root), acceptSftp(), this.faults, () => this.cut());
        connection.on('close', () => void files.close());
      });
    });
  }

  #authenticate(context: AuthContext): void {
    const { asks = false, authorizedKeys = [] } = this.#options;
    if (context.username !== USER) return context.reject();
    if (context.method === 'password' && !asks && context.password === PASSWORD) return context.accept();
    if (context.method === 'keyboard-interactive' && asks)
      return context.prompt([{ prompt: 'Password: ', echo: false }], (answers) => (answers[0] === PASSWORD ? context.accept() : context.reject()));
    if (context.method === 'publickey' && isAuthorized(context, authorizedKeys)) return context.accept();
    context.reject(asks ? ['keyboard-interactive'] : ['password', 'publickey']);
  }
}

function isAuthorized(context: Extract<AuthContext, { method: 'publickey' }>, keys: readonly string[]): boolean {
  return keys.some((text) => {
    const key = utils.parseKey(text);
    if (key instanceof Error) throw key;
    if (!key.getPublicSSH().equals(context.key.data)) return false;
    return context.signature === undefined || key.verify(context.blob!, context.signature, context.hashAlgo) === true;
  });
}
