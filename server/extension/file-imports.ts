import type { Readable } from 'node:stream';
import { serviceContract } from './service.ts';

/**
 * Where an import stands. `waiting`: received whole, and not yet taken by a flow. `processing`: in the flow. `completed`: every row has
 * reached its end, rejected ones included. `duplicate`: the same content was received before, so that it is not imported unless somebody asks.
 * `unfinished`: the upload was broken off, or the file still has a name that says so; it is never imported as it is.
 */
export type ImportStatus = 'waiting' | 'processing' | 'completed' | 'failed' | 'duplicate' | 'unfinished';

/** A file that somebody uploaded. */
export interface FileImport {
  readonly id: string;
  readonly user: string;
  /** Its path in the user's folder, such as `/people.csv`. */
  readonly file: string;
  readonly bytes: number;
  /** SHA-256 of the content, hexadecimal; undefined while it is unfinished. */
  readonly sha256?: string;
  /** Milliseconds since 1970. */
  readonly receivedAt: number;
  readonly status: ImportStatus;
  /** The import that had the same content. */
  readonly duplicateOf?: string;
  /** Rows in the file; undefined until it has been read. */
  readonly total?: number;
  /** Rows that reached the destination, and those that did not. */
  readonly processed: number;
  readonly rejected: number;
  /** Why it failed or is unfinished. */
  readonly message?: string;
}

/** A public key by which a user may log in. */
export interface UploadKey {
  /** Such as `ssh-ed25519`. */
  readonly type: string;
  /** As `ssh-keygen -l` shows it: `SHA256:...`. */
  readonly fingerprint: string;
  readonly comment: string;
  /** A line of OpenSSH's authorized_keys. */
  readonly text: string;
}

/** Who may upload. Their folder is theirs alone. */
export interface UploadUser {
  readonly name: string;
  readonly keys: readonly UploadKey[];
  /** Grows with each edit. */
  readonly revision: number;
  readonly lastLogin?: number;
}

/** A row that did not reach the destination. */
export interface RejectedRow {
  readonly reason: string;
  readonly record: Readonly<Record<string, unknown>>;
}

/** What became of some rows of an import. Telling it twice counts once. */
export interface RowOutcome {
  /** Names these rows among those of the import, the same after a kill. */
  readonly portion: string;
  readonly rows: number;
  /** Empty where they reached the destination; otherwise all of them. */
  readonly rejected: readonly RejectedRow[];
}

/** An endpoint at which files are uploaded and become imports: users, files, and what became of them. */
export interface ImportEndpoint {
  /** Where it listens: host (empty for all addresses) and port. */
  readonly address: { readonly host: string; readonly port: number };
  /** Of its host keys, as `ssh-keygen -l` shows them, with their types. */
  readonly hostKeys: readonly { readonly type: string; readonly fingerprint: string }[];
  /** Who is connected now. */
  readonly connections: number;

  users(): UploadUser[];
  /** Throws UserProblem. Editing the keys ends the user's connections. */
  createUser(name: string, keys: string): UploadUser;
  updateUser(name: string, keys: string, revision: number): UploadUser;
  /** The user's folder goes too; imports stay. */
  removeUser(name: string, revision: number): UploadUser;

  /** The newest first, unfinished uploads included. */
  imports(limit: number): Promise<FileImport[]>;
  import(id: string): FileImport | undefined;
  /** Offers the content of an earlier import once more, as a new import. Throws UserProblem where the content is kept no longer. */
  importAgain(id: string): FileImport;
  /** The rejected rows with their reasons as CSV. */
  rejectedRows(id: string): Readable;

  /** The oldest import that waits and that `accepts` wants. */
  next(accepts: (file: FileImport) => boolean): FileImport | undefined;
  isWaiting(id: string): boolean;
  content(id: string): Readable;
  /** The flow has stored the content of these. */
  confirm(ids: readonly string[]): void;
  /** Ends when an import waits, after half a second, or when the signal fires. */
  wait(signal: AbortSignal): Promise<void>;

  /** The file has so many rows, with these columns. */
  begin(id: string, columns: readonly string[], total: number): void;
  /** Throws ProcessError where the import is unknown. */
  record(id: string, outcome: RowOutcome): void;
  fail(id: string, message: string): void;
}

/** Why a user or an import cannot be edited as somebody asked. */
export class UserProblem extends Error {
  override name = 'UserProblem';
  readonly kind: 'invalid' | 'conflict' | 'missing';

  constructor(kind: UserProblem['kind'], message: string) {
    super(message);
    this.kind = kind;
  }
}

export const IMPORT_ENDPOINT = serviceContract<ImportEndpoint>('dev.millrace.sftp.ImportEndpoint');
