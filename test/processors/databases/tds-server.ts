import net from 'node:net';
import type { AddressInfo } from 'node:net';

/** A column as the fake answers with it. */
export interface TdsColumn {
  readonly name: string;
  readonly type: 'int' | 'bigint' | 'bit' | 'float' | 'decimal' | 'nvarchar' | 'varbinary' | 'datetime2' | 'date';
}
/** What a statement is answered with. */
export type TdsAnswer =
  | { readonly columns: readonly TdsColumn[]; readonly rows: Iterable<readonly unknown[]> }
  | { readonly count: number }
  | { readonly error: string; readonly number: number };
export interface Told {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const u16 = (value: number): Buffer => {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
};
const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
};
const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le');
const bVarChar = (text: string): Buffer => Buffer.concat([Buffer.from([text.length]), ucs2(text)]);
const COLLATION = Buffer.from([0x09, 0x04, 0xd0, 0x00, 0x34]);

const DAY = 86_400_000;
const daysSince0001 = (date: Date): number => Math.floor(date.getTime() / DAY) + 719_162;

/** Types as they stand in metadata, and their values in rows ([MS-TDS] 2.2.5.4, 2.2.5.5). */
const TYPES: Readonly<Record<TdsColumn['type'], { readonly info: Buffer; write(value: never): Buffer }>> = {
  int: { info: Buffer.from([0x26, 4]), write: (value: number) => Buffer.concat([Buffer.from([4]), u32(value >>> 0)]) },
  bigint: {
    info: Buffer.from([0x26, 8]),
    write: (value: bigint) => {
      const bytes = Buffer.alloc(9, 8);
      bytes.writeBigInt64LE(value, 1);
      return bytes;
    },
  },
  bit: { info: Buffer.from([0x68, 1]), write: (value: boolean) => Buffer.from([1, Number(value)]) },
  float: {
    info: Buffer.from([0x6d, 8]),
    write: (value: number) => {
      const bytes = Buffer.alloc(9, 8);
      bytes.writeDoubleLE(value, 1);
      return bytes;
    },
  },
  // DECIMAL(10, 2)
  decimal: { info: Buffer.from([0x6a, 9, 10, 2]), write: (value: number) => Buffer.concat([Buffer.from([9, Number(value >= 0)]), u32(Math.round(Math.abs(value) * 100)), u32(0)]) },
  nvarchar: { info: Buffer.concat([Buffer.from([0xe7]), u16(8000), COLLATION]), write: (value: string) => Buffer.concat([u16(ucs2(value).length), ucs2(value)]) },
  varbinary: { info: Buffer.concat([Buffer.from([0xa5]), u16(8000)]), write: (value: Buffer) => Buffer.concat([u16(value.length), value]) },
  datetime2: {
    info: Buffer.from([0x2a, 7]),
    write: (value: Date) => {
      const bytes = Buffer.alloc(9, 8);
      bytes.writeUIntLE((value.getTime() % DAY) * 10_000, 1, 5);
      bytes.writeUIntLE(daysSince0001(value), 6, 3);
      return bytes;
    },
  },
  date: {
    info: Buffer.from([0x28]),
    write: (value: Date) => {
      const bytes = Buffer.alloc(4, 3);
      bytes.writeUIntLE(daysSince0001(value), 1, 3);
      return bytes;
    },
  },
};

function cell(type: TdsColumn['type'], value: unknown): Buffer {
  if (value === null) return type === 'nvarchar' || type === 'varbinary' ? u16(0xffff) : Buffer.from([0]);
  return TYPES[type].write(value as never);
}

const done = (token: number, status: number, count: number): Buffer => Buffer.concat([Buffer.from([token]), u16(status), u16(0), u32(count), u32(0)]);

function errorToken(message: string, number: number): Buffer {
  const body = Buffer.concat([u32(number), Buffer.from([1, 16]), u16(message.length), ucs2(message), bVarChar('fake'), bVarChar(''), u32(1)]);
  return Buffer.concat([Buffer.from([0xaa]), u16(body.length), body]);
}

function metadata(columns: readonly TdsColumn[]): Buffer {
  const each = columns.map(({ name, type }) => Buffer.concat([u32(0), u16(0x09), TYPES[type].info, bVarChar(name)]));
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

/** A server that speaks as much of TDS 7.4, without TLS, as a client needs to log in and to run statements. `answer` says what they give. */
export async function tdsServer(answer: (told: Told) => TdsAnswer) {
  const told: Told[] = [];
  const logins: ReturnType<typeof loginOf>[] = [];
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => undefined);
    const session = new TdsSession(socket, (one) => {
      if (!/^set /i.test(one.sql)) told.push(one);
      return /^set |^(begin|commit|if @@trancount)/i.test(one.sql) ? { count: 0 } : answer(one);
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
  readonly #answer: (told: Told) => TdsAnswer;
  #bytes = Buffer.alloc(0);
  #message: Buffer[] = [];
  /** Set while rows are sent: an attention ends them. */
  #attention = false;
  #isAnswering = false;

  constructor(socket: net.Socket, answer: (told: Told) => TdsAnswer) {
    this.#socket = socket;
    this.#answer = answer;
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
      return this.#isAnswering ? undefined : this.#send(done(0xfd, 0x20, 0));
    }
    const body = message.subarray(message.readUInt32LE(0));
    if (type === 1) return void this.#reply(this.#answer({ sql: body.toString('utf16le'), values: [] }), 0xfd);
    const [sql, , ...values] = new Parameters(body, 6).all();
    return void this.#reply(this.#answer({ sql: String(sql), values }), 0xfe);
  }

  async #reply(answer: TdsAnswer, token: number): Promise<void> {
    if ('error' in answer) return this.#send(Buffer.concat([errorToken(answer.error, answer.number), done(token, 2, 0)]));
    if ('count' in answer) return this.#send(done(token, 0x10, answer.count));
    this.#attention = false;
    this.#isAnswering = true;
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
