import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';
import type { Received } from './emulator.ts';

/** Snowflake's own description of the SQL API lies beside the checkout, where it lies at all; without it nothing is compared. */
const FILE = new URL('../../../shared/specs/snowflake-sqlapi-v2.yaml', import.meta.url);
const ANSWERS: Readonly<Record<string, string>> = { 200: 'ResultSet', 202: 'QueryStatus', 408: 'QueryStatus', 422: 'QueryFailureStatus' };

interface Description {
  readonly paths: Readonly<Record<string, { readonly post?: { readonly requestBody: { readonly content: { readonly 'application/json': { readonly schema: object } } } } }>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

function validators(): ReadonlyMap<string, ValidateFunction> {
  if (!existsSync(FILE)) return new Map();
  const { paths, components } = parse(readFileSync(FILE, 'utf8')) as Description;
  const ajv = new Ajv({ strict: false });
  addFormats.default(ajv);
  const schemas = Object.entries({ ...components.schemas, Submission: paths['/api/v2/statements']!.post!.requestBody.content['application/json'].schema });
  return new Map(schemas.map(([name, schema]) => [name, ajv.compile(schema)]));
}

let known: ReadonlyMap<string, ValidateFunction> | undefined;

function holds(name: string, value: unknown): void {
  const check = known!.get(name);
  if (check) assert.ok(check(value), `${name}: ${JSON.stringify(check.errors)}`);
}

/** Holds an answer, and the request that it answers, against the description. Throws AssertionError. */
export function checkAnswer(request: Received, status: number, body: unknown): void {
  known ??= validators();
  if (!request.path.startsWith('/api/v2/statements')) return;
  if (request.path === '/api/v2/statements' && status !== 400) holds('Submission', request.body);
  const isCancel = request.path.endsWith('/cancel');
  const schema = isCancel && (status === 200 || status === 422) ? 'CancelStatus' : ANSWERS[status];
  if (schema) holds(schema, body);
  assert.ok([200, 202, 400, 401, 403, 404, 405, 408, 415, 422, 429, 500, 503, 504].includes(status), `status ${status} is none of the description`);
}
