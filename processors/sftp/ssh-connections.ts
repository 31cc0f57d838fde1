import type { AuthContext, Connection, PublicKeyAuthContext } from 'ssh2';
import type { ComponentContext } from '../../server/extension/component.ts';
import { networkOf, Throttle } from '../../server/extension/throttle.ts';
import type { Acceptance } from './acceptance.ts';
import { Refused } from './refused.ts';
import type { properties } from './server-properties.ts';
import { SftpSession } from './sftp-session.ts';
import { TransferRate } from './transfer-rate.ts';
import type { UploadUsers } from './upload-users.ts';
import { UserFolder } from './user-folder.ts';

/** How long a client may take to log in (OpenSSH's LoginGraceTime is two minutes). */
const GRACE_MILLIS = 30_000;
/** Keys that a client may show in one connection: those with many in their agent are no guessers. */
const MOST_TRIES = 20;

interface Client {
  readonly connection: Connection;
  readonly address: string;
  user: string | undefined;
  tries: number;
  readonly sessions: Set<SftpSession>;
  lastActive: number;
}

/** The connections of an endpoint: who logs in, what is open, and when it is too much. */
export class SshConnections {
  readonly #context: ComponentContext<typeof properties>;
  readonly #users: UploadUsers;
  readonly #acceptance: Acceptance;
  readonly #clients = new Set<Client>();
  readonly #open = new Set<string>();
  readonly #rates = new Map<string, TransferRate>();
  readonly #ending = new Set<Promise<void>>();
  readonly #throttle: Throttle;
  readonly #stop = new AbortController();

  constructor(context: ComponentContext<typeof properties>, users: UploadUsers, acceptance: Acceptance) {
    this.#context = context;
    this.#users = users;
    this.#acceptance = acceptance;
    this.#throttle = new Throttle(context.now);
  }

  get count(): number {
    return this.#clients.size;
  }

  isOpen(real: string): boolean {
    return this.#open.has(real);
  }

  disconnect(user: string): void {
    for (const client of this.#clients) if (client.user === user) client.connection.end();
  }

  /** Cuts everything off; ends once every file is closed. */
  async close(): Promise<void> {
    this.#stop.abort();
    for (const client of this.#clients) cut(client.connection);
    while (this.#clients.size > 0 || this.#ending.size > 0) {
      await Promise.all(this.#ending);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  serve(connection: Connection, address: string): void {
    const client: Client = { connection, address, user: undefined, tries: 0, sessions: new Set(), lastActive: performance.now() };
    connection.on('error', () => undefined);
    if (this.#stop.signal.aborted || this.#throttle.wait([networkOf(address)]) > 0) return void cut(connection);
    this.#clients.add(client);
    const { idle } = this.#context.properties;
    const grace = setTimeout(() => client.user === undefined && cut(connection), GRACE_MILLIS);
    const watch = setInterval(() => performance.now() - client.lastActive > idle && cut(connection), Math.max(1000, idle / 4));
    connection.on('close', () => {
      clearTimeout(grace);
      clearInterval(watch);
      this.#closed(client);
    });
    connection.on('authentication', (asked) => this.#authenticate(client, asked));
    connection.on('session', (accept) => {
      const session = accept();
      session.on('sftp', (acceptSftp) => this.#begin(client, acceptSftp));
    });
  }

  #closed(client: Client): void {
    this.#clients.delete(client);
    if (client.user === undefined && client.tries > 0) {
      this.#throttle.fail([networkOf(client.address)]);
      this.#context.audit('sftp-login-refused', { address: client.address, keys: client.tries });
    }
    const ended = Promise.all([...client.sessions].map((session) => session.end())).then(() => void this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #authenticate(client: Client, asked: AuthContext): void {
    if (asked.method !== 'publickey') return asked.reject(['publickey']);
    const { userConnections } = this.#context.properties;
    const key = this.#users.keysOf(asked.username).find((each) => each.is(asked.key.data));
    const isProven = key !== undefined && (asked.signature === undefined || key.verify(proofOf(asked)));
    if (!isProven) {
      if (++client.tries > MOST_TRIES) return cut(client.connection);
      return asked.reject(['publickey']);
    }
    if (asked.signature === undefined) return asked.accept();
    if ([...this.#clients].filter(({ user }) => user === asked.username).length >= userConnections) {
      this.#context.audit('sftp-refused', { user: asked.username, address: client.address, reason: `more than ${userConnections} connections` });
      return cut(client.connection);
    }
    client.user = asked.username;
    this.#throttle.forgive(networkOf(client.address));
    this.#users.loggedIn(asked.username, this.#context.now());
    this.#context.audit('sftp-login', { user: asked.username, address: client.address, key: key.fingerprint });
    asked.accept();
  }

  #begin(client: Client, accept: () => ConstructorParameters<typeof SftpSession>[0]): void {
    const user = client.user!;
    const { properties: values } = this.#context;
    const folder = UserFolder.open(this.#users.folderOf(user));
    // All at once: clients send without waiting, and what comes before somebody listens is lost or refused.
    const sftp = accept();
    const rate = this.#rateOf(user);
    let used = 0;
    const session = new SftpSession(sftp, {
      folder,
      uploads: {
        maximum: values.fileSize,
        slowDown: (bytes) => {
          client.lastActive = performance.now();
          return rate.take(bytes);
        },
        grow: (bytes) => {
          if (used + bytes > values.folderSize) throw new Refused(`the files of ${user} have more than ${values.folderSize} bytes`, 'failure', { isNoted: true });
          used += bytes;
        },
      },
      opened: (real) => {
        if (this.#open.has(real)) throw new Refused('somebody is writing this file already', 'failure');
        this.#open.add(real);
      },
      closed: (real) => void this.#open.delete(real),
      isOpen: (real) => this.#open.has(real),
      measure: async () => {
        used = (await folder.usage()) + this.#users.waitingBytes(user);
      },
      touched: (inside) => this.#acceptance.touched(user, inside),
      audit: (event, details) => this.#context.audit(event, { user, address: client.address, ...details }),
    });
    client.sessions.add(session);
  }

  #rateOf(user: string): TransferRate {
    const rate = this.#rates.get(user) ?? new TransferRate(this.#context.properties.rate, this.#stop.signal);
    this.#rates.set(user, rate);
    return rate;
  }
}

const proofOf = ({ blob, signature, hashAlgo }: PublicKeyAuthContext) => ({ blob: blob!, signature: signature!, hash: hashAlgo });

/** Without waiting for what is still to be sent. */
function cut(connection: Connection): void {
  (connection as unknown as { _sock: { destroy(): void } })._sock.destroy();
}
