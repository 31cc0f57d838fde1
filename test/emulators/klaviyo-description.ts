import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Received } from './emulator.ts';

/** Klaviyo's own descriptions of its API, one an operation, lie beside the checkout, where they lie at all; without them nothing is compared. */
const FOLDER = new URL('../../../shared/specs/klaviyo/', import.meta.url);

/** The operations that the emulator has, by the names of their files. */
const OPERATIONS: readonly { readonly method: string; readonly path: RegExp; readonly file: string }[] = [
  { method: 'GET', path: /^\/api\/accounts$/, file: 'get_accounts' },
  { method: 'GET', path: /^\/api\/profiles$/, file: 'get_profiles' },
  { method: 'GET', path: /^\/api\/events$/, file: 'get_events' },
  { method: 'GET', path: /^\/api\/metrics$/, file: 'get_metrics' },
  { method: 'POST', path: /^\/api\/profile-bulk-import-jobs$/, file: 'bulk_import_profiles' },
  { method: 'GET', path: /^\/api\/profile-bulk-import-jobs\/\w+$/, file: 'get_bulk_import_profiles_job' },
  { method: 'GET', path: /^\/api\/profile-bulk-import-jobs\/\w+\/import-errors$/, file: 'get_errors_for_bulk_import_profiles_job' },
];

type Schema = { [keyword: string]: unknown };

interface Parameter {
  readonly name: string;
  readonly in: 'query' | 'header' | 'path';
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Operation {
  readonly parameters: readonly (Parameter & { readonly holds: ValidateFunction })[];
  readonly asks: ValidateFunction | undefined;
  readonly answers: ValidateFunction | undefined;
  readonly error: ValidateFunction;
}

const JSON_API = 'application/vnd.api+json';

interface Described {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Description {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { parameters: Parameter[]; requestBody?: Described; responses: Readonly<Record<string, Described>>; 'x-klaviyo-filters'?: Filters }>>>
  >;
  readonly components: { readonly schemas: Record<string, Schema>; readonly responses: { readonly ClientError: Described } };
}

/** By field: which operators it takes. */
type Filters = Readonly<Record<string, { readonly operators: Readonly<Record<string, readonly string[]>> }>>;

const operations = new Map<string, Operation | undefined>();

function operationOf(file: string): Operation | undefined {
  const url = new URL(`${file}.json`, FOLDER);
  if (!operations.has(file)) operations.set(file, existsSync(url) ? compiled(JSON.parse(readFileSync(url, 'utf8')) as Description) : undefined);
  return operations.get(file);
}

function compiled({ paths, components }: Description): Operation {
  const ajv = new Ajv({ strict: false, coerceTypes: false });
  addFormats.default(ajv);
  const compile = (schema: Schema, strictly = true): ValidateFunction => ajv.compile(standing(schema, components.schemas, strictly) as object);
  const [operation] = Object.values(Object.values(paths)[0]!);
  const success = Object.entries(operation!.responses).find(([status]) => status.startsWith('2'))![1].content?.[JSON_API];
  const body = operation!.requestBody?.content?.[JSON_API];
  return {
    parameters: operation!.parameters.map((parameter) => ({ ...parameter, holds: compile(parameter.schema) })),
    asks: body && compile(body.schema),
    answers: success && compile(success.schema),
    // Errors have a status, links and meta that the description forgets.
    error: compile(components.responses.ClientError.content![JSON_API]!.schema, false),
  };
}

/** A schema without references; null where it is nullable, and no fields but those that it names: others are mistakes of ours. */
function standing(schema: Schema, all: Readonly<Record<string, Schema>>, strictly: boolean): Schema {
  const { $ref, nullable, allOf, ...own } = schema;
  const others = [...(typeof $ref === 'string' ? [all[$ref.split('/').at(-1)!]!] : []), ...((allOf as Schema[] | undefined) ?? [])];
  const whole = others.map((each) => standing(each, all, false)).reduce(joined, own);
  const plain: Schema = { ...whole };
  for (const [keyword, value] of Object.entries(whole)) {
    if (keyword === 'properties') plain[keyword] = Object.fromEntries(Object.entries(value as Schema).map(([name, each]) => [name, standing(each as Schema, all, strictly)]));
    if (keyword === 'items') plain[keyword] = standing(value as Schema, all, strictly);
    if (keyword === 'oneOf' || keyword === 'anyOf') plain[keyword] = (value as Schema[]).map((each) => standing(each, all, strictly));
  }
  if (strictly && plain.properties) plain.additionalProperties ??= false;
  return nullable === true ? { anyOf: [plain, { type: 'null' }] } : plain;
}

/** Two schemas that both hold; properties of the same name are joined too. */
function joined(a: Schema, b: Schema): Schema {
  const properties = { ...(a.properties as Schema | undefined) };
  for (const [name, schema] of Object.entries((b.properties as Schema | undefined) ?? {}))
    properties[name] = joined((properties[name] as Schema | undefined) ?? {}, schema as Schema);
  const required = [...((a.required as string[] | undefined) ?? []), ...((b.required as string[] | undefined) ?? [])];
  return { ...a, ...b, ...((a.properties ?? b.properties) !== undefined && { properties }), ...(required.length > 0 && { required }) };
}

/** Query parameters are texts: lists are separated by commas, numbers are digits. */
function typedValue(text: string, { type }: Schema): unknown {
  if (type === 'array') return text.split(',');
  return type === 'integer' ? Number(text) : text;
}

/** What is wrong with a request's parameters as the description has them: the name of the first one, or undefined. */
export function wrongParameter({ method, path, query }: Received): string | undefined {
  const operation = operationOf(OPERATIONS.find((each) => each.method === method && each.path.test(path))?.file ?? '');
  if (!operation) return undefined;
  return [...query].find(([name, text]) => {
    const parameter = operation.parameters.find((each) => each.in === 'query' && each.name === name);
    return !parameter?.holds(typedValue(text, parameter.schema));
  })?.[0];
}

function holds(what: string, check: ValidateFunction | undefined, value: unknown): void {
  if (check) assert.ok(check(value), `${what}: ${JSON.stringify(check.errors)}`);
}

/** Links are null after the last page, which the description leaves out. */
function withoutEmptyLinks(answer: unknown): unknown {
  const { links, ...rest } = answer as { links?: Record<string, string | null> };
  return links === undefined ? answer : { ...rest, links: Object.fromEntries(Object.entries(links).filter(([, link]) => link !== null)) };
}

/** Holds an answer of the emulator, and the request that it answers, against the description. Throws AssertionError. */
export function checkAnswer(request: Received, status: number, answer: unknown): void {
  const { method, path, headers, body } = request;
  const found = OPERATIONS.find((each) => each.method === method && each.path.test(path));
  const operation = operationOf(found?.file ?? 'get_accounts');
  const what = `${method} ${path}`;
  if (status >= 400) return holds(`the error of ${what}`, operation?.error, answer);
  assert.ok(found, `${what} is no operation that the emulator has`);
  assert.match(String(headers.revision), /^\d{4}-\d{2}-\d{2}/, `${what} has no revision`);
  holds(`the body of ${what}`, operation?.asks, body);
  // What goes over the wire counts.
  holds(`the answer to ${what}`, operation?.answers, withoutEmptyLinks(JSON.parse(JSON.stringify(answer))));
}
