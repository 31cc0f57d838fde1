import { randomUUID } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBInstance } from '@duckdb/node-api';
import { temporaryDirectory } from '../temporary-directory.ts';
import { EmulatedStatement, type StatementRequest } from './databricks-statement.ts';
import { typeText } from './databricks-sql.ts';
import { Emulator, type Received, type Reply } from './emulator.ts';

export const TOKEN = 'dapi-test-token';
export const CLIENT = { id: 'client-1', secret: 'dose-secret' };
export const WAREHOUSE_ID = 'abc123';
export const VOLUME = '/Volumes/workspace/default/staging';

/** Milliseconds for each second that a request asks to wait. */
const SECOND = 10;

/**
 * Databricks as far as the warehouse service uses it: a SQL warehouse that has to start, statements on DuckDB with results in chunks,
 * links that expire, files in volumes, what Unity Catalog knows of tables, and both logins.
 */
export class DatabricksEmulator {
  /** STOPPED warehouses begin to start when a statement comes; a test says when they are up. */
  warehouse: 'RUNNING' | 'STOPPED' | 'STARTING' | 'DELETED' = 'RUNNING';
  /** So many of the next links have expired when they are used. */
  expiredLinks = 0;
  /** So many of the next downloads break off in the middle. */
  cutDownloads = 0;
  chunkRows = 5000;
  /** Where links lead; the emulator itself where it is undefined. */
  storage: string | undefined;
  /** Tokens that were handed out and are good. */
  readonly tokens = new Set([TOKEN]);
  readonly statements = new Map<string, EmulatedStatement>();
  readonly #links = new Map<string, { readonly statement: EmulatedStatement; readonly chunk: number; readonly isExpired: boolean }>();
  readonly #volumes = temporaryDirectory();
  readonly #instance: DuckDBInstance;
  #emulator!: Emulator;
  #up: () => void = () => undefined;
  #isUp: Promise<void> = Promise.resolve();

  private constructor(instance: DuckDBInstance) {
    this.#instance = instance;
  }

  static async start(): Promise<DatabricksEmulator> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    await connection.run(`SET GLOBAL TimeZone = 'UTC'; ATTACH ':memory:' AS workspace; CREATE SCHEMA workspace."default"`);
    connection.closeSync();
    const emulator = new DatabricksEmulator(instance);
    mkdirSync(path.join(emulator.#volumes, VOLUME), { recursive: true });
    emulator.#emulator = await Emulator.start((request) => emulator.#answer(request));
    return emulator;
  }

  get url(): string {
    return this.#emulator.url;
  }

  get received(): readonly Received[] {
    return this.#emulator.received;
  }

  /** See Emulator.fail. */
  fail(...fault: Parameters<Emulator['fail']>): void {
    this.#emulator.fail(...fault);
  }

  /** Statements wait until `warm`. */
  cool(): void {
    this.warehouse = 'STOPPED';
    this.#isUp = new Promise((resolve) => {
      this.#up = resolve;
    });
  }

  warm(): void {
    this.warehouse = 'RUNNING';
    this.#up();
  }

  async stop(): Promise<void> {
    for (const statement of this.statements.values()) statement.close();
    await this.#emulator.stop();
    this.#instance.closeSync();
    rmSync(this.#volumes, { recursive: true, force: true });
  }

  async #answer(request: Received): Promise<Reply> {
    const { method, path: place, headers } = request;
    if (place === '/oidc/v1/token') return this.#token(request);
    const [, link] = /^\/storage\/(.+)$/.exec(place) ?? [];
    if (link !== undefined) return this.#download(link, headers.authorization);
    if (!this.tokens.has(headers.authorization?.replace('Bearer ', '') ?? ''))
      return refusal(401, 'UNAUTHENTICATED', 'Credential was not sent or was of an unsupported type for this API.');
    if (place.startsWith('/api/2.0/sql/statements')) return this.#statement(method, place.slice(23), request.body as StatementRequest);
    if (place.startsWith('/api/2.0/sql/warehouses/')) return this.#warehouse(place.slice(24));
    if (place.startsWith('/api/2.0/fs/')) return this.#file(request);
    const [, kind, name] = /^\/api\/2\.1\/unity-catalog\/(\w+)\/(.+)$/.exec(place) ?? [];
    return kind ? this.#catalog(kind, decodeURIComponent(name!)) : refusal(404, 'ENDPOINT_NOT_FOUND', `No API found for ${method} ${place}`);
  }

  #token({ headers, bytes }: Received): Reply {
    const expected = `Basic ${Buffer.from(`${CLIENT.id}:${CLIENT.secret}`).toString('base64')}`;
    if (headers.authorization !== expected) return { status: 401, body: { error: 'invalid_client', error_description: 'Client authentication failed' } };
    if (bytes.toString() !== 'grant_type=client_credentials&scope=all-apis') return { status: 400, body: { error: 'invalid_request' } };
    const token = `oauth-${randomUUID()}`;
    this.tokens.add(token);
    return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: 3600, scope: 'all-apis' } };
  }

  async #statement(method: string, rest: string, body: StatementRequest): Promise<Reply> {
    if (rest === '') return this.#submit(body);
    const [, id = '', action = ''] = /^\/([^/]+)(.*)$/.exec(rest) ?? [];
    const statement = this.statements.get(id);
    if (!statement) return refusal(404, 'NOT_FOUND', `The statement ${id} was not found.`);
    if (method === 'POST' && action === '/cancel') {
      statement.cancel();
      return { status: 200, body: {} };
    }
    const [, chunk] = /^\/result\/chunks\/(\d+)$/.exec(action) ?? [];
    return { status: 200, body: chunk === undefined ? await this.#described(statement) : await this.#chunk(statement, Number(chunk)) };
  }

  async #submit(request: StatementRequest): Promise<Reply> {
    if (request.warehouse_id !== WAREHOUSE_ID) return refusal(404, 'NOT_FOUND', `SQL warehouse ${request.warehouse_id} does not exist.`);
    if (request.format !== 'JSON_ARRAY' || request.on_wait_timeout !== 'CONTINUE') return refusal(400, 'INVALID_PARAMETER_VALUE', 'not emulated');
    const statement = new EmulatedStatement(request, this.chunkRows);
    this.statements.set(statement.id, statement);
    if (this.warehouse === 'STOPPED') this.warehouse = 'STARTING';
    const ran = this.#isUp.then(() => statement.run(this.#instance, this.#volumes));
    await Promise.race([ran, delay(Number.parseInt(request.wait_timeout ?? '10', 10) * SECOND)]);
    return { status: 200, body: await this.#described(statement) };
  }

  async #described(statement: EmulatedStatement): Promise<unknown> {
    const { id, state, error, rowCount, schema, chunks } = statement;
    const status = { state, ...(error && { error: { error_code: 'BAD_REQUEST', message: error.message }, sql_state: error.sqlState }) };
    if (state !== 'SUCCEEDED') return { statement_id: id, status };
    const manifest = { format: 'JSON_ARRAY', schema, total_chunk_count: chunks, total_row_count: rowCount, truncated: false };
    return { statement_id: id, status, manifest, result: await this.#chunk(statement, 0) };
  }

  async #chunk(statement: EmulatedStatement, chunk: number): Promise<unknown> {
    const next =
      chunk + 1 < statement.chunks ? { next_chunk_index: chunk + 1, next_chunk_internal_link: `/api/2.0/sql/statements/${statement.id}/result/chunks/${chunk + 1}` } : {};
    if (statement.request.disposition !== 'EXTERNAL_LINKS') return { chunk_index: chunk, ...next, data_array: await statement.rows(chunk) };
    if (statement.rowCount === 0) return {};
    const link = randomUUID();
    this.#links.set(link, { statement, chunk, isExpired: this.expiredLinks > 0 && this.expiredLinks-- > 0 });
    const expiration = new Date(Date.now() + 900_000).toISOString();
    return { external_links: [{ chunk_index: chunk, ...next, external_link: `${this.storage ?? this.url}/storage/${link}?signature=x`, expiration }] };
  }

  async #download(link: string, authorization: string | undefined): Promise<Reply> {
    const found = this.#links.get(link);
    if (authorization !== undefined) return { status: 400, text: '<Error><Code>InvalidArgument</Code><Message>Only one auth mechanism allowed</Message></Error>' };
    if (!found || found.isExpired) return { status: 403, text: '<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>' };
    const text = JSON.stringify(await found.statement.rows(found.chunk));
    if (this.cutDownloads > 0 && this.cutDownloads-- > 0) return { status: 200, text: text.slice(0, Math.floor(text.length / 2)) };
    return { status: 200, text };
  }

  #warehouse(rest: string): Reply {
    const [id, action] = rest.split('/');
    if (id !== WAREHOUSE_ID) return refusal(404, 'RESOURCE_DOES_NOT_EXIST', `SQL warehouse ${id} does not exist.`);
    if (action === 'start' && this.warehouse === 'STOPPED') this.warehouse = 'STARTING';
    return { status: 200, body: action ? {} : { id, name: 'Shop', state: this.warehouse } };
  }

  #file({ method, path: place, bytes }: Received): Reply {
    const [, kind, file] = /^\/api\/2\.0\/fs\/(files|directories)(\/Volumes\/.+)$/.exec(decodeURIComponent(place)) ?? [];
    if (!file?.startsWith(`${VOLUME}/`)) return refusal(404, 'NOT_FOUND', 'The volume does not exist.');
    const target = path.join(this.#volumes, file);
    if (method === 'DELETE') rmSync(target, { recursive: kind === 'directories', force: true });
    else if (kind === 'directories') mkdirSync(target, { recursive: true });
    else writeFileSync(target, bytes);
    return { status: 204 };
  }

  async #catalog(kind: string, name: string): Promise<Reply> {
    const missing = refusal(404, `${kind.slice(0, -1).toUpperCase()}_DOES_NOT_EXIST`, `'${name}' does not exist.`);
    const [catalog = '', schema = '', ...rest] = name.split('.');
    if (kind === 'volumes') return name === 'workspace.default.staging' ? { status: 200, body: { name: 'staging' } } : missing;
    const connection = await this.#instance.connect();
    try {
      const place = { catalog, schema };
      if (kind === 'schemas') {
        const found = await connection.run('SELECT 1 FROM duckdb_schemas() WHERE database_name = lower($catalog) AND lower(schema_name) = lower($schema)', place);
        return (await found.getRows()).length > 0 ? { status: 200, body: { name: schema } } : missing;
      }
      const where = 'database_name = lower($catalog) AND lower(schema_name) = lower($schema) AND lower(table_name) = lower($table)';
      const found = await connection.run(`SELECT column_name, data_type, is_nullable, schema_name, table_name FROM duckdb_columns() WHERE ${where} ORDER BY column_index`, {
        ...place,
        table: rest.join('.'),
      });
      const rows = await found.getRows();
      if (rows.length === 0) return missing;
      const columns = rows.map(([column, type, nullable], position) => ({ name: column, type_text: typeText(String(type)).toLowerCase(), nullable, position }));
      return { status: 200, body: { catalog_name: catalog, schema_name: rows[0]![3], name: rows[0]![4], columns } };
    } finally {
      connection.closeSync();
    }
  }
}

function refusal(status: number, code: string, message: string): Reply {
  return { status, body: { error_code: code, message } };
}
