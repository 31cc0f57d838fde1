import net from 'node:net';
import type { AddressInfo } from 'node:net';
import { bVarChar, cell, type TdsColumn, typeInfo, u16, u32, ucs2 } from './tds-types.ts';

/** What a statement is answered with. */
export type TdsAnswer =
  | { readonly columns: readonly TdsColumn[]; readonly rows: Iterable<readonly unknown[]> }
  | { readonly count: number }
  | { readonly error: string; readonly number: number };
export interface Told {
  readonly sql: string;
  readonly values: readonly unknown[];
  /** Rows of texts, of a bulk load, whose `INSERT BULK` is the statement. */
  readonly rows?: readonly (readonly (string | null)[])[];
  /** The same for all statements of a connection. */
  readonly session: object;
  /** Fires when the client asks to end it. */
  readonly signal: AbortSignal;
}
type Answer = (told: Told) => TdsAnswer | Promise<TdsAnswer>;

const done = (token: number, status: number, count: number): Buffer => Buffer.concat([Buffer.from([token]), u16(status), u16(0), u32(count), u32(0)]);

function errorToken(message: string, number: number): Buffer {
  const body = Buffer.concat([u32(number), Buffer.from([1, 16]), u16(message.length), ucs2(message), bVarChar('fake'), bVarChar(''), u32(1)]);
  return Buffer.concat([Buffer.from([0xaa]), u16(body.length), body]);
}

function metadata(columns: readonly TdsColumn[]): Buffer {
  const each = columns.map((column) => Buffer.concat([u32(0), u16(0x09), typeInfo(column), bVarChar(column.name)]));
  return Buffer.concat([Buffer.from([0x81]), u16(columns.length), ...each]);
}

function loginAnswer(): Buffer {
  const body = Buffer.concat([Buffer.from([1, 0x74, 0, 0, 4]), bVarChar('fake'), Buffer.from([16, 0, 0, 0])]);
  return Buffer.concat([Buffer.from([0xad]), u16(body.length), body, done(0xfd, 0, 0)]);
}

/** The user and the password of a LOGIN7 message, whose password is veiled. */
function loginOf(message: Buffer): { user: string; password: string; database: string } {
  const text = (at: number): Buffer => message.subarray(message.readUInt16LE(at), message.readUInt16LE(at) + message.readUInt16LE(at + 2) * 2);
  const veiled = Buffer.from(text(44)).map((byte) => {
    const plain = byte ^ 0xa5;
    return ((plain & 0x0f) << 4) | (plain >> 4);
  });
  return { user: text(40).toString('utf16le'), password: Buffer.from(veiled).toString('utf16le'), database: text(68).toString('utf16le') };
}

/** Reads the parameters of a call of sp_executesql. */
class Parameters {
  #at: number;
  readonly #message: Buffer;

  constructor(message: Buffer, at: number) {
    this.#message = message;
    this.#at = at;
  }

  *all(): Generator<unknown> {
    while (this.#at < this.#message.length) yield this.#one();
  }

  #take(count: number): Buffer {
    this.#at += count;
    return this.#message.subarray(this.#at - count, this.#at);
  }

  #one(): unknown {
    this.#take(this.#take(1)[0]! * 2);
    this.#take(1);
    const type = this.#take(1)[0]!;
    if (type === 0xe7 || type === 0xa5) {
      const maximum = this.#take(2).readUInt16LE();
      if (type === 0xe7) this.#take(5);
      const bytes = maximum === 0xffff ? this.#chunks() : this.#counted();
      return bytes && type === 0xe7 ? bytes.toString('utf16le') : bytes;
    }
    if (type !== 0x26 && type !== 0x68 && type !== 0x6d) throw new Error(`type ${type}`);
    this.#take(1);
    const bytes = this.#take(this.#take(1)[0]!);
    if (bytes.length === 0) return null;
    if (type === 0x68) return bytes[0] === 1;
    return type === 0x6d ? bytes.readDoubleLE() : bytes.length === 8 ? bytes.readBigInt64LE() : bytes.readInt32LE();
  }

  #counted(): Buffer | null {
    const length = this.#take(2).readUInt16LE();
    return length === 0xffff ? null : this.#take(length);
  }

  #chunks(): Buffer | null {
    if (this.#take(8).readBigUInt64LE() === 0xffffffffffffffffn) return null;
    const pieces: Buffer[] = [];
    for (let length = this.#take(4).readUInt32LE(); length > 0; length = this.#take(4).readUInt32LE()) pieces.push(this.#take(length));
    return Buffer.concat(pieces);
  }
}

/** A server that speaks as much of TDS 7.4, without TLS, as a client needs to log in and to run statements. `answer` says what they give, of transactions only where it `isTransactional`. */
export async function tdsServer(answer: Answer, isTransactional = false) {
  const told: Told[] = [];
  const logins: ReturnType<typeof loginOf>[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const session = new TdsSession(socket, (one) => {
      if (!/^set /i.test(one.sql)) told.push(one);
      const isSetting = /^(set |$)/i.test(one.sql) || (!isTransactional && /^(begin|commit|if @@trancount)/i.test(one.sql));
      return isSetting ? { count: 0 } : answer(one);
    });
    session.onLogin = (login) => logins.push(login);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, told, logins, close };
}

class TdsSession {
  onLogin: (login: ReturnType<typeof loginOf>) => void = () => undefined;
  readonly #socket: net.Socket;
  readonly #answer: Answer;
  #bytes = Buffer.alloc(0);
  #message: Buffer[] = [];
  /** Set while rows are sent: an attention ends them. */
  #attention = false;
  #isAnswering = false;
  #stop = new AbortController();
  #bulk = '';

  constructor(socket: net.Socket, answer: Answer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.on('close', () => this.#stop.abort());
    socket.on('data', (piece) => {
      this.#bytes = Buffer.concat([this.#bytes, piece as Buffer]);
      while (this.#bytes.length >= 8 && this.#bytes.length >= this.#bytes.readUInt16BE(2)) {
        const packet = this.#bytes.subarray(0, this.#bytes.readUInt16BE(2));
        this.#bytes = this.#bytes.subarray(packet.length);
        this.#message.push(packet.subarray(8));
        if (packet[1]! & 1) this.#take(packet[0]!, Buffer.concat(this.#message.splice(0)));
      }
    });
  }

  /** Sends in packets of 4096 bytes; only the last ends the message. */
  #send(body: Buffer, isLast = true): void {
    for (let at = 0; at === 0 || at < body.length; at += 4088) {
      const part = body.subarray(at, at + 4088);
      const header = Buffer.from([4, Number(isLast && at + 4088 >= body.length), 0, 0, 0, 0, 1, 0]);
      header.writeUInt16BE(part.length + 8, 2);
      this.#socket.write(Buffer.concat([header, part]));
    }
  }

  #take(type: number, message: Buffer): void {
    // PRELOGIN: a version, and that nothing is encrypted.
    if (type === 0x12) return this.#send(Buffer.from([0, 0, 11, 0, 6, 1, 0, 17, 0, 1, 0xff, 16, 0, 0, 0, 0, 0, 2]));
    if (type === 0x10) {
      const login = loginOf(message);
      this.onLogin(login);
      return this.#send(login.password === 'secret' ? loginAnswer() : Buffer.concat([errorToken(`Login failed for user '${login.user}'.`, 18456), done(0xfd, 2, 0)]));
    }
    if (type === 6) {
      // What is being answered comes to its end first; the acknowledgement is a message of its own.
      this.#attention = true;
      this.#stop.abort();
      return this.#isAnswering ? undefined : this.#send(done(0xfd, 0x20, 0));
    }
    if (type === 7) return void this.#reply({ sql: this.#bulk, values: [], rows: bulkRows(message) }, 0xfd);
    const body = message.subarray(message.readUInt32LE(0));
    if (type === 1) {
      const sql = body.toString('utf16le');
      if (/^insert bulk/i.test(sql)) {
        this.#bulk = sql;
        return this.#send(done(0xfd, 0, 0));
      }
      return void this.#reply({ sql, values: [] }, 0xfd);
    }
    const [sql, , ...values] = new Parameters(body, 6).all();
    return void this.#reply({ sql: String(sql), values }, 0xfe);
  }

  async #reply(told: Pick<Told, 'sql' | 'values' | 'rows'>, token: number): Promise<void> {
    this.#attention = false;
    this.#isAnswering = true;
    this.#stop = new AbortController();
    const answer = await this.#answer({ ...told, session: this, signal: this.#stop.signal });
    if (!('columns' in answer)) {
      this.#isAnswering = false;
      this.#send('error' in answer ? Buffer.concat([errorToken(answer.error, answer.number), done(token, 2, 0)]) : done(token, 0x10, answer.count));
      return this.#attention ? this.#send(done(0xfd, 0x20, 0)) : undefined;
    }
    this.#send(metadata(answer.columns), false);
    let count = 0;
    for (const row of answer.rows) {
      this.#send(Buffer.concat([Buffer.from([0xd1]), ...row.map((value, index) => cell(answer.columns[index]!.type, value))]), false);
      count++;
      if (count % 500 === 0) await new Promise((resolve) => setImmediate(resolve));
      if (this.#socket.writableNeedDrain) await new Promise((resolve) => this.#socket.once('drain', resolve).once('close', resolve));
      if (this.#attention || this.#socket.destroyed) break;
    }
    this.#isAnswering = false;
    this.#send(done(token, 0x10, count));
    if (this.#attention) this.#send(done(0xfd, 0x20, 0));
  }
}

/** The rows of a bulk load: metadata of columns of text, then rows ([MS-TDS] 2.2.6.1). */
function bulkRows(message: Buffer): (string | null)[][] {
  const columns = message.readUInt16LE(1);
  let at = 3;
  for (let index = 0; index < columns; index++) {
    at += 6 + 1 + 2 + 5;
    at += 1 + message[at]! * 2;
  }
  const rows: (string | null)[][] = [];
  while (message[at] === 0xd1) {
    at++;
    rows.push(
      Array.from({ length: columns }, () => {
        const isNull = message.readBigUInt64LE(at) === 0xffffffffffffffffn;
        at += 8;
        if (isNull) return null;
        let text = '';
        for (let length = message.readUInt32LE(at); length > 0; length = message.readUInt32LE(at)) {
          text += message.subarray(at + 4, at + 4 + length).toString('utf16le');
          at += 4 + length;
        }
        at += 4;
        return text;
      }),
    );
  }
  return rows;
}
