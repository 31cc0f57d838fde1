import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface SnowflakeColumn {
  readonly name: string;
  readonly type: string;
  readonly precision?: number;
  readonly scale?: number;
}
/** What a statement is answered with; cells as they travel: digits, days since 1970, seconds. */
export type SnowflakeAnswer =
  | { readonly columns: readonly SnowflakeColumn[]; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly count: number }
  | { readonly error: string; readonly code: string };
export interface Asked {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const FORMATS = /(\w+_OUTPUT_FORMAT)\s*=\s*'([^']*)'/g;

async function jsonOf(request: IncomingMessage): Promise<Record<string, unknown>> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const bytes = Buffer.concat(pieces);
  if (bytes.length === 0) return {};
  return JSON.parse((request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes).toString()) as Record<string, unknown>;
}

function send(response: ServerResponse, body: object): void {
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify(body));
}

const META = { byteLength: null, length: null, nullable: true };
const rowtype = ({ name, type, precision = null, scale = null }: { name: string; type: string; precision?: number | null; scale?: number | null }): object => ({
  ...META,
  name,
  type,
  precision,
  scale,
});

/** A server that speaks as much of Snowflake's driver protocol as a client needs to log in and to run statements. */
export async function snowflakeServer(answer: (asked: Asked) => SnowflakeAnswer) {
  const asked: Asked[] = [];
  const logins: Record<string, unknown>[] = [];
  const ended: string[] = [];
  let formats: { name: string; value: string }[] = [];

  const login = (body: Record<string, unknown>): object => {
    const data = body.data as Record<string, unknown>;
    logins.push(data);
    if (data.PASSWORD !== 'secret' && data.TOKEN === undefined) return { success: false, code: '390100', message: 'Incorrect username or password was specified.', data: null };
    return { success: true, data: { token: 't', masterToken: 'm', parameters: [], sessionInfo: {}, sessionId: 1 } };
  };

  const query = (body: Record<string, unknown>): object => {
    const sql = String(body.sqlText);
    const bindings = Object.entries((body.bindings ?? {}) as Record<string, { value: unknown }>).sort(([a], [b]) => Number(a) - Number(b));
    const one = { sql, values: bindings.map(([, { value }]) => value) };
    for (const [, name, value] of sql.matchAll(FORMATS)) formats = [...formats, { name: name!, value: value! }];
    if (!/^ALTER SESSION/.test(sql)) asked.push(one);
    const given = /^(ALTER SESSION|BEGIN|COMMIT|ROLLBACK)/.test(sql) ? { columns: [{ name: 'status', type: 'text' }], rows: [['Statement executed successfully.']] } : answer(one);
    if ('error' in given) return { success: false, code: given.code, message: given.error, data: { queryId: 'q', sqlState: '42000' } };
    const isChange = 'count' in given;
    const columns = isChange ? [{ name: 'number of rows inserted', type: 'fixed', precision: 19, scale: 0 }] : given.columns;
    const rowset = isChange ? [[String(given.count)]] : given.rows;
    const data = {
      queryId: 'q',
      queryResultFormat: 'json',
      version: 1,
      statementTypeId: isChange ? 0x3100 : 0x1000,
      total: rowset.length,
      returned: rowset.length,
      rowtype: columns.map(rowtype),
      rowset,
      parameters: formats,
    };
    return { success: true, code: null, message: null, data };
  };

  const server = createServer(async (request, response) => {
    const body = await jsonOf(request);
    const { pathname } = new URL(request.url!, 'http://x');
    if (pathname === '/session/v1/login-request') return send(response, login(body));
    if (pathname === '/queries/v1/query-request') return send(response, query(body));
    if (pathname === '/session') ended.push(request.url!);
    return send(response, { success: true, data: null });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port: (server.address() as AddressInfo).port, asked, logins, ended, close };
}
