import { randomUUID } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { DatabricksApi } from './api.ts';

const compress = promisify(gzip);

/** A directory of a volume with the rows of one upsert, as gzipped lines of JSON (Files API, `/api/2.0/fs`). */
export class StagingDirectory {
  /** As SQL names it. */
  readonly path: string;
  readonly #api: DatabricksApi;
  readonly #files: string[] = [];

  constructor(api: DatabricksApi, volume: string) {
    this.path = `${volume.replace(/\/+$/, '')}/millrace-${randomUUID()}`;
    this.#api = api;
  }

  async write(lines: string, signal: AbortSignal): Promise<void> {
    if (this.#files.length === 0) await this.#api.call({ method: 'PUT', path: `/api/2.0/fs/directories${encoded(this.path)}`, signal, isRepeatable: true });
    const file = `${this.path}/${String(this.#files.length).padStart(6, '0')}.json.gz`;
    this.#files.push(file);
    const body = await compress(lines, { level: constants.Z_BEST_SPEED });
    await this.#api.call({ method: 'PUT', path: `/api/2.0/fs/files${encoded(file)}?overwrite=true`, body, signal, isRepeatable: true });
  }

  /** Removes what was written. What cannot be removed stays: it harms nobody, and the upsert is done. */
  async remove(): Promise<void> {
    const signal = this.#api.lifetime;
    const drop = (kind: string, path: string) =>
      this.#api.call({ method: 'DELETE', path: `/api/2.0/fs/${kind}${encoded(path)}`, signal, isRepeatable: true }).catch(() => undefined);
    if (this.#files.length === 0) return;
    for (const file of this.#files) await drop('files', file);
    await drop('directories', this.path);
  }
}

const encoded = (path: string): string => path.split('/').map(encodeURIComponent).join('/');
