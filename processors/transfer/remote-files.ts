import { ProcessError } from '../../server/extension/errors.ts';

/** Where a server is and who comes. Of two equal addresses one connection may serve both. */
export interface RemoteAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string | undefined;
  /** A file on this machine. */
  readonly keyFile?: string;
  readonly passphrase?: string;
}

/** A name in a directory, with what the server tells of it. Size in bytes, `modified` in whole milliseconds since 1970. */
export interface RemoteEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory' | 'link' | 'other';
  readonly size: number;
  readonly modified: number;
  /** Such as `rw-r--r--`; undefined where the server does not tell. */
  readonly permissions: string | undefined;
  readonly owner: string | undefined;
  readonly group: string | undefined;
}

/** What a file gets after it was written. Times in seconds since 1970. */
export interface FileTraits {
  readonly mode?: number;
  readonly modified?: number;
  readonly owner?: number;
  readonly group?: number;
}

/** One connection to a server of files, used by one task at a time. All methods throw RemoteError. */
export interface RemoteConnection {
  /** The directory in which a session begins. */
  readonly home: string;
  readonly isOpen: boolean;
  list(directory: string): Promise<RemoteEntry[]>;
  /** Follows links; undefined where there is nothing. */
  find(path: string): Promise<RemoteEntry | undefined>;
  /** The path without links, where the server can tell. */
  resolve(path: string): Promise<string>;
  read(path: string): AsyncIterable<Uint8Array>;
  write(path: string, content: AsyncIterable<Uint8Array>): Promise<void>;
  /** `replaces`: what bears the new name already makes room. */
  rename(from: string, to: string, replaces: boolean): Promise<void>;
  remove(path: string): Promise<void>;
  makeDirectory(path: string): Promise<void>;
  /** Throws where the server does not set one of them. */
  setTraits(path: string, traits: FileTraits): Promise<void>;
  /** At once: what is under way fails. */
  close(): void;
}

/** `missing`: there is no such file; `denied`: no permission; `lost`: the connection is of no use any more; `refused`: anything else. */
export type RemoteFault = 'missing' | 'denied' | 'lost' | 'refused';

/** What a server of files, or the way to it, has against an operation. */
export class RemoteError extends ProcessError {
  override name = 'RemoteError';
  readonly fault: RemoteFault;
  constructor(fault: RemoteFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

export const faultOf = (thrown: unknown): RemoteFault | undefined => (thrown instanceof RemoteError ? thrown.fault : undefined);

/** A path below a directory, in the form of the far side. */
export const joined = (directory: string, name: string): string => (directory === '' || directory.endsWith('/') ? `${directory}${name}` : `${directory}/${name}`);

/** The directory of a path; empty where the path is a bare name. */
export const directoryOf = (path: string): string => (path.lastIndexOf('/') === 0 ? '/' : path.slice(0, Math.max(0, path.lastIndexOf('/'))));

export const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);

/** Whether a name can be that of one file in a directory. A server that tells others wants files to be read or written elsewhere. */
export const isPlainName = (name: string): boolean => name !== '' && name !== '.' && name !== '..' && !/[/\0]/.test(name);
