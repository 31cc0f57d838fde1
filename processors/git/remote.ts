import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { messageOf } from '../../server/extension/errors.ts';
import { RegistryError } from '../../server/extension/flow-registry.ts';
import { git, Repository } from './repository.ts';

export interface RemoteSettings {
  readonly url: string;
  readonly user: string | undefined;
  readonly password: string | undefined;
  /** Where copies of remote repositories lie. */
  readonly directory: string;
}

/** A repository elsewhere, reached by http or https, and our bare copy of it. */
export class Remote {
  readonly repository: Repository;
  readonly #settings: RemoteSettings;

  private constructor(repository: Repository, settings: RemoteSettings) {
    this.repository = repository;
    this.#settings = settings;
  }

  static async open(settings: RemoteSettings, defaultBranch: string): Promise<Remote> {
    const name = createHash('sha256').update(settings.url).digest('hex').slice(0, 16);
    const directory = path.join(settings.directory, 'git', `${name}.git`);
    fs.mkdirSync(directory, { recursive: true });
    const repository = await Repository.at(directory, true, defaultBranch);
    await (await git()).addRemote({ fs, gitdir: repository.gitdir, remote: 'origin', url: settings.url, force: true });
    return new Remote(repository, settings);
  }

  /** Brings our branches to where the remote's are; what the remote has no more goes. */
  async fetch(): Promise<void> {
    const api = await git();
    const { gitdir } = this.repository;
    await this.#exchange('read', async (connection) => {
      const heads = await api.listServerRefs({ ...connection, prefix: 'refs/heads/' });
      const missing = await Promise.all(heads.map(async ({ oid }) => !(await this.#has(oid))));
      if (missing.some(Boolean)) await api.fetch({ ...connection, fs, gitdir, remote: 'origin', tags: false });
      for (const { ref, oid } of heads) await api.writeRef({ fs, gitdir, ref, value: oid, force: true });
      const known = new Set(heads.map(({ ref }) => ref.slice('refs/heads/'.length)));
      for (const branch of await this.repository.branches()) if (!known.has(branch)) await api.deleteRef({ fs, gitdir, ref: `refs/heads/${branch}` });
    });
  }

  async #has(oid: string): Promise<boolean> {
    try {
      await (await git()).readCommit({ fs, gitdir: this.repository.gitdir, oid });
      return true;
    } catch {
      return false;
    }
  }

  /** Hands a branch on. Throws RegistryError with cause `conflict` where the remote's has moved on. */
  async push(branch: string): Promise<void> {
    const api = await git();
    const ref = `refs/heads/${branch}`;
    await this.#exchange('written', (connection) => api.push({ ...connection, fs, gitdir: this.repository.gitdir, ref, remoteRef: ref }));
  }

  async #exchange(what: string, work: (connection: { http: Http; url: string; onAuth: () => object; onAuthFailure: () => { cancel: true } }) => Promise<unknown>): Promise<void> {
    const { url, user, password } = this.#settings;
    const http = (await import('isomorphic-git/http/node')).default;
    const auth = password === undefined ? {} : { username: user ?? 'token', password };
    try {
      await work({ http, url, onAuth: () => auth, onAuthFailure: () => ({ cancel: true }) });
    } catch (thrown) {
      throw refusal(url, what, thrown);
    }
  }
}

type Http = typeof import('isomorphic-git/http/node').default;

function refusal(url: string, what: string, thrown: unknown): RegistryError {
  if (thrown instanceof RegistryError) return thrown;
  const { code, data } = thrown as { code?: string; data?: { statusCode?: number } };
  const options = { cause: thrown };
  if (code === 'PushRejectedError' || code === 'GitPushError') return new RegistryError('conflict', 'The branch was moved by somebody else meanwhile. Try again.', options);
  const denied = code === 'UserCanceledError' || data?.statusCode === 401 || data?.statusCode === 403;
  if (denied) return new RegistryError('unavailable', `${url} does not let this user in, or not for this. Check User Name and Password of the registry client.`, options);
  return new RegistryError('unavailable', `${url} cannot be ${what} (${messageOf(thrown)}). Check the address and the network, and try again.`, options);
}
