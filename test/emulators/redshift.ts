import { once } from 'node:events';
import net from 'node:net';
import { gunzipSync } from 'node:zlib';
import { ACCESS_KEY, type S3Emulator, SECRET_KEY } from './s3.ts';

/** A COPY as Redshift writes it, as far as the connector does. */
const COPY =
  /^COPY (?<table>.*) \((?<columns>.*)\) FROM '(?<data>s3:\/\/[^']*)' (?:IAM_ROLE (?<role>default|'[^']*')|ACCESS_KEY_ID '(?<key>[^']*)' SECRET_ACCESS_KEY '(?<secret>[^']*)') FORMAT AS JSON '(?<paths>[^']*)' GZIP TIMEFORMAT 'auto' DATEFORMAT 'auto' REGION '[^']*' COMPUPDATE OFF STATUPDATE OFF$/;

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const escaped = (value: string | null): string => (value === null ? '\\N' : value.replace(/[\\\t\n\r]/g, (one) => ESCAPES[one]!));

/** A message of PostgreSQL's protocol. */
function message(type: string, body: Buffer | string = ''): Buffer {
  const content = typeof body === 'string' ? Buffer.from(body) : body;
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeInt32BE(content.length + 4, 1);
  return Buffer.concat([head, content]);
}

const query = (sql: string): Buffer => message('Q', `${sql}\0`);

/**
 * PostgreSQL with one word of Redshift more: a proxy that stands before the server, passes everything on as it comes, and carries
 * COPY ... FROM 's3://...' out itself: it fetches the objects and hands their rows to the server's own COPY FROM STDIN.
 */
export class RedshiftProxy {
  /** The statements that it has carried out. */
  readonly copies: string[] = [];
  readonly #s3: S3Emulator;
  readonly #target: net.NetConnectOpts;
  readonly #sockets = new Set<net.Socket>();
  readonly #server = net.createServer((client) => this.#serve(client));

  private constructor(target: net.NetConnectOpts, s3: S3Emulator) {
    this.#target = target;
    this.#s3 = s3;
  }

  static async start(target: { host: string; port: number }, s3: S3Emulator): Promise<RedshiftProxy> {
    const proxy = new RedshiftProxy(target, s3);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  get address(): { host: string; port: number } {
    return { host: '127.0.0.1', port: (this.#server.address() as net.AddressInfo).port };
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #serve(client: net.Socket): void {
    const server = net.connect(this.#target);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
    let rows: Buffer | undefined;
    const fromClient = messages((type, whole) => {
      const match = type === 'Q' ? COPY.exec(whole.toString('utf8', 5, whole.length - 1)) : null;
      if (!match) return void server.write(whole);
      rows = this.#carryOut(match, server);
    }, true);
    // The server's invitation to send rows is answered here.
    const fromServer = messages((type, whole) => {
      if (type !== 'G' || !rows) return void client.write(whole);
      server.write(Buffer.concat([message('d', rows), message('c')]));
      rows = undefined;
    }, false);
    client.on('data', fromClient);
    server.on('data', fromServer);
  }

  /** Asks the server for its COPY; what Redshift would refuse, the server refuses, so that its transaction fails as well. */
  #carryOut({ 0: sql, groups }: RegExpExecArray, server: net.Socket): Buffer | undefined {
    this.copies.push(sql);
    const { table, columns, data, paths, role, key, secret } = groups!;
    const refuse = (reason: string): undefined => void server.write(query(`DO $x$ BEGIN RAISE EXCEPTION '${reason}'; END $x$`));
    if (role === undefined && (key !== ACCESS_KEY || secret !== SECRET_KEY)) return refuse('S3ServiceException:The AWS Access Key Id you provided does not exist,Status 403');
    const [content, schema] = [this.#object(data!), this.#object(paths!)];
    if (!content || !schema) return refuse('S3ServiceException:The specified key does not exist,Status 404');
    const { jsonpaths } = JSON.parse(schema.toString()) as { jsonpaths: string[] };
    const places = jsonpaths.map((one) => Number(/^\$\[(\d+)\]$/.exec(one)![1]));
    const lines = gunzipSync(content).toString().trimEnd().split('\n');
    server.write(query(`COPY ${table} (${columns}) FROM STDIN`));
    return Buffer.from(lines.map((line) => `${places.map((place) => escaped((JSON.parse(line) as (string | null)[])[place]!)).join('\t')}\n`).join(''));
  }

  #object(url: string): Buffer | undefined {
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(url) ?? [];
    return this.#s3.buckets.get(bucket!)?.get(key!)?.body;
  }
}

/** Cuts a stream into messages; the client's first one, which opens the connection or cancels a statement, has no type. */
function messages(take: (type: string, whole: Buffer) => void, isClient: boolean): (piece: Buffer) => void {
  let pending: Buffer = Buffer.alloc(0);
  let typed = !isClient;
  return (piece) => {
    pending = Buffer.concat([pending, piece]);
    for (;;) {
      const lengthAt = typed ? 1 : 0;
      if (pending.length < lengthAt + 4) return;
      const end = lengthAt + pending.readInt32BE(lengthAt);
      if (pending.length < end) return;
      take(typed ? String.fromCharCode(pending[0]!) : '', pending.subarray(0, end));
      typed = true;
      pending = pending.subarray(end);
    }
  };
}
