import { createReadStream, createWriteStream, type Stats } from 'node:fs';
import { chmod, lstat, mkdir, readdir, rename, stat, unlink, utimes } from 'node:fs/promises';
import type { Socket } from 'node:net';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What goes wrong on purpose, and what the server does not know. */
export interface FtpFaults {
  /** The connections are cut once so many bytes of content were moved. */
  cutAfter?: number;
  /** Lines that every listing of a directory holds besides those of files. */
  extraLines?: readonly string[];
  /** Paths that nobody may touch. */
  denied?: readonly string[];
  /** Commands that are answered with 502. */
  unknown?: readonly string[];
  /** Commands that are never answered. */
  silent?: readonly string[];
}

export class Refused extends Error {
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

const two = (value: number): string => String(value).padStart(2, '0');
/** As MLSD, MDTM and MFMT have times. */
const stamp = (time: Date): string => time.toISOString().replace(/\.\d+Z|\D/g, '');
const parsed = (text: string): Date => new Date(text.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z'));

function unixLine(name: string, stats: Stats): string {
  const kind = stats.isDirectory() ? 'd' : stats.isSymbolicLink() ? 'l' : '-';
  const rights = [...'rwxrwxrwx'].map((letter, index) => ((stats.mode >> (8 - index)) & 1 ? letter : '-')).join('');
  const month = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][stats.mtime.getUTCMonth()];
  const link = kind === 'l' ? ' -> elsewhere' : '';
  return `${kind}${rights} 1 ann users ${stats.size} ${month} ${two(stats.mtime.getUTCDate())} ${two(stats.mtime.getUTCHours())}:${two(stats.mtime.getUTCMinutes())} ${name}${link}`;
}

const machineLine = (name: string, stats: Stats): string =>
  `type=${stats.isDirectory() ? 'dir' : stats.isSymbolicLink() ? 'OS.unix=slink' : 'file'};size=${stats.size};modify=${stamp(stats.mtime)};UNIX.mode=0${(stats.mode & 0o777).toString(8)}; ${name}`;

/** The directory behind a server, as one client sees it. */
export class FtpFiles {
  directory = '/';
  #renamed: string | undefined;
  readonly #root: string;
  readonly #faults: FtpFaults;

  constructor(root: string, faults: FtpFaults) {
    this.#root = root;
    this.#faults = faults;
  }

  at(name: string): string {
    const inside = path.posix.resolve(this.directory, name || '.');
    if (this.#faults.denied?.includes(inside)) throw new Refused(550, 'Permission denied');
    return path.join(this.#root, inside);
  }

  /** Commands without content; undefined where there is no such command. */
  async answer(command: string, argument: string): Promise<string | undefined> {
    switch (command) {
      case 'CWD':
        if (!(await stat(this.at(argument))).isDirectory()) throw new Refused(550, 'Not a directory');
        this.directory = path.posix.resolve(this.directory, argument);
        return '250 ok';
      case 'SIZE':
        return `213 ${(await stat(this.at(argument))).size}`;
      case 'MDTM':
        return `213 ${stamp((await stat(this.at(argument))).mtime)}`;
      case 'RNFR':
        await lstat(this.at(argument));
        this.#renamed = this.at(argument);
        return '350 go on';
      default:
        return this.#change(command, argument);
    }
  }

  async #change(command: string, argument: string): Promise<string | undefined> {
    const [, time = '', name = ''] = /^(\S+) (.*)$/s.exec(argument) ?? [];
    if (command === 'DELE') await unlink(this.at(argument));
    else if (command === 'MKD') await mkdir(this.at(argument));
    else if (command === 'RNTO') await rename(this.#renamed!, this.at(argument));
    else if (command === 'MFMT') await utimes(this.at(name), parsed(time), parsed(time));
    else if (command === 'SITE' && /^CHMOD /.test(argument)) await chmod(this.at(argument.split(' ').slice(2).join(' ')), Number.parseInt(argument.split(' ')[1]!, 8));
    else return undefined;
    return '250 ok';
  }

  async listing(command: string, argument: string): Promise<string> {
    const directory = this.at(argument.replace(/^-a ?/, ''));
    const names = await readdir(directory);
    const line = command === 'MLSD' ? machineLine : unixLine;
    const lines = await Promise.all(names.map(async (name) => line(name, await lstat(path.join(directory, name)))));
    return [...lines, ...(this.#faults.extraLines ?? [])].map((each) => `${each}\r\n`).join('');
  }

  async send(name: string, socket: Socket, cut: () => void): Promise<void> {
    await pipeline(createReadStream(this.at(name)), this.#counted(cut), socket);
  }

  async receive(name: string, socket: Socket, cut: () => void): Promise<void> {
    await pipeline(socket, this.#counted(cut), createWriteStream(this.at(name)));
  }

  #counted(cut: () => void) {
    const limit = this.#faults.cutAfter ?? Number.POSITIVE_INFINITY;
    return async function* (chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      let moved = 0;
      for await (const chunk of chunks) {
        moved += chunk.length;
        if (moved >= limit) return cut();
        yield chunk;
      }
    };
  }
}
