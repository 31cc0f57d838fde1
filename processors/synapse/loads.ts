import { messageOf } from '../../server/extension/errors.ts';
import { WarehouseError } from '../../server/extension/warehouse.ts';
import type { Session } from './connections.ts';

export type StageRow = readonly (string | null)[];
/** Brings rows of texts into a stage table, given as SQL. `columns` are bare names of ours. */
export type Loader = (session: Session, stage: string, columns: readonly string[], rows: readonly StageRow[]) => Promise<void>;

/** Through the protocol itself. */
export const bulkLoad: Loader = async (session, stage, columns, rows) => void (await session.bulk(stage, columns, rows));

export interface BlobContainer {
  /** `https://ACCOUNT.blob.core.windows.net/CONTAINER`, without a slash at its end. */
  readonly url: string;
  /** A shared access signature, without the question mark. */
  readonly sas: string;
  /** Milliseconds that an upload may take. */
  readonly timeout: number;
}

/** By a Parquet file in a container, which the pool's nodes fetch by COPY INTO. */
export const copyFromBlob =
  (container: BlobContainer): Loader =>
  async (session, stage, columns, rows) => {
    const address = `${container.url}/${stage.replace(/\W+/g, '')}-${rows[0]![0]}.parquet`;
    await blob('PUT', address, container, session.signal, await parquet(columns, rows));
    try {
      const credential = `CREDENTIAL = (IDENTITY = 'Shared Access Signature', SECRET = '${container.sas.replaceAll("'", "''")}')`;
      await session.run(
        `COPY INTO ${stage} (${columns.map((name) => `[${name}]`).join(', ')}) FROM '${address.replaceAll("'", "''")}' WITH (FILE_TYPE = 'PARQUET', ${credential})`,
      );
    } catch (thrown) {
      throw withoutSecret(thrown, container.sas);
    } finally {
      // What cannot be taken away now does no harm but cost.
      await blob('DELETE', address, container, new AbortController().signal).catch(() => undefined);
    }
  };

async function parquet(columns: readonly string[], rows: readonly StageRow[]): Promise<Uint8Array> {
  const { parquetWriteBuffer } = await import('hyparquet-writer');
  const columnData = columns.map((name, index) => ({ name, data: rows.map((row) => row[index] ?? null), type: 'STRING' as const, nullable: true }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

async function blob(method: 'PUT' | 'DELETE', address: string, { sas, timeout }: BlobContainer, signal: AbortSignal, body?: Uint8Array): Promise<void> {
  const { request } = await import('undici');
  const headers = { 'x-ms-version': '2021-08-06', ...(body ? { 'x-ms-blob-type': 'BlockBlob', 'content-type': 'application/octet-stream' } : {}) };
  const answer = await request(`${address}?${sas}`, { method, headers, body: body ?? null, signal, headersTimeout: timeout, bodyTimeout: timeout }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new WarehouseError('connection', `${address} could not be reached: ${messageOf(cause)}`, { cause });
  });
  const text = await answer.body.text();
  if (answer.statusCode < 300) return;
  const code = /<Code>([^<]+)/.exec(text)?.[1] ?? `status ${answer.statusCode}`;
  const remedy = 'Check Blob Container URL and SAS Token: the token must not be over, and must allow to read, write, list and delete.';
  throw new WarehouseError(answer.statusCode >= 500 ? 'connection' : answer.statusCode === 404 ? 'missing object' : 'authentication', `${address} was refused: ${code}`, {
    remedy,
  });
}

/** What a server says of a statement may repeat it. */
function withoutSecret(thrown: unknown, sas: string): unknown {
  if (!(thrown instanceof WarehouseError) || !thrown.message.includes(sas)) return thrown;
  return new WarehouseError(thrown.kind, thrown.message.replaceAll(sas, '***').replace(` ${thrown.remedy}`, ''), { remedy: thrown.remedy });
}
