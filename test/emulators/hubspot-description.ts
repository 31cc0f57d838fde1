import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { Ajv, type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { Received } from './emulator.ts';

/** HubSpot's own descriptions of its API lie beside the checkout, where they lie at all; without them nothing is compared. */
const FOLDER = new URL('../../../shared/specs/hubspot/', import.meta.url);
const FILES = ['objects-2026-03.json', 'properties-2026-03.json'];

interface Description {
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** What is asked and answered, by the description's names. */
const OPERATIONS: readonly { readonly method: string; readonly path: RegExp; readonly asks?: string; readonly answers: string }[] = [
  { method: 'POST', path: /^\/crm\/objects\/2026-03\/\w+\/search$/, asks: 'PublicObjectSearchRequest', answers: 'CollectionResponseWithTotalSimplePublicObject' },
  { method: 'GET', path: /^\/crm\/objects\/2026-03\/\w+$/, answers: 'CollectionResponseSimplePublicObjectWithAssociationsForwardPaging' },
  { method: 'GET', path: /^\/crm\/properties\/2026-03\/\w+$/, answers: 'CollectionResponsePropertyNoPaging' },
];

let known: ReadonlyMap<string, ValidateFunction> | undefined;

function validators(): ReadonlyMap<string, ValidateFunction> {
  const checks = new Map<string, ValidateFunction>();
  for (const url of FILES.map((name) => new URL(name, FOLDER)).filter((each) => existsSync(each))) {
    const ajv = new Ajv({ strict: false });
    addFormats.default(ajv);
    ajv.addSchema(strictly(JSON.parse(readFileSync(url, 'utf8')) as Description), 'description');
    for (const { asks, answers } of OPERATIONS)
      for (const name of [asks, answers, 'Error']) {
        const check = name === undefined ? undefined : ajv.getSchema(`description#/components/schemas/${name}`);
        if (check) checks.set(name!, check);
      }
  }
  return checks;
}

/** Fields that the description does not have are mistakes of ours; but errors have a `status` that it forgets. */
function strictly({ components }: Description): Description {
  for (const [name, schema] of Object.entries(components.schemas) as [string, { properties?: object; additionalProperties?: unknown }][])
    if (schema.properties && name !== 'Error') schema.additionalProperties ??= false;
  return { components };
}

/** Values of properties may be null, which the description leaves out. */
function withoutNulls(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body), (_, value: unknown) => (value === null ? undefined : value)) as unknown;
}

function holds(name: string, value: unknown): void {
  const check = known!.get(name);
  if (check) assert.ok(check(value), `${name}: ${JSON.stringify(check.errors)}`);
}

/** Holds an answer of the emulator, and the request that it answers, against the description. Throws AssertionError. */
export function checkAnswer({ method, path, body: asked }: Received, status: number, answer: unknown): void {
  known ??= validators();
  const operation = OPERATIONS.find((each) => each.method === method && each.path.test(path));
  if (status >= 400) return holds('Error', answer);
  assert.ok(operation, `${method} ${path} is no operation that HubSpot has`);
  if (operation.asks) holds(operation.asks, asked);
  holds(operation.answers, withoutNulls(answer));
}
