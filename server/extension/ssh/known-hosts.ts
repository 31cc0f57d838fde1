import { createHmac } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { messageOf, ProcessError } from '../errors.ts';

/** A line of a known_hosts file (OpenSSH's sshd(8), "SSH_KNOWN_HOSTS FILE FORMAT"). */
interface KnownKey {
  readonly hosts: string;
  readonly type: string;
  /** In base64. */
  readonly key: string;
  readonly isRevoked: boolean;
}

/** Lines that are no keys, and authorities that sign keys, are left out. */
function parse(text: string): KnownKey[] {
  return text.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') ? fields.shift() : undefined;
    const [hosts, type, key] = fields;
    if (!hosts || !type || !key || hosts.startsWith('#') || marker === '@cert-authority') return [];
    return [{ hosts, type, key, isRevoked: marker === '@revoked' }];
  });
}

function matchesPattern(pattern: string, host: string): boolean {
  if (pattern.startsWith('|1|')) {
    const [, , salt = '', hash] = pattern.split('|');
    return createHmac('sha1', Buffer.from(salt, 'base64')).update(host).digest('base64') === hash;
  }
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'i').test(host);
}

/** Hosts are a list of patterns, of which those with `!` rule a host out. */
function concerns({ hosts }: KnownKey, names: readonly string[]): boolean {
  const patterns = hosts.split(',');
  const matches = (pattern: string): boolean => names.some((name) => matchesPattern(pattern, name));
  return patterns.some(matches) && !patterns.some((pattern) => pattern.startsWith('!') && matches(pattern.slice(1)));
}

/** The keys that files say a server has. */
export class KnownHosts {
  readonly #keys: readonly KnownKey[];

  constructor(text: string) {
    this.#keys = parse(text);
  }

  /** From one file, or from the user's own where none is named. Throws ProcessError where it cannot be read. */
  static async read(file: string | undefined): Promise<KnownHosts> {
    if (file !== undefined) {
      const text = await readFile(file, 'utf8').catch((cause: unknown) => {
        throw new ProcessError(`The Host Key File ${file} cannot be read: ${messageOf(cause)}.`, { cause });
      });
      return new KnownHosts(text);
    }
    const own = ['known_hosts', 'known_hosts2'].map((name) => readFile(path.join(homedir(), '.ssh', name), 'utf8').catch(() => ''));
    return new KnownHosts((await Promise.all(own)).join('\n'));
  }

  /** The types of the keys known for a server: it must be asked for one of these. */
  keyTypes(host: string, port: number): string[] {
    return [...new Set(this.#of(host, port).flatMap(({ type, isRevoked }) => (isRevoked ? [] : [type])))];
  }

  /** `key` as the server shows it, in SSH's wire format. */
  trusts(host: string, port: number, key: Buffer): boolean {
    const shown = this.#of(host, port).filter((known) => known.key === key.toString('base64'));
    return shown.length > 0 && !shown.some(({ isRevoked }) => isRevoked);
  }

  #of(host: string, port: number): KnownKey[] {
    const names = port === 22 ? [host, `[${host}]:22`] : [`[${host}]:${port}`];
    return this.#keys.filter((known) => concerns(known, names));
  }
}
