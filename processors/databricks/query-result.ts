import { messageOf } from '../../server/extension/errors.ts';
import type { DataRecord, RecordBatch } from '../../server/extension/record.ts';
import { type Column, type QueryOptions, type QueryResult, WarehouseError } from '../../server/extension/warehouse.ts';
import type { DatabricksApi } from './api.ts';
import { fieldType, reader } from './databricks-types.ts';
import { CutOff, rowPages } from './row-pages.ts';
import type { Cells, Chunk, ExternalLink, StatementAnswer, Statements, Work } from './statements.ts';

/** How often a chunk is asked for: a link may have expired, or its download be cut. */
const ATTEMPTS = 4;

/** A finished query, whose chunks are fetched one after the other: memory holds a page of rows, and the link to the next chunk. */
export class DatabricksQueryResult implements QueryResult {
  readonly columns: readonly Column[];
  readonly rowCount: number | undefined;
  readonly queryId: string;
  readonly #first: Chunk;
  readonly #statements: Statements;
  readonly #api: DatabricksApi;
  readonly #work: Work;
  readonly #batchSize: number;
  #isOpen = true;

  constructor(answer: StatementAnswer, api: DatabricksApi, statements: Statements, work: Work, options: QueryOptions) {
    const { manifest, result, statement_id: id } = answer;
    if (manifest?.truncated) throw new WarehouseError('resources', 'Databricks cut the result off at its limit of 100 GiB', { remedy: 'Make the query smaller.' });
    this.queryId = id;
    this.rowCount = manifest?.total_row_count;
    this.columns = (manifest?.schema?.columns ?? []).map(({ name, type_text: text }) => {
      const nativeType = text.toUpperCase();
      return { name, nativeType, type: fieldType(nativeType), nullable: true };
    });
    this.#first = result ?? {};
    this.#api = api;
    this.#statements = statements;
    this.#work = work;
    this.#batchSize = Math.max(1, options.batchSize ?? 1000);
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<RecordBatch> {
    const read = this.columns.map(({ nativeType }) => reader(nativeType));
    const record = (cells: Cells): DataRecord => {
      const made: DataRecord = {};
      for (let index = 0; index < read.length; index++) {
        const cell = cells[index] ?? null;
        made[this.columns[index]!.name] = cell === null ? null : read[index]!(cell);
      }
      return made;
    };
    try {
      let rest: Cells[] = [];
      for await (const page of this.#pages()) {
        rest = rest.length === 0 ? page : rest.concat(page);
        let at = 0;
        for (; rest.length - at >= this.#batchSize; at += this.#batchSize) yield rest.slice(at, at + this.#batchSize).map(record);
        rest = rest.slice(at);
      }
      if (rest.length > 0) yield rest.map(record);
    } catch (thrown) {
      throw this.#statements.told(thrown, this.#work);
    } finally {
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#work.stop(new WarehouseError('cancelled', 'The result was closed'));
    this.#work.end();
  }

  async *#pages(): AsyncGenerator<Cells[]> {
    let chunk = this.#first;
    for (let index = 0; ; ) {
      const next = chunk.next_chunk_index ?? chunk.external_links?.at(-1)?.next_chunk_index;
      const coming = next === undefined ? undefined : this.#statements.chunk(this.queryId, next, this.#work.signal);
      coming?.catch(() => undefined);
      if (chunk.data_array) yield [...chunk.data_array];
      else if (chunk.external_links?.[0]) yield* this.#downloaded(index, chunk.external_links[0]);
      if (!coming) return;
      chunk = await coming;
      index = next!;
    }
  }

  /** The rows behind a link; where it has expired, or breaks off, a fresh one is asked for and the rows that came are passed over. */
  async *#downloaded(index: number, first: ExternalLink): AsyncGenerator<Cells[]> {
    const { signal } = this.#work;
    let link = first;
    let done = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        let passed = 0;
        for await (const page of this.#fetched(link)) {
          const fresh = page.slice(Math.max(0, done - passed));
          passed += page.length;
          done = Math.max(done, passed);
          if (fresh.length > 0) yield fresh;
        }
        return;
      } catch (cause) {
        signal.throwIfAborted();
        if (attempt === ATTEMPTS) throw this.#unreadable(index, cause);
        link = (await this.#statements.chunk(this.queryId, index, signal)).external_links?.[0] ?? link;
      }
    }
  }

  #unreadable(index: number, cause: unknown): WarehouseError {
    const message = `Chunk ${index} of the result of ${this.queryId} cannot be read (${messageOf(cause)})`;
    if (cause instanceof CutOff) return new WarehouseError('partition', message, { cause });
    const remedy = "Let this machine reach the cloud's storage, or set Result Transfer of the warehouse service so that results come within the answers.";
    return new WarehouseError('connection', message, { remedy, cause });
  }

  async *#fetched({ external_link: url, http_headers: headers = {} }: ExternalLink): AsyncGenerator<Cells[]> {
    const { status, body } = await this.#api.download(url, headers, this.#work.signal);
    if (status !== 200) {
      await body.dump();
      throw new CutOff(`the storage answers with status ${status}`);
    }
    yield* rowPages(body, Math.max(this.#batchSize, 1000));
  }
}
