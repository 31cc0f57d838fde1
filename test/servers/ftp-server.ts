import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { temporaryDirectory } from '../temporary-directory.ts';
import { type FtpFaults, FtpFiles, Refused } from './ftp-files.ts';

export const USER = 'ann';
export const PASSWORD = 'open sesame';

/** One client: its control connection, and the one for content that it has asked for. */
class Session {
  readonly #socket: Socket;
  readonly #server: FtpServer;
  readonly #files: FtpFiles;
  #user = '';
  #isKnown = false;
  #passive: Server | undefined;
  #data: Promise<Socket> | undefined;
  /** Commands are answered one after the other. */
  #last: Promise<void> = Promise.resolve();

  constructor(socket: Socket, server: FtpServer) {
    this.#socket = socket;
    this.#server = server;
    this.#files = new FtpFiles(server.root, server.faults);
    socket.setEncoding('utf8');
    socket.on('error', () => undefined);
    socket.on('close', () => this.#passive?.close());
    let rest = '';
    socket.on('data', (text: string) => {
      const lines = (rest + text).split('\r\n');
      rest = lines.pop()!;
      for (const line of lines) this.#last = this.#last.then(() => this.#handle(line));
    });
    this.#say('220 ready');
  }

  #say(line: string): void {
    this.#socket.write(`${line}\r\n`);
  }

  async #handle(line: string): Promise<void> {
    const [, word = '', argument = ''] = /^(\S+) ?(.*)$/s.exec(line) ?? [];
    const command = word.toUpperCase();
    this.#server.received.push(line);
    if (this.#server.faults.silent?.includes(command)) return;
    try {
      if (this.#server.faults.unknown?.includes(command)) throw new Refused(502, 'Command not implemented');
      this.#say(await this.#answer(command, argument));
    } catch (thrown) {
      const { code, message } = thrown as NodeJS.ErrnoException;
      if (!this.#socket.destroyed) this.#say(typeof code === 'number' ? `${code} ${message}` : code === 'ENOENT' ? '550 No such file or directory' : `550 ${message}`);
    }
  }

  async #answer(command: string, argument: string): Promise<string> {
    if (command === 'USER') this.#user = argument;
    if (command === 'USER') return '331 password, please';
    if (command === 'PASS') {
      this.#isKnown = this.#user === USER && argument === PASSWORD;
      if (!this.#isKnown) throw new Refused(530, 'Login incorrect');
      this.#server.logins++;
      return '230 welcome';
    }
    if (command === 'FEAT') return this.#features();
    if (!this.#isKnown) throw new Refused(530, 'Log in first');
    if (['TYPE', 'OPTS', 'STRU', 'MODE', 'NOOP'].includes(command)) return '200 ok';
    if (command === 'PWD') return `257 "${this.#files.directory}"`;
    if (command === 'EPSV') return this.#open();
    if (['MLSD', 'LIST', 'RETR', 'STOR'].includes(command)) return this.#transfer(command, argument);
    const answer = await this.#files.answer(command, argument);
    if (answer === undefined) throw new Refused(502, 'Command not implemented');
    return answer;
  }

  #features(): string {
    const known = ['UTF8', 'MLST size*;modify*;type*;', 'SIZE', 'MDTM', 'MFMT', 'EPSV'].filter(
      (each) => !(this.#server.faults.unknown ?? []).some((word) => each.startsWith(word.slice(0, 3))),
    );
    return `211-features\r\n${known.map((each) => ` ${each}\r\n`).join('')}211 end`;
  }

  async #open(): Promise<string> {
    this.#passive?.close();
    const passive = createServer().listen(0, '127.0.0.1');
    this.#passive = passive;
    this.#data = once(passive, 'connection').then(([socket]) => {
      (socket as Socket).on('error', () => undefined);
      return socket as Socket;
    });
    this.#data.catch(() => undefined);
    await once(passive, 'listening');
    return `229 Entering (|||${(passive.address() as AddressInfo).port}|)`;
  }

  async #transfer(command: string, argument: string): Promise<string> {
    const data = await this.#data!;
    const cut = (): void => {
      data.destroy();
      this.#socket.destroy();
    };
    try {
      if (command === 'RETR' || command === 'STOR') this.#files.at(argument);
      const listing = command === 'MLSD' || command === 'LIST' ? await this.#files.listing(command, argument) : undefined;
      this.#say('150 here it comes');
      if (listing !== undefined) data.end(listing);
      else if (command === 'RETR') await this.#files.send(argument, data, cut);
      else await this.#files.receive(argument, data, cut);
      return '226 done';
    } catch (thrown) {
      data.destroy();
      throw thrown;
    } finally {
      this.#passive?.close();
    }
  }
}

/** An FTP server on a loopback address (RFC 959, 2428, 3659), with a directory of this machine behind it; passive only. */
export class FtpServer {
  readonly root = temporaryDirectory();
  readonly faults: FtpFaults = {};
  /** Each command that came. */
  readonly received: string[] = [];
  logins = 0;
  readonly #sockets = new Set<Socket>();
  readonly #server = createServer((socket) => {
    this.#sockets.add(socket);
    socket.on('close', () => this.#sockets.delete(socket));
    new Session(socket, this);
  });

  static async start(): Promise<FtpServer> {
    const server = new FtpServer();
    mkdirSync(server.root, { recursive: true });
    server.#server.listen(0, '127.0.0.1');
    await once(server.#server, 'listening');
    return server;
  }

  get properties(): Record<string, string> {
    return { Hostname: '127.0.0.1', Port: String((this.#server.address() as AddressInfo).port), Username: USER, Password: PASSWORD };
  }

  get open(): number {
    return this.#sockets.size;
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, 'close');
  }
}
