import { setTimeout as delay } from 'node:timers/promises';
import {
  type FlowLocation,
  type FlowRegistry,
  type FlowVersion,
  type RegisteredFlow,
  type RegistryBucket,
  RegistryError,
  type SaveRequest,
  type StoredFlow,
} from '../../server/extension/flow-registry.ts';
import type { FileChange, FileCommit, Repository } from './repository.ts';
import type { Remote } from './remote.ts';
import { flowFileText, parseFlowFile } from './snapshot.ts';

export interface GitRegistrySettings {
  readonly repository: Repository;
  /** Where the repository is a copy: it is brought up to date before each reading, and what is written is handed on. */
  readonly remote: Remote | undefined;
  readonly storageLocation: string;
  readonly defaultBranch: string;
  /** The folder that the buckets lie in; '' for the repository's root. */
  readonly folder: string;
  /** Folders that are no buckets. */
  readonly excluded: RegExp;
}

/** NiFi's git clients first commit a flow without contents: that is no version. */
const REGISTERING = /^Registering Flow/;
const EXTENSION = '.json';
/** How often a commit is tried when somebody else moves the branch with commits that do not touch the flow, and a pause between two tries. */
const ATTEMPTS = 8;
const PAUSE_MILLIS = 25;

/** Those who save into the same repository from here wait for each other. */
const lines = new Map<string, Promise<unknown>>();

/** Flows in a git repository: a bucket is a folder, a flow a JSON file in it, a version a commit that changes the file. */
export class GitRegistry implements FlowRegistry {
  readonly storageLocation: string;
  readonly defaultBranch: string;
  readonly #settings: GitRegistrySettings;

  constructor(settings: GitRegistrySettings) {
    this.#settings = settings;
    this.storageLocation = settings.storageLocation;
    this.defaultBranch = settings.defaultBranch;
  }

  get #repository(): Repository {
    return this.#settings.repository;
  }

  async close(): Promise<void> {}

  async branches(): Promise<string[]> {
    await this.#settings.remote?.fetch();
    const branches = await this.#repository.branches();
    return branches.length > 0 ? branches : [this.defaultBranch];
  }

  async buckets(branch: string): Promise<RegistryBucket[]> {
    await this.#settings.remote?.fetch();
    const entries = await this.#repository.list(branch, this.#settings.folder);
    const folders = entries.filter(({ type, path }) => type === 'tree' && !this.#settings.excluded.test(path));
    // A repository without a folder would offer nowhere to save.
    return folders.length > 0 ? folders.map(({ path }) => ({ id: path, name: path })) : [{ id: 'default', name: 'default' }];
  }

  async flows(branch: string, bucket: string): Promise<RegisteredFlow[]> {
    await this.#settings.remote?.fetch();
    const entries = await this.#repository.list(branch, this.#path(checkedName('bucket', bucket)));
    const files = entries.filter(({ type, path }) => type === 'blob' && path.endsWith(EXTENSION)).map(({ path }) => path.slice(0, -EXTENSION.length));
    return Promise.all(files.map((flow) => this.#flow({ branch, bucket, flow })));
  }

  async #flow(location: FlowLocation): Promise<RegisteredFlow> {
    const file = this.#file(location);
    const head = await this.#repository.head(location.branch);
    const text = head === undefined ? undefined : await this.#repository.read(head, file);
    try {
      return parseFlowFile(text ?? '{}', file, location.flow).flow;
    } catch {
      // One file that is broken must not hide the others; who reads it is told.
      return { id: location.flow, name: location.flow };
    }
  }

  async versions(location: FlowLocation): Promise<FlowVersion[]> {
    await this.#settings.remote?.fetch();
    return this.#versions(location);
  }

  async #versions(location: FlowLocation): Promise<FlowVersion[]> {
    const commits = await this.#repository.log(location.branch, this.#file(location));
    return commits.filter(({ message }) => !REGISTERING.test(message)).map(versionOf);
  }

  async read(location: FlowLocation, version?: string): Promise<StoredFlow> {
    await this.#settings.remote?.fetch();
    const versions = await this.#versions(location);
    const found = version === undefined ? versions[0] : versions.find((each) => each.version === version);
    const file = this.#file(location);
    const text = found && (await this.#repository.read(found.version, file));
    if (!found || text === undefined)
      throw new RegistryError(
        'missing',
        `There is no version ${version ?? ''} of the flow ${location.flow} in the bucket ${location.bucket} on the branch ${location.branch}. Choose one that is listed.`,
      );
    return { ...found, ...parseFlowFile(text, file, location.flow), isLatest: found === versions[0] };
  }

  async save(request: SaveRequest): Promise<FlowVersion> {
    const { branch } = request.location;
    this.#file(request.location);
    if (branch === (await this.#repository.checkedOut()))
      throw new RegistryError(
        'invalid',
        `The branch ${branch} is checked out in the work tree of ${this.storageLocation}, which would no longer agree with it. Choose another branch, or use a bare repository.`,
      );
    const { gitdir } = this.#repository;
    const turn = (lines.get(gitdir) ?? Promise.resolve()).then(() => this.#persist(request));
    const line = turn.catch(() => undefined).finally(() => lines.get(gitdir) === line && lines.delete(gitdir));
    lines.set(gitdir, line);
    return turn;
  }

  /** Other programs may move the branch meanwhile. */
  async #persist(request: SaveRequest): Promise<FlowVersion> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#commit(request);
      } catch (thrown) {
        if (attempt === ATTEMPTS || !(thrown instanceof MovedOn)) throw thrown;
        await delay(PAUSE_MILLIS * attempt);
      }
    }
  }

  /** One try. Throws MovedOn where the branch was moved while it was made. */
  async #commit({ location, name, description, definition, comments, author, follows, force }: SaveRequest): Promise<FlowVersion> {
    await this.#settings.remote?.fetch();
    const { branch, flow: id } = location;
    const [latest] = await this.#versions(location);
    if (!force) checkFollows(location, latest, follows);
    const known = latest && (await this.#flow(location));
    const flow = { id, name: known?.name ?? name ?? id, description: description ?? known?.description };
    const message = comments.trim() === '' ? `Saving Flow Snapshot ${id}` : comments;
    const change = { branch, file: this.#file(location), content: flowFileText({ flow, definition }, author, Date.now()), message, author: { name: author, email: author } };
    const commit = await this.#append(change);
    return { version: commit, author, timestamp: Math.floor(Date.now() / 1000) * 1000, comments: message };
  }

  async #append(change: FileChange): Promise<string> {
    const { branch } = change;
    const parent = await this.#repository.head(branch);
    const commit = await this.#repository.write(change, parent);
    try {
      await this.#repository.move(branch, parent, commit);
      await this.#settings.remote?.push(branch);
    } catch (thrown) {
      throw thrown instanceof RegistryError && thrown.kind === 'conflict' ? new MovedOn('conflict', thrown.message, { cause: thrown }) : thrown;
    }
    return commit;
  }

  #path(...parts: string[]): string {
    return [this.#settings.folder, ...parts].filter((part) => part !== '').join('/');
  }

  #file({ bucket, flow }: FlowLocation): string {
    return this.#path(checkedName('bucket', bucket), `${checkedName('flow', flow)}${EXTENSION}`);
  }
}

/** The branch was moved by somebody else while a commit was made. */
class MovedOn extends RegistryError {}

function checkFollows({ flow, bucket, branch }: FlowLocation, latest: FlowVersion | undefined, follows: string | undefined): void {
  if (latest === undefined || latest.version === follows) return;
  const what = follows === undefined ? 'is there already' : `has a newer version ${latest.version} (${latest.comments}, by ${latest.author})`;
  throw new RegistryError(
    'conflict',
    `The flow ${flow} in the bucket ${bucket} on the branch ${branch} ${what}. ${follows === undefined ? 'Choose another name.' : 'Change to it first, or force the commit.'}`,
  );
}

function versionOf({ id, author, timestamp, message }: FileCommit): FlowVersion {
  return { version: id, author, timestamp, comments: message };
}

/** Names become folders and files: nothing in them may lead elsewhere, or be what git or Windows keeps for itself. Throws RegistryError. */
function checkedName(what: 'bucket' | 'flow', name: string): string {
  const plain =
    name.length > 0 && name.length <= 200 && !/[/\\:*?"<>|]/.test(name) && ![...name].some((char) => char < ' ') && !/^\.|\.$|\.lock$/i.test(name) && name.trim() === name;
  if (!plain)
    throw new RegistryError(
      'invalid',
      `'${name}' cannot be the name of a ${what}: it becomes a ${what === 'flow' ? 'file' : 'folder'} of the repository. Leave out / \\ : * ? " < > | and a dot in front or at the end.`,
    );
  return name;
}
